//! A pet cannot be made.

use kennel_model::{JobEvent, Progress, UserError};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// A window in which the person has just pressed Create.
fn creating(engine: &FakeEngine) -> Window {
    let window = Window::with_pet(engine);
    window.chooses("win.new-pet");
    window.press("Create");
    window
}

fn tries_again_with_the_same_request(engine: &FakeEngine) {
    let window = creating(engine);
    window.sees(examples::TROUBLE.0);
    window.sees(examples::TROUBLE.1);
    Window::settles();
    assert_eq!(window.alerts(), [examples::TROUBLE.0]);
    window.press("Try Again");
    window.wait("it was asked again", || {
        engine.asked("CreatePet").len() == 2
    });
    window.is_told_of_trouble_once();
    let asked = engine.asked("CreatePet");
    assert!(asked[0].contains("debian"), "{asked:?}");
    assert_eq!(asked[0], asked[1]);
}

#[gtk::test]
fn a_job_that_fails_can_be_tried_again_as_it_was() {
    let engine = FakeEngine::with_pet();
    engine.works_in_vain("CreatePet", &examples::trouble());
    tries_again_with_the_same_request(&engine);
}

#[gtk::test]
fn so_can_one_that_does_not_even_begin() {
    let engine = FakeEngine::with_pet();
    engine.fails("CreatePet", &examples::trouble());
    tries_again_with_the_same_request(&engine);
}

#[gtk::test]
fn the_row_of_a_failed_job_goes() {
    let engine = FakeEngine::with_pet();
    let window = creating(&engine);
    window.sees("Preparing");
    let error = examples::trouble();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.is_told_of_trouble_once();
    window.sees_no_more("Preparing");
}

#[gtk::test]
fn what_was_cancelled_is_no_alarm() {
    let engine = FakeEngine::with_pet();
    let window = creating(&engine);
    window.sees("Preparing");
    window.press("Cancel");
    window.sees("Canceling");
    let error = UserError::cancelled();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.sees("Canceled. Nothing was changed.");
    window.sees_no_more("Canceling");
    assert_eq!(window.alerts(), [""; 0]);
}

#[gtk::test]
fn what_cannot_be_cancelled_goes_on_in_sight() {
    let engine = FakeEngine::with_pet();
    engine.fails("Cancel", &examples::trouble());
    let window = creating(&engine);
    window.sees("Preparing");
    window.press("Cancel");
    window.is_told_of_trouble_once();
    let progress = Progress::Creating;
    engine.job_says(engine.last_job(), JobEvent::Progress { progress });
    window.sees("Creating");
    window.may_press("Cancel");
}
