# shellcheck shell=bash
# The desktop's search finds pets: the app is started by the bus, answers without a window, and
# ends. What a person sees is in tests/gui/search.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

# search_window SCENARIO: on a session bus that starts the app as an installed one.
search_window() {
    export XDG_DATA_DIRS=$TEST_DIR/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
    mkdir -p "$TEST_DIR/share/dbus-1/services"
    cat >"$TEST_DIR/share/dbus-1/services/io.github.kennel.Kennel.service" <<SERVICE
[D-BUS Service]
Name=io.github.kennel.Kennel
Exec=$(command -v kennel-desktop) --gapplication-service
SERVICE
    window search "$1"
}

test_the_desktops_search_finds_pets_without_a_window() { search_window hidden; }
test_a_found_pet_is_shown() { search_window shown; }
test_all_that_is_found_is_shown_in_the_list() { search_window listed; }
test_a_search_beside_the_open_window_uses_its_engine() { search_window beside; }
test_a_search_without_an_engine_finds_nothing() { KENNEL=/nowhere search_window nothing; }
