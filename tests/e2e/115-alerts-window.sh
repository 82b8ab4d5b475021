# shellcheck shell=bash
# Alerts in the window; what a person sees is written in tests/gui/alerts.py.

# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

test_a_pet_that_eats_the_machine_is_marked_in_the_window() { window alerts told; }
# What is set there is for this test alone.
test_when_the_person_is_told_is_set_in_the_window() {
    own_configuration
    window alerts thresholds
}
test_a_notification_leads_to_the_pets_page() { window alerts shown; }
