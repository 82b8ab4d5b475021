# shellcheck shell=bash
# A person is asked in the window; what they see is written in tests/gui/ask.py.
# shellcheck source=tests/e2e/110-window.sh
. "$(dirname "$KENNEL_E2E")/110-window.sh"

test_the_window_asks_before_a_host_command() {
    window ask asked
    remove guarded
}
