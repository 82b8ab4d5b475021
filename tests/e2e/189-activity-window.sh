# shellcheck shell=bash
# What happened is searched in the window; what a person sees is written in tests/gui/activity.py.
# shellcheck source=tests/e2e/110-window.sh
. "$(dirname "$KENNEL_E2E")/110-window.sh"

test_host_commands_are_searched_in_the_window() { window activity searched; }
