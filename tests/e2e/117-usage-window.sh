# shellcheck shell=bash
# Usage and limits in the window.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_a_busy_process_is_seen_and_ended_in_the_window() { window usage busy; }
test_limits_are_set_with_sliders_and_said_as_they_hold() { window usage limits; }
