# shellcheck shell=bash
# Names: a running pet is found by its name only, whatever it was called before.

test_a_running_pet_is_renamed() {
    pet before
    kennel start before
    kennel rename before after
    equal "$(kennel run after -- echo here)" here
    status_is 125 kennel run before -- true
    one_line_error
    # The old name is free again.
    pet before
    equal "$(kennel run before -- sh -c 'hostname')" before
    remove before after
}

test_the_pets_name_resolves_inside() {
    pet named
    contains "$(kennel run named -- getent hosts named)" named
    # sudo says so when it does not.
    kennel run named -- sudo -n true 2>"$TEST_DIR/err"
    equal "$(cat "$TEST_DIR/err")" ''
    remove named
}

test_a_mistyped_command_is_one_line() {
    for words in 'creat x' 'run' 'create x' 'create --image' '--nonsense' 'stop'; do
        # shellcheck disable=SC2086
        status_is 125 kennel $words
        one_line_error
    done
}

test_a_spec_of_another_version_hides_no_pet() {
    local spec
    pet readable
    pet newer
    spec="$XDG_DATA_HOME/kennel/pets/$(id_of newer)/pet.json"
    cp "$spec" "$TEST_DIR/spec"
    sed -i 's/"version": 1/"version": 999/' "$spec"
    status_is 0 kennel list --json
    contains "$ERR" 'version'
    equal "$(printf '%s' "$OUT" | json '[p["name"] for p in d]')" '["readable"]'
    # Nothing was changed: with the right version it is there again.
    equal "$(grep -c 999 "$spec")" 1
    cp "$TEST_DIR/spec" "$spec"
    remove readable newer
}

test_a_reader_that_has_seen_enough_is_no_error() {
    local status=0
    for verb in shares doctor 'image catalog' --help; do
        # shellcheck disable=SC2086
        { kennel $verb 2>"$TEST_DIR/err" || echo $? >"$TEST_DIR/status"; } | true
        if [ -e "$TEST_DIR/status" ]; then status=$(cat "$TEST_DIR/status"); fi
        case $status in 0|141) ;; *) fail "kennel $verb ended with $status" ;; esac
        equal "$(cat "$TEST_DIR/err")" ''
    done
}
