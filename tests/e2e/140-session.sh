# shellcheck shell=bash
# The sockets of the person's session: there by preset, at their own paths, and they answer.

# listen PATH: answers “hello” to whoever connects, until the test ends.
listen() {
    rm -f "$1"
    python3 - "$1" <<'PY' &
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
server.settimeout(60)
try:
    while True:
        client, _ = server.accept()
        client.sendall(b"hello\n")
        client.close()
except TimeoutError:
    pass
PY
    LISTENERS+=($!)
    trap 'kill "${LISTENERS[@]}" 2>/dev/null || true' EXIT
    wait_for 5 test -S "$1"
}
LISTENERS=()

# answers PET PATH: what the socket says to somebody inside.
# shellcheck disable=SC2016
answers() {
    kennel run "$1" -- perl -e 'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un($ARGV[0])) or exit 1; print <$s>' "$2"
}

test_windows_sound_bus_and_keys_by_preset() {
    local agent=$XDG_RUNTIME_DIR/keys/ssh
    mkdir -p "$XDG_RUNTIME_DIR/keys" "$XDG_RUNTIME_DIR/pulse"
    export WAYLAND_DISPLAY=wayland-7 SSH_AUTH_SOCK=$agent DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
    for socket in wayland-7 pulse/native bus; do listen "$XDG_RUNTIME_DIR/$socket"; done
    listen "$agent"
    for preset in comfortable project sealed; do pet "$preset" --preset "$preset"; done
    for socket in wayland-7 pulse/native bus keys/ssh; do
        equal "$(answers comfortable "$XDG_RUNTIME_DIR/$socket")" hello
        status_is 1 answers sealed "$XDG_RUNTIME_DIR/$socket"
    done
    for socket in wayland-7 pulse/native; do equal "$(answers project "$XDG_RUNTIME_DIR/$socket")" hello; done
    for socket in bus keys/ssh; do status_is 1 answers project "$XDG_RUNTIME_DIR/$socket"; done
    # shellcheck disable=SC2016
    equal "$(kennel run comfortable -- sh -c 'echo "$WAYLAND_DISPLAY $SSH_AUTH_SOCK $XDG_RUNTIME_DIR"')" \
        "wayland-7 $agent $XDG_RUNTIME_DIR"
    # shellcheck disable=SC2016
    equal "$(kennel run project -- sh -c 'echo "$WAYLAND_DISPLAY $SSH_AUTH_SOCK"')" 'wayland-7 '
    remove comfortable project sealed
}

test_one_row_of_a_preset_is_changed() {
    export WAYLAND_DISPLAY=wayland-7
    listen "$XDG_RUNTIME_DIR/wayland-7"
    pet less --preset project --no-share wayland
    pet more --preset sealed --share wayland
    status_is 1 answers less "$XDG_RUNTIME_DIR/wayland-7"
    equal "$(answers more "$XDG_RUNTIME_DIR/wayland-7")" hello
    remove less more
}
