# shellcheck shell=bash
# The exit status of `kennel run`: the command's own, or why there is none.

test_status_is_the_commands_own() {
    pet status
    status_is 0 kennel run status -- true
    status_is 1 kennel run status -- false
    status_is 42 kennel run status -- sh -c 'exit 42'
    remove status
}

test_126_not_executable_and_127_not_found() {
    pet status
    status_is 127 kennel run status -- no-such-command
    status_is 126 kennel run status -- /etc/passwd
    remove status
}

test_128_plus_the_signal() {
    pet status
    # shellcheck disable=SC2016
    status_is 137 kennel run status -- sh -c 'kill -9 $$'
    # shellcheck disable=SC2016
    status_is 143 kennel run status -- sh -c 'kill -15 $$'
    remove status
}

test_125_for_an_unknown_pet() {
    status_is 125 kennel run nobody-here -- true
    one_line_error
    equal "$OUT" ''
}

test_output_and_input_pass_through() {
    pet pipes
    equal "$(printf 'abc' | kennel run pipes -- cat)" abc
    status_is 0 kennel run pipes -- sh -c 'echo out; echo err >&2'
    equal "$OUT" out
    equal "$ERR" err
    # Binary data through a pipe arrives as it left: no terminal is put in between.
    head -c 300000 /dev/urandom >"$TEST_DIR/bytes"
    # shellcheck disable=SC2094
    kennel run pipes -- cat <"$TEST_DIR/bytes" | cmp - "$TEST_DIR/bytes"
    remove pipes
}

test_arguments_are_not_split() {
    pet args
    # shellcheck disable=SC2016
    equal "$(kennel run args -- printf '%s|' 'a b' '' '$HOME' '*')" 'a b||$HOME|*|'
    remove args
}

test_a_run_that_is_told_to_end_takes_its_command_along() {
    pet told
    kennel start told
    # 143: the command's own end by TERM, not only kennel's.
    status_is 143 timeout --preserve-status -s TERM 1 kennel run told -- sleep 271828
    status_is 1 pgrep -u "$(id -u)" -f 'sleep 271828'
    remove told
}
