# shellcheck shell=bash
# What happens is told as it happens, a JSON line each.

test_a_pets_life_in_events() {
    pet older
    kennel events >"$TEST_DIR/events" &
    local follower=$!
    # shellcheck disable=SC2064 # the number is wanted now: it is local
    trap "kill $follower 2>/dev/null" EXIT
    sleep 0.5
    pet newer
    kennel start newer
    kennel rename newer younger
    kennel edit younger --env A=b >/dev/null
    kennel stop younger
    remove younger
    wait_for 10 grep -q removed "$TEST_DIR/events"
    # Who stops a pet and its keeper write at the same time.
    equal "$(sed 's/.*"event":"\([a-z]*\)".*/\1/; s/ended/stopped/' "$TEST_DIR/events" | uniq | tr '\n' ' ')" \
        'created started renamed changed stopped removed '
    equal "$(tail -n 1 "$TEST_DIR/events" | json 'd["name"]')" younger
    # Nothing of before.
    status_is 1 grep -q older "$TEST_DIR/events"
    remove older
}

test_a_log_is_followed() {
    pet told
    kennel logs told --follow >"$TEST_DIR/log" &
    local follower=$!
    # shellcheck disable=SC2064
    trap "kill $follower 2>/dev/null" EXIT
    wait_for 5 grep -q created "$TEST_DIR/log"
    kennel start told
    wait_for 5 grep -q started "$TEST_DIR/log"
    remove told
}
