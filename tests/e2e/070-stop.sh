# shellcheck shell=bash
# Stopping is quick and complete.

test_stop_takes_less_than_two_seconds() {
    local start took
    pet quick
    kennel run quick -- sh -c 'setsid sleep 1000 >/dev/null 2>&1 </dev/null &'
    start=$(milliseconds)
    kennel stop quick
    took=$(($(milliseconds) - start))
    [ "$took" -lt 2000 ] || fail "stop took $took ms"
    equal "$(state_of quick)" stopped
    remove quick
}

test_nothing_is_left_running() {
    pet gone
    kennel run gone -- sh -c 'setsid sleep 31415 >/dev/null 2>&1 </dev/null &'
    kennel stop gone
    status_is 1 pgrep -u "$(id -u)" -f 'sleep 31415'
    remove gone
}
