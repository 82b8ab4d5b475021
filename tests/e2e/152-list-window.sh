# shellcheck shell=bash
# The window's list of pets: search, and deleting with its Undo. What a person sees is in
# tests/gui/list.py.

# window SCENARIO: runs one of tests/gui/list.py on a display and a session bus of its own.
window() {
    local tests
    command -v Xvfb >/dev/null || skip 'xvfb is not installed'
    /usr/bin/python3 -c 'import pyatspi' 2>/dev/null || skip 'python3-pyatspi is not installed'
    tests=$(dirname "$(dirname "${KENNEL_E2E:-$0}")")/gui
    PYTHONDONTWRITEBYTECODE=1 timeout 120 "$tests/with-display" 1280x800 /usr/bin/python3 "$tests/list.py" "$1"
}

test_a_pet_is_found_by_its_name() { window search; }
test_a_deleted_pet_is_taken_back() { window undo; }
test_a_killed_window_deletes_nothing() { window killed; }
test_a_closed_window_deletes_what_was_deleted() { window closed; }
test_the_desktops_menu_makes_a_pet() { window asked; }
test_two_hundred_pets_are_listed_scrolled_and_found() { window many; }
