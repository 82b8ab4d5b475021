# shellcheck shell=bash disable=SC2016 # what is quoted is for a shell inside
# What of this computer a pet is given: each share in each preset, looked at from inside, with
# stand-ins for what this machine lacks; then real clients of the session. What only root can put on
# a machine is in root/050-shares.sh.

OWN=()
trap 'kill "${OWN[@]}" 2>/dev/null || true' EXIT

# listen PATH WORD: says the word to whoever connects, until the test ends.
listen() {
    rm -f "$1"
    mkdir -p "$(dirname "$1")"
    python3 - "$1" "$2" <<'PY' &
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
server.settimeout(120)
try:
    while True:
        client, _ = server.accept()
        client.sendall(sys.argv[2].encode() + b"\n")
        client.close()
except TimeoutError:
    pass
PY
    OWN+=($!)
    wait_for 5 test -S "$1"
}

# shellcheck disable=SC2016
ASK='use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un($ARGV[0])) or exit 1; print <$s>'
# says PET PATH: what the socket says to somebody inside; nothing when nobody answers.
says() { kennel run "$1" -- perl -e "$ASK" "$2" || true; }

# value PET VARIABLE
# shellcheck disable=SC2016
value() { kennel run "$1" -- sh -c 'eval "echo \"\${$1:-}\""' sh "$2"; }

# row SHARE WHERE COMMAND…: the command succeeds in the pets named in WHERE and fails in the others.
row() {
    local share=$1 where=$2 name got
    shift 2
    for name in comfortable project sealed; do
        got=no
        if kennel run "$name" -- "$@" >/dev/null 2>&1; then got=yes; fi
        case " $where " in
            *" $name "*) equal "$share in $name: $got" "$share in $name: yes" ;;
            *) equal "$share in $name: $got" "$share in $name: no" ;;
        esac
    done
}

# Each share is looked at in each preset, here or where only root can put it on a machine.
test_no_share_is_left_out_of_the_table() {
    local share
    for share in $(kennel shares --json | json "' '.join(s['word'] for s in d)"); do
        grep -qE "^ *row $share ('[a-z ]*'|comfortable) " "${KENNEL_E2E%/*}"/{150-shares,root/050-shares}.sh \
            || fail "no pet was looked into for $share"
    done
}

test_every_share_in_every_preset() {
    local socket
    export WAYLAND_DISPLAY=wayland-7 SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/keys/ssh DISPLAY=:97
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus XAUTHORITY=$XDG_RUNTIME_DIR/keys/x11
    for socket in wayland-7 pipewire-0 pulse/native bus keys/ssh gnupg/S.gpg-agent any-other; do
        listen "$XDG_RUNTIME_DIR/$socket" hello
    done
    xauth -q -f "$XAUTHORITY" add "$(uname -n)/unix:97" . 0123456789abcdef0123456789abcdef
    for name in comfortable project sealed; do pet "$name" --preset "$name"; done
    local at=$XDG_RUNTIME_DIR
    row wayland 'comfortable project' perl -e "$ASK" "$at/wayland-7"
    row audio 'comfortable project' perl -e "$ASK" "$at/pulse/native"
    row audio 'comfortable project' perl -e "$ASK" "$at/pipewire-0"
    row x11 comfortable sh -c '[ -s "$XAUTHORITY" ] && [ "$DISPLAY" = :97 ]'
    [ ! -d /tmp/.X11-unix ] || row x11 comfortable test -d /tmp/.X11-unix
    row session-bus comfortable perl -e "$ASK" "$at/bus"
    row ssh-agent comfortable perl -e "$ASK" "$at/keys/ssh"
    row gpg-agent comfortable perl -e "$ASK" "$at/gnupg/S.gpg-agent"
    row runtime-dir comfortable perl -e "$ASK" "$at/any-other"
    row host-files comfortable test -e /run/host/etc/passwd
    row devices comfortable test -e /dev/tty0
    row themes comfortable sh -c '[ -n "$(ls /usr/local/share/fonts)" ]'
    row certificates comfortable sh -c '[ -s "$SSL_CERT_FILE" ] && [ "$CURL_CA_BUNDLE" = "$SSL_CERT_FILE" ]'
    row machine-id comfortable grep -qx "$(cat /etc/machine-id)" /etc/machine-id
    row host-processes '' test -e /run/host/proc/$$
    # Terminals and shared memory are the pet's own, also where its /dev is the host's.
    equal "$(kennel run comfortable -- sh -c 'ls /dev/shm; ls /dev/pts | sort | tr "\n" " "')" 'ptmx '
    row terminals 'comfortable project sealed' sh -c 'echo x >/dev/null && test -c /dev/ptmx && test -r /dev/urandom'
    for socket in WAYLAND_DISPLAY SSH_AUTH_SOCK; do equal "$(value comfortable "$socket")" "${!socket}"; done
    for socket in SSH_AUTH_SOCK DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS SSL_CERT_FILE; do
        equal "$(value project "$socket")$(value sealed "$socket")" ''
    done
    remove comfortable project sealed
}

test_a_share_alone_in_a_sealed_pet() {
    export WAYLAND_DISPLAY=wayland-7 SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/keys/ssh
    local bus=$XDG_RUNTIME_DIR/bus share
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$bus
    listen "$bus" bus
    listen "$SSH_AUTH_SOCK" keys
    listen "$XDG_RUNTIME_DIR/gnupg/S.gpg-agent" gpg
    pet alone --preset sealed --share session-bus --share ssh-agent --share gpg-agent --share host-processes --share devices
    equal "$(says alone "$bus")" bus
    equal "$(says alone "$(value alone SSH_AUTH_SOCK)")" keys
    equal "$(says alone "$XDG_RUNTIME_DIR/gnupg/S.gpg-agent")" gpg
    kennel run alone -- grep -q . "/run/host/proc/$$/cmdline"
    # The list only: nothing of another program's memory, files or variables.
    status_is 1 kennel run alone -- cat "/run/host/proc/$$/environ"
    status_is 2 kennel run alone -- ls "/run/host/proc/$$/root/"
    # Nobody inside can put anything in the place of what the host's side keeps.
    status_is 1 kennel run alone -- touch /run/kennel/session/bus
    status_is 1 kennel run alone -- rm /run/kennel/session/bus
    remove alone
}

test_shares_are_listed_with_what_they_expose() {
    status_is 0 kennel shares --json
    equal "$(json 'len(d) == len({s["word"] for s in d}) and all(s["meaning"] and s["exposes"] for s in d)' <<<"$OUT")" true
    equal "$(json '[s["word"] for s in d if not s["presets"]]' <<<"$OUT")" '["host-processes"]'
    equal "$(json '[s["word"] for s in d if "project" in s["presets"]]' <<<"$OUT")" '["wayland", "audio", "graphics"]'
    equal "$(json '[s["word"] for s in d if "sealed" in s["presets"]]' <<<"$OUT")" '[]'
    status_is 0 kennel shares
    contains "$OUT" 'can start any program of yours'
    # What is not there is left out at start and said.
    export WAYLAND_DISPLAY=wayland-9
    pet told --preset project
    kennel start told
    status_is 0 kennel show told
    contains "$OUT" 'wayland: windows (Wayland) (not on this host)'
    equal "$(kennel show told --json | json '[s["here"] for s in d["shares"] if s["word"] == "wayland"]')" '[false]'
    listen "$XDG_RUNTIME_DIR/wayland-9" hello
    equal "$(kennel show told --json | json '[s["here"] for s in d["shares"] if s["word"] == "wayland"]')" '[true]'
    equal "$(kennel status told --json | json '[s["here"] for s in d["reachable"] if s["what"] == "wayland"]')" '[true]'
    # … and is there as soon as the host has it.
    wait_for 5 sh -c '[ "$(kennel run told -- perl -e "$1" "$2")" = hello ]' sh "$ASK" "$XDG_RUNTIME_DIR/wayland-9"
    remove told
}

# A share must not keep a pet from starting: what cannot be mounted is left out, and the log says so.
test_what_the_image_blocks_is_left_out_and_logged() {
    pet blocked --no-share themes
    kennel run blocked -- sudo -n sh -c 'rm -rf /usr/local/share/fonts && mkdir -p /usr/local/share && echo mine >/usr/local/share/fonts'
    kennel edit blocked --share themes --restart
    equal "$(kennel run blocked -- cat /usr/local/share/fonts)" mine
    wait_for 5 sh -c 'kennel logs blocked | grep -q "sharing /usr/share/fonts"'
    remove blocked
}

# Log out and in again: other sockets, at first with the same names.
test_a_new_session_reaches_a_running_pet() {
    local name waiting=() old
    export WAYLAND_DISPLAY=wayland-7 DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
    export SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/keys/ssh
    session() {
        for socket in wayland-7 bus pulse/native keys/ssh; do listen "$XDG_RUNTIME_DIR/$socket" "$1"; done
    }
    session first
    pet comfortable
    pet project --preset project --share session-bus --share ssh-agent
    for name in comfortable project; do
        equal "$(says "$name" "$XDG_RUNTIME_DIR/wayland-7")" first
        # A program that was started before, and never enters again.
        kennel run "$name" -- sh -c 'for try in $(seq 300); do
                [ "$(perl -e "$1" "$2/wayland-7")" = second ] && exit 0
                sleep 0.1
            done; exit 1' sh "$ASK" "$XDG_RUNTIME_DIR" </dev/null 2>/dev/null &
        waiting+=($!)
    done
    old=("${OWN[@]}")
    kill "${old[@]}"
    rm -r "$XDG_RUNTIME_DIR"/{wayland-7,bus,pulse,keys}
    session second
    for pid in "${waiting[@]}"; do wait "$pid" || fail 'a program inside never saw the new session'; done
    for name in comfortable project; do
        for socket in wayland-7 bus pulse/native keys/ssh; do
            wait_for 5 sh -c '[ "$(kennel run "$3" -- perl -e "$1" "$2")" = second ]' sh "$ASK" "$XDG_RUNTIME_DIR/$socket" "$name"
        done
    done
    # Another name: who comes from the new session brings it along.
    listen "$XDG_RUNTIME_DIR/wayland-8" third
    listen "$XDG_RUNTIME_DIR/other/agent" 'third agent'
    export WAYLAND_DISPLAY=wayland-8 SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/other/agent
    for name in comfortable project; do
        equal "$(says "$name" "$XDG_RUNTIME_DIR/$(value "$name" WAYLAND_DISPLAY)")" third
        equal "$(says "$name" "$(value "$name" SSH_AUTH_SOCK)")" 'third agent'
    done
    # An agent on another file system, as sshd makes it.
    local elsewhere
    elsewhere=$(mktemp -d /dev/shm/kennel-agent.XXXXXX)
    listen "$elsewhere/agent" 'agent elsewhere'
    export SSH_AUTH_SOCK=$elsewhere/agent
    equal "$(says comfortable "$(value comfortable SSH_AUTH_SOCK)")" 'agent elsewhere'
    rm -r "$elsewhere"
    remove comfortable project
}

# carry PROGRAM…: copies programs of this machine with their libraries to $CARRIED, for images
# that have none of them.
carry() {
    local program library
    CARRIED=$HOME/carried
    mkdir -p "$CARRIED"
    for program in "$@"; do
        cp "$(command -v "$program")" "$CARRIED/"
        for library in $(ldd "$(command -v "$program")" | grep -o '/[^ ]*'); do cp -Ln "$library" "$CARRIED/" 2>/dev/null || true; done
    done
}
# with PET PROGRAM ARGUMENT…: runs what was carried.
with() { kennel run "$1" -- "$CARRIED"/ld-linux* --library-path "$CARRIED" "$CARRIED/$2" "${@:3}"; }

test_an_x11_client_shows_its_window() {
    local display cookie
    carry xlogo
    export XAUTHORITY=$HOME/.Xauthority
    cookie=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
    xauth -q -f "$HOME/server" add :0 . "$cookie"
    exec 8>"$TEST_DIR/display"
    Xvfb -displayfd 8 -auth "$HOME/server" -screen 0 640x480x24 -nolisten tcp >/dev/null 2>&1 &
    OWN+=($!)
    wait_for 20 test -s "$TEST_DIR/display"
    display=$(cat "$TEST_DIR/display")
    export DISPLAY=:$display
    # The key is for this computer's name, as display managers write it.
    xauth -q -f "$XAUTHORITY" add "$(uname -n)/unix:$display" . "$cookie"
    status_is 1 env XAUTHORITY=/dev/null xwininfo -root
    pet comfortable
    # Nor do they lose it with a host name of the pet's own.
    pet project --preset project --share x11 --mount "$CARRIED" --hostname work.example
    for name in comfortable project; do
        with "$name" xlogo -title "logo of $name" </dev/null >"$TEST_DIR/client" 2>&1 &
        OWN+=($!)
        wait_for 10 sh -c 'xwininfo -root -tree | grep -q "logo of $1"' sh "$name" \
            || fail "$(cat "$TEST_DIR/client")"
    done
    remove comfortable project
}

test_a_wayland_client_draws() {
    carry weston-simple-shm
    export WAYLAND_DISPLAY=wayland-7
    weston --backend=headless-backend.so --no-config --idle-time=0 --socket=wayland-7 >"$TEST_DIR/weston" 2>&1 &
    OWN+=($!)
    wait_for 20 test -S "$XDG_RUNTIME_DIR/wayland-7"
    pet comfortable
    pet project --preset project --mount "$CARRIED"
    for name in comfortable project; do
        # It draws until it is ended; each frame that was shown is answered.
        kennel run "$name" -- timeout 3 env WAYLAND_DEBUG=1 "$CARRIED"/ld-linux* --library-path "$CARRIED" \
            "$CARRIED/weston-simple-shm" </dev/null >"$TEST_DIR/client" 2>&1 || true
        contains "$(cat "$TEST_DIR/client")" 'wl_surface'
        grep -q 'wl_callback.*done' "$TEST_DIR/client" || fail "no frame was shown: $(tail -n 3 "$TEST_DIR/client")"
    done
    remove comfortable project
}

test_sound_is_heard() {
    carry pacat
    pulseaudio -n --daemonize=no --exit-idle-time=-1 --disallow-exit \
        --load='module-null-sink sink_name=silent' --load=module-native-protocol-unix >"$TEST_DIR/pulse" 2>&1 &
    OWN+=($!)
    wait_for 20 pactl info
    pet comfortable
    pet project --preset project --mount "$CARRIED"
    for name in comfortable project; do
        head -c 4000000 /dev/zero | with "$name" pacat --playback --raw --client-name="pet $name" >"$TEST_DIR/client" 2>&1 &
        OWN+=($!)
        wait_for 10 sh -c 'pactl list sink-inputs | grep -q "pet $1"' sh "$name"
    done
    remove comfortable project
}

test_keys_of_the_agents_are_used() {
    carry ssh-add gpg-connect-agent
    # gpg looks for its sockets there, whatever XDG_RUNTIME_DIR says.
    export XDG_RUNTIME_DIR
    XDG_RUNTIME_DIR=/run/user/$(id -u)
    export SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/kennel-test-agent
    rm -f "$SSH_AUTH_SOCK"
    ssh-agent -D -a "$SSH_AUTH_SOCK" >/dev/null &
    OWN+=($!)
    wait_for 5 test -S "$SSH_AUTH_SOCK"
    ssh-keygen -q -t ed25519 -N '' -C 'a key of mine' -f "$HOME/key"
    ssh-add -q "$HOME/key"
    rm "$HOME/key"
    mkdir -p "$HOME/.gnupg"
    chmod 0700 "$HOME/.gnupg"
    gpg-connect-agent --quiet 'getinfo pid' /bye >"$TEST_DIR/outside"
    OWN+=("$(sed -n 's/^D //p' "$TEST_DIR/outside")")
    pet comfortable
    pet project --preset project --mount "$CARRIED" --share ssh-agent --share gpg-agent
    for name in comfortable project; do
        contains "$(with "$name" ssh-add -l)" 'a key of mine'
        equal "$(with "$name" gpg-connect-agent --no-autostart 'getinfo pid' /bye)" "$(cat "$TEST_DIR/outside")"
    done
    remove comfortable project
    gpgconf --kill gpg-agent
}
