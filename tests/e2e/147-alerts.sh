# shellcheck shell=bash
# The person is told when a pet ends by itself, and of nothing that they asked for. What needs control
# groups is in tests/lab and tests/e2e/root.

# shellcheck source=tests/e2e/alerts.sh
. "$(dirname "$KENNEL_E2E")/alerts.sh"

test_an_unexpected_end_is_told_once() {
    desktop
    pet lost
    kennel start lost
    kill -KILL "$(init_of lost)"
    wait_for 30 told_of lost
    wait_for 10 in_log lost '"ended"'
    equal "$(alerts_of lost)" ended
    contains "$(kennel logs lost)" 'alert “lost” ended though nobody stopped it: signal: 9'
    equal "$(kennel list --json | json "[p['alerts'] for p in d]")" '[["ended"]]'
    equal "$(shown | json "d['title'] + ' ' + ' '.join(d['keys'])")" 'lost ended unexpectedly default show'
    # It is over with the next start.
    kennel start lost
    equal "$(kennel list --json | json "[p['alerts'] for p in d]")" '[[]]'
    remove lost
    equal "$(shown | wc -l)" 1
}

test_what_was_asked_for_is_not_told() {
    desktop
    pet asked
    kennel start asked
    kennel restart asked
    kennel stop asked
    equal "$(alerts_of asked)" ''
    kennel start asked
    remove asked
    equal "$(shown)" ''
}

test_who_wants_to_hear_nothing_hears_nothing() {
    desktop
    pet quiet --alerts off
    kennel start quiet
    kill -KILL "$(init_of quiet)"
    wait_for 10 in_log quiet '"ended"'
    equal "$(alerts_of quiet)" ''
    # For all pets, also while one runs.
    pet usual
    kennel start usual
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    printf 'version = 1\n[alerts]\nenabled = false\n' >"$XDG_CONFIG_HOME/kennel/config.toml"
    kill -KILL "$(init_of usual)"
    wait_for 10 in_log usual '"ended"'
    equal "$(alerts_of usual)" ''
    # A pet's own word counts more.
    kennel edit usual --alerts on >"$TEST_DIR/said"
    equal "$(cat "$TEST_DIR/said")" '“usual” is changed'
    kennel start usual
    kill -KILL "$(init_of usual)"
    wait_for 30 told_of usual
    equal "$(shown | wc -l)" 1
    rm "$XDG_CONFIG_HOME/kennel/config.toml"
    remove quiet usual
}

test_the_button_stops_the_pet() {
    desktop stop
    pet pressed
    kennel start pressed
    # The keeper's end of the pipe stays open.
    exec 8> >(kennel notify)
    notice pressed busy show stop >&8
    wait_for 20 equal_state pressed stopped
    equal "$(state_of pressed)" stopped
    equal "$(alerts_of pressed)" ''
    # The engine has closed what was answered.
    equal "$(sed -n '$p' "$NOTIFICATIONS")" '{"event": "closed", "id": 1}'
    exec 8>&-
    remove pressed
}

equal_state() { [ "$(state_of "$1")" = "$2" ]; }

test_what_is_over_is_taken_back() {
    desktop
    pet calm
    mkfifo "$TEST_DIR/keeper"
    kennel notify <"$TEST_DIR/keeper" &
    local notify=$!
    exec 8>"$TEST_DIR/keeper"
    notice calm busy show stop >&8
    wait_for 30 told_of calm
    exec 8>&-
    wait "$notify"
    equal "$(sed -n '$p' "$NOTIFICATIONS")" '{"event": "closed", "id": 1}'
    remove calm
}

test_a_session_without_notifications_has_the_log() {
    bus
    pet silent
    kennel start silent
    kill -KILL "$(init_of silent)"
    wait_for 10 in_log silent '"alert"'
    status_is 125 kennel notify </dev/null
    notice silent busy show >"$TEST_DIR/notice"
    status_is 125 kennel notify <"$TEST_DIR/notice"
    one_line_error
    contains "$ERR" 'kennel logs has the alert'
    remove silent
}

test_thresholds_have_their_ranges() {
    pet exact --alert-cpu 75% --alert-seconds 120s --alert-memory 80 --alert-disk 10%
    equal "$(kennel show exact --json | json "sorted(d['alerts'].items())")" \
        '[["cpu_percent", 75], ["cpu_seconds", 120], ["disk_free_percent", 10], ["memory_percent", 80]]'
    local before
    before=$(kennel show exact --json)
    for choice in '--alert-cpu 101' '--alert-cpu 0' '--alert-seconds 5' '--alert-memory much' '--alert-disk 51%' '--alerts maybe'; do
        # shellcheck disable=SC2086
        status_is 125 kennel edit exact $choice
        one_line_error
    done
    contains "$(kennel edit exact --alert-disk 51% 2>&1 || true)" 'not a whole number from 0 to 50'
    equal "$(kennel show exact --json)" "$before"
    kennel edit exact --alerts default >"$TEST_DIR/said"
    equal "$(kennel show exact --json | json "'alerts' in d")" false
    remove exact
}
