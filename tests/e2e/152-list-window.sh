# shellcheck shell=bash
# The window's list of pets: search, and deleting with its Undo. What a person sees is in
# tests/gui/list.py.

# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_a_pet_is_found_by_its_name() { window list search; }
test_a_second_start_starts_no_engine() { window list again; }
test_a_deleted_pet_is_taken_back() { window list undo; }
test_a_killed_window_deletes_nothing() { window list killed; }
test_a_closed_window_deletes_what_was_deleted() { window list closed; }
test_the_desktops_menu_makes_a_pet() { window list asked; }
test_two_hundred_pets_are_listed_scrolled_and_found() { window list many; }
