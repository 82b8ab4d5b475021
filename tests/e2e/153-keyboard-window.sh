# shellcheck shell=bash
# The window without a pointer; what is pressed is written in tests/gui/keyboard.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_a_pet_is_made_used_and_deleted_with_the_keyboard_alone() { window keyboard creation; }
test_the_keyboard_stays_where_it_is_while_the_layout_changes() { window keyboard layouts; }
