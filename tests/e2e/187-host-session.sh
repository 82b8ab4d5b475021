# shellcheck shell=bash
# The session that a host command goes to: the current one, not the one that the pet was started in.

shown_session() {
    # shellcheck disable=SC2016
    env "$@" kennel run elder -- kennel host-exec sh -c 'echo "$DISPLAY|$WAYLAND_DISPLAY|$SSH_AUTH_SOCK"'
}

# A socket whose server is the test's own.
socket_at() { python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"; }

test_a_host_command_goes_to_the_current_session() {
    local runtime=$XDG_RUNTIME_DIR
    socket_at "$runtime/wayland-71"
    socket_at "$runtime/wayland-72"
    socket_at "$runtime/agent-72"
    local none=(-u DISPLAY -u XAUTHORITY)
    pet elder
    env "${none[@]}" WAYLAND_DISPLAY=wayland-71 SSH_AUTH_SOCK="$runtime/agent-71" kennel start elder
    equal "$(shown_session "${none[@]}" -u WAYLAND_DISPLAY -u SSH_AUTH_SOCK)" "|wayland-71|$runtime/agent-71"
    # A new login: who comes from it brings it along.
    rm "$runtime/wayland-71"
    equal "$(shown_session "${none[@]}" WAYLAND_DISPLAY=wayland-72 SSH_AUTH_SOCK="$runtime/agent-72")" "|wayland-72|$runtime/agent-72"
    # And who has no display, as over ssh, changes nothing.
    equal "$(shown_session "${none[@]}" -u WAYLAND_DISPLAY -u SSH_AUTH_SOCK)" "|wayland-72|$runtime/agent-72"
    rm "$runtime/wayland-72" "$runtime/agent-72"
    remove elder
}

# The person's systemd knows the new session, and no client has come yet. The test has a systemd of
# its own, that knows this alone.
test_systemd_is_asked_when_the_session_has_gone() {
    # A runtime directory of its own: other tests' may have a bus.
    local runtime=$TEST_DIR/r
    mkdir -m 0700 "$runtime"
    export XDG_RUNTIME_DIR=$runtime
    cat >"$HOME/systemd.py" <<'PY'
from gi.repository import Gio, GLib
XML = """<node><interface name="org.freedesktop.systemd1.Manager"><property name="Environment" type="as" access="read"/></interface></node>"""
def get(*_):
    return GLib.Variant("as", ["WAYLAND_DISPLAY=wayland-74", "OTHER=x"])
def acquired(connection, _name):
    connection.register_object("/org/freedesktop/systemd1", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], None, get, None)
Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.systemd1", 0, acquired, lambda *_: print("here", flush=True), None)
GLib.timeout_add_seconds(120, lambda: loop.quit())
loop = GLib.MainLoop(); loop.run()
PY
    socket_at "$runtime/wayland-73"
    pet elder
    env -u DISPLAY -u XAUTHORITY WAYLAND_DISPLAY=wayland-73 kennel start elder
    rm "$runtime/wayland-73"
    local bus
    dbus-daemon --session --address="unix:path=$runtime/bus" --nofork --nopidfile &
    bus=$!
    wait_for 10 test -S "$runtime/bus"
    DBUS_SESSION_BUS_ADDRESS=unix:path=$runtime/bus python3 "$HOME/systemd.py" >"$HOME/systemd" &
    local systemd=$!
    wait_for 10 grep -q here "$HOME/systemd"
    contains "$(shown_session -u DISPLAY -u XAUTHORITY -u WAYLAND_DISPLAY)" '|wayland-74|'
    kill "$systemd" "$bus"
    wait || true
    rm -f "$runtime/bus"
    # Nobody answers: the command runs all the same.
    contains "$(shown_session -u DISPLAY -u XAUTHORITY -u WAYLAND_DISPLAY)" '|wayland-73|'
    remove elder
}

# The keeper was started in a session that has ended, with its bus.
test_a_notification_goes_to_the_current_session() {
    # shellcheck source=tests/e2e/alerts.sh
    . "$(dirname "$KENNEL_E2E")/alerts.sh"
    local runtime=$XDG_RUNTIME_DIR none=(-u DISPLAY -u XAUTHORITY)
    bus
    socket_at "$runtime/wayland-75"
    pet later
    env "${none[@]}" WAYLAND_DISPLAY=wayland-75 kennel start later
    # A new login, with a bus of its own; who comes from it brings it along.
    kill "${STARTED##* }"
    rm "$runtime/wayland-75"
    # shellcheck disable=SC2119 # no button
    desktop
    socket_at "$runtime/wayland-76"
    env "${none[@]}" WAYLAND_DISPLAY=wayland-76 kennel run later -- true
    kill -KILL "$(init_of later)"
    wait_for 30 told_of later
    rm "$runtime/wayland-76"
    remove later
}
