# shellcheck shell=bash
# The window, from its first pet to its settings.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"
# shellcheck source=tests/registry/lib.sh
. "${KENNEL_E2E%/*}/../registry/lib.sh"

# A registry of the test's own, perhaps behind a proxy that breaks its answers.
registry_for_window() {
    registry_needed
    registry_up
    export KENNEL_REGISTRY=$REGISTRY
    if [ $# -gt 0 ]; then
        proxy_up "$1"
        KENNEL_REGISTRY=$PROXY
    fi
}

test_a_pets_life_in_the_window() { window life life; }
test_a_project_folder_names_the_pet() { window life project; }
test_closing_the_window_leaves_the_pets_running() { window life leaving; }
test_a_terminal_says_how_it_ended() { window life terminals_end; }
test_the_command_line_shows_in_the_window() { window outside command_line; }
test_cancel_leaves_no_pet_and_no_image() { empty_store && window interrupted cancelled; }
test_a_failed_create_is_tried_again() { empty_store && window interrupted tried_again; }
test_a_closed_window_finishes_what_it_makes() { empty_store && window interrupted closed_window; }
test_killing_the_window_leaves_no_half_made_pet() { empty_store && window interrupted killed_window; }
test_killing_the_engine_is_said_and_mended() { window interrupted killed_engine; }
test_a_bad_name_shows_its_reason() { window trouble names; }
test_a_pet_that_cannot_start_shows_its_cause() { window trouble cannot_start; }

test_an_image_is_picked_from_the_catalog() {
    registry_for_window
    configure catalog.toml <<CATALOG
version = 1
[[image]]
name = "Team Base"
release = "7"
reference = "$KENNEL_REGISTRY/test/debian:1"
notes = "Compilers and linters of the team"
CATALOG
    window images from_the_catalog
    kennel image rm --yes "$KENNEL_REGISTRY/test/debian:1"
}

test_an_untrusted_image_is_asked_about() { registry_for_window && empty_store && window images untrusted; }

test_an_image_that_is_not_allowed_says_why() {
    registry_for_window
    configure config.toml <<CONFIG
version = 1
[trust]
only = true
CONFIG
    window images refused
}

test_trusted_sources_are_changed_in_preferences() {
    configure config.toml <<CONFIG
# my rules
version = 1
[trust]
registries = ["quay.io/team"]
CONFIG
    window preferences trusted
}

test_a_cancelled_download_is_kept() { registry_for_window slow:3000000 && empty_store && window images cancelled; }
test_images_are_removed_in_the_window() { empty_store && window images removed; }
test_a_window_that_goes_while_an_image_can_be_had_back() { empty_store && window images removal_cut_off; }
test_what_this_computer_lacks_is_shown() { window computer looked_at; }
test_a_pet_is_renamed_and_made_again_in_the_window() { window settings rename; }
test_a_share_is_switched_off_and_a_restart_brings_it() { window settings sharing; }
test_a_port_that_does_not_go_with_the_network_is_refused() { window settings ports; }
test_a_folder_is_added_in_the_settings() { window settings folders; }
test_what_is_typed_in_the_settings_holds() { window settings typed; }
test_the_settings_fit_a_narrow_window() { window settings narrow; }
test_a_project_file_is_agreed_to_before_anything_runs() { window projects approved; }
test_a_broken_project_file_shows_its_line() { window projects broken; }
test_a_failing_setup_step_is_named_and_tried_again() { window projects setup; }
test_a_setup_step_that_hangs_is_ended_from_the_window() { window projects hanging; }
test_a_switch_puts_an_app_into_the_app_grid() { window apps exported; }
