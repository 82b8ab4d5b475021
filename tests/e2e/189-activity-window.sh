# shellcheck shell=bash
# What happened is searched in the window; what a person sees is written in tests/gui/activity.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_host_commands_are_searched_in_the_window() { window activity searched; }
