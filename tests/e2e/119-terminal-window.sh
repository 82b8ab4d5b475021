# shellcheck shell=bash
# The window's terminal.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

# Settings are kept in a file of the test's own.
terminal() {
    export GSETTINGS_BACKEND=keyfile
    own_configuration
    window terminal "$1"
}

test_every_key_of_a_shell_reaches_it() { terminal keys; }
test_text_is_found_and_made_larger() { terminal finds; }
test_what_would_run_as_root_is_asked_about() { terminal pastes; }
test_a_busy_terminal_is_closed_after_a_question() { terminal closes; }
test_terminals_are_there_again_in_the_next_window() { terminal restored; }
test_an_external_terminal_opens_with_the_pets_shell() { terminal external; }
