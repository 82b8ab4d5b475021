# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# What tests about alerts use beside lib.sh: a session bus, and a desktop that writes down what it shows.

NOTIFICATIONS=$TEST_DIR/notifications

# ends_with_test PID: what the test has started is ended with it.
ends_with_test() {
    STARTED="${STARTED:-} $1"
    # shellcheck disable=SC2064 # what there is now
    trap "kill $STARTED 2>/dev/null" EXIT
}

# A session bus of the test's own; it ends with the test.
bus() {
    local said
    said=$(dbus-daemon --session --fork --print-address=1 --print-pid=1 2>/dev/null)
    DBUS_SESSION_BUS_ADDRESS=$(printf '%s\n' "$said" | sed -n 1p)
    export DBUS_SESSION_BUS_ADDRESS
    ends_with_test "$(printf '%s\n' "$said" | sed -n 2p)"
}

# desktop [KEY]: on such a bus somebody shows notifications, and presses the button KEY.
desktop() {
    bus
    notifications "$@"
}

# On the bus of this session.
notifications() {
    /usr/bin/python3 -c 'from gi.repository import Gio' 2>/dev/null || skip 'python3-gi is not installed'
    /usr/bin/python3 "$(dirname "$KENNEL_E2E")/notifications.py" "$NOTIFICATIONS" "$@" &
    ends_with_test $!
    wait_for 10 grep -q ready "$NOTIFICATIONS"
}

shown() { grep '"shown"' "$NOTIFICATIONS" || true; }
told_of() { shown | grep -q "$1"; }
in_log() { kennel logs "$1" --json | grep -q "$2"; }
# The kinds of alerts in a pet's log, one after the other.
alerts_of() { kennel logs "$1" --json | json_lines "d['kind']" alert; }
# json_lines EXPRESSION EVENT: of each line of standard input about EVENT.
json_lines() {
    python3 -c 'import json,sys
for d in map(json.loads, sys.stdin):
    if d["event"] == sys.argv[2]: print(eval(sys.argv[1]))' "$@"
}
init_of() { json "d['pid']" <"$XDG_RUNTIME_DIR/kennel/$(id_of "$1")/state.json"; }
# notice NAME KIND OFFER…: what a keeper tells “kennel notify”.
notice() {
    local offers=${*:3}
    printf '{"kind":"%s","id":"%s","name":"%s","title":"%s is %s","text":"it is","offers":["%s"]}\n' \
        "$2" "$(id_of "$1")" "$1" "$1" "$2" "${offers// /\",\"}"
}
