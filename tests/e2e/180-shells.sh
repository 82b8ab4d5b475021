# shellcheck shell=bash
# A login shell of every common kind, as somebody at a terminal finds it.

WORKBENCH=${KENNEL_STARTER%/*}/debian-workbench.oci.tar

# workbench NAME ARGUMENT…: a pet of the image with zsh, fish and dash.
workbench() {
    [ -s "$WORKBENCH" ] || fail 'make the image first: ./dev workbench-image'
    kennel image import "$WORKBENCH" >/dev/null
    kennel create "$1" --image localhost/debian-workbench:1 "${@:2}"
    kennel start "$1"
}

done_with() {
    remove "$@"
    kennel image rm localhost/debian-workbench:1 --yes
}

# The person's shell is bash; the others are started as login shells by hand.
test_the_prompt_of_every_shell_shows_the_pet() {
    local shell
    workbench shop
    : >"$HOME/.zshrc"
    for shell in bash zsh fish dash; do
        echo "$shell"
        terminal TERM=xterm-256color -- kennel run shop -- "$shell" -l <<'STEPS'
expect \(shop\)
send echo a$(expr 20 + 3)b\r
expect a23b
expect \(shop\)
send kennel\r
expect You are in the pet “shop”
expect \(shop\)
send exit 7\r
end 7
STEPS
    done
    rm "$HOME/.zshrc"
    done_with shop
}

# An image that has nothing but busybox: no /etc/profile, no terminfo.
test_busybox_has_the_prompt_and_jobs() {
    file -L "$(command -v busybox)" | grep -q static || skip 'busybox is not static here'
    python3 - "$TEST_DIR/rootfs.tar" "$(readlink -f "$(command -v busybox)")" <<'PY'
import sys, tarfile
with tarfile.open(sys.argv[1], "w") as tar:
    tar.add(sys.argv[2], "bin/busybox")
    for name in ("ash", "cat", "id", "sh"):
        link = tarfile.TarInfo("bin/" + name)
        link.type, link.linkname = tarfile.SYMTYPE, "busybox"
        tar.addfile(link)
PY
    kennel image import "rootfs:$TEST_DIR/rootfs.tar" --name localhost/ash:1 >/dev/null
    kennel create tiny --image localhost/ash:1
    {
        echo 'expect kennel: this image has no bash: using ash; install bash in the pet to have it'
        job_steps
        cat <<'STEPS'
send echo $0 "<$TERM $COLORTERM $LANG>"\r
expect -ash <xterm-256color truecolor C.UTF-8>
send exit 3\r
end 3
STEPS
    } | terminal TERM=xterm-256color COLORTERM=truecolor LANG=C.UTF-8 -- kennel enter tiny >"$TEST_DIR/seen"
    status_is 1 grep -E 'cannot set terminal|no job control|access tty' "$TEST_DIR/seen"
    # In a script nothing is said of it.
    # shellcheck disable=SC2016
    equal "$(echo 'echo $0' | kennel enter tiny 2>&1)" -ash
    remove tiny
    kennel image rm localhost/ash:1 --yes
}

# What every person at a terminal relies on, in the shell that `kennel enter` opens.
test_a_login_shell_at_a_terminal() {
    workbench term
    trap 'rm -f "$HOME/.bash_profile"' EXIT
    printf 'PS1="mine> "\n' >"$HOME/.bash_profile"
    terminal TERM=xterm-256color COLORTERM=truecolor LANG=C.UTF-8 -- kennel enter term >"$TEST_DIR/seen" <<'STEPS'
expect \x1b\[\?2004h
expect \(term\) mine> 
send echo $0 $TERM $COLORTERM $KENNEL_PET $(tty)\r
expect -bash xterm-256color truecolor term /dev/pts/\d
expect \(term\) mine> 
send sh -c 'echo go; exec sleep 271829'\r
expect go\r\n
send \x1a
expect Stopped
expect mine> 
send kill -KILL %1; sleep 0.2; :\r
expect Killed
expect mine> 
send trap 'echo "size $(stty size)"' WINCH\r
expect \(term\) mine> 
resize 101 33
expect size 33 101
send echo '\xe2\x82\xac' | wc -m\r
expect \r2\r\n
send exit 42\r
end 42
STEPS
    contains "$(cat "$TEST_DIR/seen")" 'mine> '
    status_is 1 grep -E 'cannot set terminal|no job control' "$TEST_DIR/seen"
    done_with term
}

# A job of the keyboard: stopped, listed, brought back, ended.
job_steps() {
    cat <<'STEPS'
expect \(\w+\)
send sh -c 'echo go; exec cat -n'\r
expect go\r\n
send one\n
expect 1\tone\r\n
send \x1a
expect (?i)(stopped|suspended)
expect \(\w+\)
send jobs\r
expect (?i)(stopped|suspended).*cat
expect \(\w+\)
send fg\r
expect cat -n
send two\n
expect 2\ttwo\r\n
send \x03
expect \(\w+\)
STEPS
}

# Lines that are pasted wait for Enter, and are run as one.
paste_steps() {
    cat <<'STEPS'
send \x1b[200~echo x$(expr 40 + 2)x\recho y\x1b[201~
expect y
send  z\r
expect x42x\r\ny z\r\n
expect \(\w+\)
STEPS
}

test_every_shell_has_jobs_pastes_colours_and_the_persons_language() {
    local shell
    workbench shop
    : >"$HOME/.zshrc"
    for shell in bash zsh fish dash; do
        echo "$shell"
        {
            job_steps
            case $shell in dash) ;; *) paste_steps ;; esac
            cat <<'STEPS'
send echo "<$TERM $COLORTERM $LANG>" $(tput colors)\r
expect <xterm-256color truecolor C.UTF-8> 256
send exit 0\r
end 0
STEPS
        } | terminal TERM=xterm-256color COLORTERM=truecolor LANG=C.UTF-8 -- kennel run shop -- "$shell" -l >"$TEST_DIR/seen"
        status_is 1 grep -E 'cannot set terminal|no job control|access tty' "$TEST_DIR/seen"
        # The terminal is told to mark what is pasted.
        case $shell in dash) ;; *) contains "$(cat "$TEST_DIR/seen")" $'\e[?2004h' ;; esac
    done
    rm "$HOME/.zshrc"
    done_with shop
}

test_the_terminal_is_told_which_pet_it_is_in() {
    local name=$'\e]666;vte.container.name'
    pet told
    kennel start told
    terminal TERM=xterm-256color -- kennel enter told >"$TEST_DIR/seen" <<'STEPS'
expect \x1b\]777;container;push;told;kennel;\d+\x1b\\
expect 666;vte.container.name=told\x1b\\
expect 3008;start=[a-z0-9-]+;type=container;container=told;user=
expect \(told\)
send kill -9 $$\r
expect 3008;end=[a-z0-9-]+;exit=crash;signal=SIGKILL\x1b\\
expect 666;vte.container.name\x1b\\
expect 777;container;pop;;;\d+\x1b\\
end 137
STEPS
    # Told to end itself, it leaves neither the shell nor a terminal that is told wrong or in raw mode.
    local signal
    for signal in SIGTERM SIGINT SIGHUP SIGQUIT; do
        echo "$signal"
        terminal TERM=xterm-256color -- kennel enter told >"$TEST_DIR/seen" <<STEPS
expect \\(told\\)
signal $signal
expect 3008;end=[a-z0-9-]+;exit=interrupt;signal=SIGHUP\\x1b
expect 666;vte.container.name\\x1b
expect 777;container;pop
end 129
STEPS
    done
    terminal TERM=xterm-256color -- kennel enter told >"$TEST_DIR/seen" <<'STEPS'
expect \(told\)
send exec -a left-behind sleep 271830\r
expect 271830\r\n
close
STEPS
    wait_for 10 sh -c '! kennel run told -- pgrep -f left-behind'
    # Not in a pipe, not for a command, not for a terminal that would print it.
    equal "$(echo true | kennel enter told)" ''
    terminal TERM=linux -- kennel enter told >"$TEST_DIR/seen" <<'STEPS'
expect \(told\)
send exit\r
end 0
STEPS
    status_is 1 grep -F "$name" "$TEST_DIR/seen"
    remove told
}

test_an_unknown_terminal_becomes_a_known_one() {
    pet term
    terminal TERM=xterm-kitty COLORTERM=truecolor -- kennel enter term >"$TEST_DIR/seen" <<'STEPS'
expect \(term\)
send echo "<$TERM $COLORTERM>"\r
expect <xterm-256color truecolor>
send exit\r
end 0
STEPS
    # shellcheck disable=SC2016
    equal "$(TERM=vt220 kennel run term -- sh -c 'echo $TERM')" vt220
    remove term
}

test_a_folder_that_is_not_in_the_pet() {
    pet near
    pet far --preset sealed
    mkdir -p "$TEST_DIR/outside"
    local outside=/var/tmp/kennel-outside.$$
    mkdir "$outside"
    cd "$outside" || fail 'no such directory'
    # The host's files are shared: it is the same folder, at another path.
    equal "$(kennel run near -- pwd)" "/run/host$outside"
    equal "$(kennel run far -- pwd)" "$HOME"
    terminal TERM=xterm -- kennel enter far >"$TEST_DIR/seen" <<STEPS
expect kennel: $outside is not in this pet: you are in $HOME
send exit\\r
end 0
STEPS
    kennel edit far --workdir /usr/share --restart >/dev/null
    equal "$(kennel run far -- pwd)" /usr/share
    cd / && rmdir "$outside"
    remove near far
}

# No shell of the person's own, and scripts hear nothing of it.
test_a_shell_that_the_image_lacks() {
    pet plain
    # shellcheck disable=SC2016
    equal "$(echo 'echo $0' | kennel enter plain 2>&1)" -bash
    status_is 0 kennel run plain -- sh -c ':'
    equal "$ERR$OUT" ''
    # shellcheck disable=SC2016
    equal "$(kennel run plain -- bash -lc 'echo "${PS1-}${PROMPT_COMMAND-}"')" ''
    remove plain
}

test_kennel_inside_a_pet_says_where_it_is() {
    pet nest --host-commands off
    status_is 125 kennel run nest -- kennel enter other
    one_line_error
    contains "$ERR" 'the pet “nest” may not run commands on the host'
    status_is 0 kennel run nest -- kennel
    contains "$OUT" '“nest”'
    # The host's own, found through a shared home, knows it too and changes nothing.
    mkdir -p "$HOME/.local/bin"
    cp "$(command -v kennel)" "$HOME/.local/bin/kennel"
    status_is 125 kennel run nest -- "$HOME/.local/bin/kennel" rm --force --yes nest
    one_line_error
    contains "$ERR" 'the pet “nest” may not run commands on the host'
    rm "$HOME/.local/bin/kennel"
    equal "$(state_of nest)" running
    remove nest
}
