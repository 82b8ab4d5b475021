# shellcheck shell=bash
# A person is asked in the window; what they see is written in tests/gui/ask.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_the_window_asks_before_a_host_command() {
    window ask asked
    remove guarded
}
