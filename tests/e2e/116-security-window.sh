# shellcheck shell=bash
# The page of what holds a pet, driven as 110-window.sh drives the window.
# shellcheck source=tests/e2e/110-window.sh
. <(sed '/^test_/,$d' "$(dirname "$KENNEL_E2E")/110-window.sh")

test_the_security_page_reads_as_the_command_line_says() { window security page; }
test_the_security_page_in_the_dark() { ADW_DEBUG_COLOR_SCHEME=prefer-dark window security dark; }
