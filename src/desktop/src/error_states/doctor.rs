//! This Computer cannot be looked at, or lacks something.

use kennel_model::{Check, Finding, Phrase};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// The dialog.
fn doctor(engine: &FakeEngine) -> Window {
    let window = Window::with_pet(engine);
    window.chooses("win.doctor");
    window.sees("This Computer");
    window
}

#[gtk::test]
fn a_look_that_fails_does_not_turn_for_ever() {
    let engine = FakeEngine::with_pet();
    engine.fails("Doctor", &examples::trouble());
    let window = doctor(&engine);
    window.sees("This Computer Could Not Be Looked At");
    window.page_tells_of_trouble();
    window.sees_no_more("Checking This Computer");
    engine.mends("Doctor");
    window.press("Try Again");
    window.sees("This computer has everything that pets need.");
}

#[gtk::test]
fn while_it_is_looked_at_nobody_asks_again() {
    let engine = FakeEngine::with_pet();
    engine.hangs("Doctor");
    let window = doctor(&engine);
    window.sees("Checking This Computer");
    assert!(!window.can_press("Check Again"));
}

#[gtk::test]
fn what_was_found_stays_when_another_look_fails() {
    let engine = FakeEngine::with_pet();
    let window = doctor(&engine);
    window.sees("Version 6.12.");
    engine.fails("Doctor", &examples::trouble());
    window.press("Check Again");
    window.is_told_of_trouble_once();
    window.sees("Version 6.12.");
    window.may_press("Check Again");
}

#[gtk::test]
fn what_is_missing_comes_first_with_its_remedy() {
    let engine = FakeEngine::with_pet();
    let mut missing = Finding::missing(
        Check::UserNamespaces,
        Phrase::verbatim("forbidden"),
        Phrase::verbatim("No pet can start."),
    );
    missing.advice = Some(Phrase::verbatim("Allow them."));
    missing.commands = vec!["sysctl user.max_user_namespaces=1000".to_owned()];
    engine.says(
        "Doctor",
        &[
            missing,
            Finding::found(Check::Kernel, Phrase::verbatim("version 6.12")),
        ],
    );
    let window = doctor(&engine);
    window.sees("Pets cannot start here until what is missing is fixed.");
    window.sees("Forbidden. No pet can start.");
    window.sees("sysctl user.max_user_namespaces=1000");
    window.may_press("Copy Commands");
    let texts = window.texts();
    let place = |what: &str| texts.iter().position(|text| text == what);
    assert!(place("Missing") < place("As It Should Be"), "{texts:?}");
}
