//! A step of a pet's setup fails.

use kennel_model::{FailedStep, JobEvent, PetSummary, Phrase, Progress};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

const SAID: &str = "The setup stopped at “make”: exit status 2";

fn half_set_up() -> PetSummary {
    PetSummary {
        setup_failed: Some(FailedStep {
            name: "make".to_owned(),
            how: Phrase::verbatim("exit status 2"),
        }),
        ..examples::running()
    }
}

#[gtk::test]
fn the_page_names_the_step_and_tries_it_again() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[half_set_up()]);
    let window = Window::with_pet(&engine);
    window.sees(SAID);
    window.press("Try Again");
    window.sees("Setting Up");
    window.sees_no_more(SAID);
    let progress = Progress::SettingUp {
        name: "make".to_owned(),
        index: 1,
        count: 2,
    };
    engine.job_says(engine.last_job(), JobEvent::Progress { progress });
    window.sees("Setting up: make (1 of 2)");
    let text = "no rule to make target".to_owned();
    engine.job_says(engine.last_job(), JobEvent::Output { text });
    let error = examples::trouble();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.is_told_of_trouble_once();
    window.sees(SAID);
    window.press("Show Log");
    window.sees("Setup Log");
    window.reads("no rule to make target");
}

#[gtk::test]
fn a_setup_that_cannot_be_tried_again_says_so() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[half_set_up()]);
    let window = Window::with_pet(&engine);
    window.sees(SAID);
    engine.fails("SetUpPet", &examples::trouble());
    window.press("Try Again");
    window.is_told_of_trouble_once();
    window.sees(SAID);
    window.may_press("Try Again");
}

#[gtk::test]
fn a_step_that_cannot_be_canceled_says_so_and_can_be_canceled_still() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[half_set_up()]);
    let window = Window::with_pet(&engine);
    window.press("Try Again");
    window.sees("Setting Up");
    engine.fails("Cancel", &examples::trouble());
    window.press("Cancel");
    window.is_told_of_trouble_once();
    window.may_press("Cancel");
}

#[gtk::test]
fn a_setup_that_was_stopped_is_not_said_to_be_done_before_the_list_tells_why() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[half_set_up()]);
    let window = Window::with_pet(&engine);
    window.press("Try Again");
    window.sees("Setting Up");
    let progress = Progress::SettingUp {
        name: "make".to_owned(),
        index: 1,
        count: 2,
    };
    engine.job_says(engine.last_job(), JobEvent::Progress { progress });
    let text = "compiling".to_owned();
    engine.job_says(engine.last_job(), JobEvent::Output { text });
    // It is as if nothing had failed, until the list is read.
    engine.says("ListPets", &[examples::running()]);
    engine.changes();
    Window::settles();
    engine.hangs("ListPets");
    let error = examples::trouble();
    engine.job_says(engine.last_job(), JobEvent::Failed { error });
    window.is_told_of_trouble_once();
    window.sees("Stopped");
    assert!(!window.shows("All Done"));
}
