//! A pet cannot be started, stopped, restarted or deleted.

use kennel_model::{JobEvent, JobOutcome, PetState, PetSummary};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// A window with this pet.
fn window(engine: &FakeEngine, pet: PetSummary) -> Window {
    engine.says("ListPets", &[pet]);
    Window::with_pet(engine)
}

#[gtk::test]
fn a_start_that_is_refused_is_told_and_can_be_pressed_again() {
    let engine = FakeEngine::default();
    let window = window(&engine, examples::pet());
    engine.fails("StartPet", &examples::trouble());
    window.press("Start");
    window.is_told_of_trouble_once();
    window.may_press("Start");
    window.sees("Stopped");
}

#[gtk::test]
fn a_start_that_fails_leaves_its_cause_on_the_page() {
    let engine = FakeEngine::default();
    let window = window(&engine, examples::pet());
    window.press("Start");
    window.sees("Starting");
    let failed = PetSummary {
        state: PetState::Failed,
        problem: Some(examples::trouble().to_string()),
        error: Some(examples::trouble()),
        ..examples::pet()
    };
    engine.says("ListPets", &[failed]);
    let error = examples::trouble();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.is_told_of_trouble_once();
    window.sees("Could Not Start");
    window.sees("The disk is on fire.");
    window.may_press("Start");
    window.sees_no_more("Starting");
}

#[gtk::test]
fn a_stop_that_fails_leaves_it_running() {
    let engine = FakeEngine::default();
    let window = window(&engine, examples::running());
    engine.works_in_vain("StopPet", &examples::trouble());
    window.press("Stop");
    window.is_told_of_trouble_once();
    window.may_press("Stop");
    window.sees("Running");
}

#[gtk::test]
fn a_restart_whose_start_fails_says_so() {
    let engine = FakeEngine::default();
    let old = PetSummary {
        restart_needed: true,
        ..examples::running()
    };
    let window = window(&engine, old);
    engine.works_in_vain("StartPet", &examples::trouble());
    window.press("Restart");
    window.wait("it is being stopped", || engine.asked("StopPet").len() == 1);
    engine.says("ListPets", &[examples::pet()]);
    let pet = Box::new(examples::pet());
    let outcome = JobOutcome::Pet { pet };
    engine.job_says(engine.last_job(), JobEvent::Done { outcome });
    window.is_told_of_trouble_once();
    window.may_press("Start");
}

/// The person deletes the pet and lets the toast go.
fn deletes(window: &Window) {
    window.chooses("pet.delete");
    window.sees("was deleted");
    window.sees_no_more("Open Terminal");
    window.dismisses_toast();
}

#[gtk::test]
fn a_pet_that_cannot_be_deleted_is_there_again() {
    let engine = FakeEngine::default();
    let window = window(&engine, examples::pet());
    engine.works_in_vain("RemovePet", &examples::trouble());
    deletes(&window);
    window.is_told_of_trouble_once();
    window.sees("Open Terminal");
}

#[gtk::test]
fn so_is_one_whose_deletion_is_refused() {
    let engine = FakeEngine::default();
    let window = window(&engine, examples::pet());
    engine.fails("RemovePet", &examples::trouble());
    deletes(&window);
    window.is_told_of_trouble_once();
    window.sees("Open Terminal");
}

#[gtk::test]
fn a_terminal_that_waited_for_a_failed_start_does_not_open_later() {
    let engine = FakeEngine::default();
    let mut spec = examples::spec();
    spec.setup.packages.push("make".to_owned());
    engine.says("ShowPet", &spec);
    let window = window(&engine, examples::pet());
    Window::settles();
    window.press("Open Terminal");
    window.sees("Starting");
    let error = examples::trouble();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.is_told_of_trouble_once();
    window.may_press("Start");
    engine.says("ListPets", &[examples::running()]);
    engine.changes();
    window.sees("Running");
    Window::settles();
    assert_eq!(engine.asked("OpenTerminal"), [""; 0]);
}
