# shellcheck shell=bash
# The window in other languages; what is looked at is written in tests/gui/languages.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_the_window_speaks_the_persons_language() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages languages
}

test_the_engine_speaks_the_persons_language() {
    cd "$TEST_DIR" || fail "no place to work"
    window languages engine
}
