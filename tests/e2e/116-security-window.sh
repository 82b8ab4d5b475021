# shellcheck shell=bash
# The page of what holds a pet, in the window.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_the_security_page_reads_as_the_command_line_says() { window security page; }
test_the_security_page_in_the_dark() { ADW_DEBUG_COLOR_SCHEME=prefer-dark window security dark; }
