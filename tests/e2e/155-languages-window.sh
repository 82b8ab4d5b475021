# shellcheck shell=bash
# The window in other languages; what is looked at is written in tests/gui/languages.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"
# shellcheck source=tests/e2e/alerts.sh
. "${KENNEL_E2E%/*}/alerts.sh"

test_the_window_speaks_the_persons_language() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages languages
}

test_the_engine_speaks_the_persons_language() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages engine
}

# What happened, why limits do not hold, and notifications.
test_nothing_of_the_engine_is_left_in_english() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages told
}

test_a_notification_speaks_the_sessions_language() {
    # shellcheck disable=SC2119 # the choice of a desktop is not made here
    desktop
    local language
    for language in de:'told wurde unerwartet beendet' zh_CN:'told 意外结束'; do
        pet told
        LANG=${language%%:*}.UTF-8 LC_ALL='' kennel start told
        kill -KILL "$(init_of told)"
        wait_for 30 told_of "${language#*:}"
        remove told
    done
    contains "$(shown | json_lines "d['text']" shown)" '„told“ wurde beendet, obwohl niemand es gestoppt hat: Signal: 9'
}
