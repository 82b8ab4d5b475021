# shellcheck shell=bash
# Everything in the window has a name and a size; the walk is written in tests/gui/audit.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_everything_in_the_window_has_a_name_and_can_be_hit() {
    window audit audit
}
