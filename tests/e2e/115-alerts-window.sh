# shellcheck shell=bash
# Alerts in the window; what a person sees is written in tests/gui/alerts.py.

# window SCENARIO: runs it on a display and a session bus of its own.
window() {
    local tests
    command -v Xvfb >/dev/null || skip 'xvfb is not installed'
    /usr/bin/python3 -c 'import pyatspi' 2>/dev/null || skip 'python3-pyatspi is not installed'
    tests=$(dirname "$(dirname "${KENNEL_E2E:-$0}")")/gui
    PYTHONDONTWRITEBYTECODE=1 timeout 200 "$tests/with-display" 1280x800 /usr/bin/python3 "$tests/alerts.py" "$1"
}

test_a_pet_that_eats_the_machine_is_marked_in_the_window() { window told; }
# What is set there is for this test alone.
test_when_the_person_is_told_is_set_in_the_window() {
    export XDG_CONFIG_HOME=$TEST_DIR/config
    mkdir -p "$XDG_CONFIG_HOME"
    window thresholds
}
test_a_notification_leads_to_the_pets_page() { window shown; }
