# shellcheck shell=bash
# The window in other languages; what is looked at is written in tests/gui/languages.py.
# shellcheck source=tests/e2e/110-window.sh
. "$(dirname "$KENNEL_E2E")/110-window.sh"

test_the_window_speaks_the_persons_language() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages languages
}
