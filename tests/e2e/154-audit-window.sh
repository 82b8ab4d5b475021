# shellcheck shell=bash
# Everything in the window has a name and a size; the walk is written in tests/gui/audit.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_everything_in_the_window_has_a_name_and_can_be_hit() { window audit usual; }
test_everything_fits_the_smallest_window() { window audit narrow; }
test_large_text_fits_the_window() { window audit large_text; }
test_large_text_fits_a_narrow_window() { window audit large_narrow; }
test_the_window_from_right_to_left() { window audit right_to_left; }
test_the_window_in_high_contrast() { window audit high_contrast; }
test_the_dark_window() { window audit dark; }
