//! Preferences that cannot be read or set.

use kennel_model::CommandState;
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// A page of the Preferences dialog.
fn preferences(engine: &FakeEngine, page: &str) -> Window {
    let window = Window::with_pet(engine);
    window.chooses("win.preferences");
    window.sees("Only Trusted Sources");
    window.turns_to(page);
    window
}

#[gtk::test]
fn a_switch_of_trust_that_fails_goes_back() {
    let engine = FakeEngine::with_pet();
    let window = preferences(&engine, "Images");
    engine.fails("TrustOnly", &examples::trouble());
    window.flips("Only Trusted Sources");
    window.is_told_of_trouble_once();
    window.switch_is("Only Trusted Sources", false);
}

#[gtk::test]
fn a_source_that_cannot_be_added_is_not_listed() {
    let engine = FakeEngine::with_pet();
    let window = preferences(&engine, "Images");
    engine.fails("TrustAdd", &examples::trouble());
    window.types("Add Source", "quay.io/team");
    window.press("Add");
    window.is_told_of_trouble_once();
    // What was typed need not be typed again.
    window.sees("quay.io/team");
    assert!(!window.can_press("Remove quay.io/team"));
}

#[gtk::test]
fn sources_that_cannot_be_read_are_not_shown_as_none() {
    let engine = FakeEngine::with_pet();
    engine.fails("TrustList", &examples::trouble());
    let window = preferences(&engine, "Images");
    window.sees("The Trusted Sources Cannot Be Shown");
    window.page_tells_of_trouble();
    assert!(!window.can_flip("Only Trusted Sources"));
    engine.mends("TrustList");
    window.press("Try Again");
    window.sees_no_more(examples::TROUBLE.0);
    window.wait("it can be switched", || {
        window.can_flip("Only Trusted Sources")
    });
}

#[gtk::test]
fn an_alert_that_cannot_be_set_goes_back() {
    let engine = FakeEngine::with_pet();
    let window = preferences(&engine, "Alerts");
    engine.fails("SetAlerts", &examples::trouble());
    window.flips("Alerts");
    window.is_told_of_trouble_once();
    window.switch_is("Alerts", true);
}

#[gtk::test]
fn alerts_that_cannot_be_read_say_so() {
    let engine = FakeEngine::with_pet();
    engine.fails("AlertDefaults", &examples::trouble());
    let window = preferences(&engine, "Alerts");
    window.sees("The Alerts Cannot Be Shown");
    window.page_tells_of_trouble();
    assert!(!window.can_flip("Alerts"));
    engine.mends("AlertDefaults");
    window.press("Try Again");
    window.wait("it can be switched", || window.can_flip("Alerts"));
}

#[gtk::test]
fn a_command_that_cannot_be_linked_goes_back() {
    let engine = FakeEngine::with_pet();
    let window = preferences(&engine, "Terminal");
    engine.fails("SetCommandLine", &examples::trouble());
    window.flips("The kennel Command");
    window.is_told_of_trouble_once();
    window.switch_is("The kennel Command", false);
}

#[gtk::test]
fn a_command_that_cannot_be_read_is_told_once_and_not_for_ever() {
    let engine = FakeEngine::with_pet();
    engine.fails("CommandLine", &examples::trouble());
    let window = preferences(&engine, "Terminal");
    window.sees("The Command Cannot Be Shown");
    window.page_tells_of_trouble();
    assert_eq!(engine.asked("CommandLine").len(), 1);
    engine.mends("CommandLine");
    window.press("Try Again");
    window.sees("/home/mia/.local/bin/kennel");
}

#[gtk::test]
fn a_file_in_the_way_of_the_command_is_named() {
    let engine = FakeEngine::with_pet();
    engine.says(
        "CommandLine",
        &examples::command_line(CommandState::InTheWay),
    );
    let window = preferences(&engine, "Terminal");
    window.sees("Another file is in the link’s place");
    assert!(!window.can_flip("The kennel Command"));
}
