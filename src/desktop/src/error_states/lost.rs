//! The engine ends while the window is open.

use kennel_protocol::client::StartError;
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

const BANNER: &str = "The engine stopped. Your pets keep running.";

#[gtk::test]
fn it_is_said_once_and_the_engine_can_be_started_again() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.dies();
    window.sees(BANNER);
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
    // What needs the engine is not offered meanwhile; the banner says why.
    assert!(!window.can_press("Open Terminal"));
    assert!(!window.can_press("Start"));
    window.press("Start It Again");
    window.sees_no_more(BANNER);
    window.may_press("Open Terminal");
    window.may_press("Start");
}

#[gtk::test]
fn a_question_that_it_took_along_makes_no_second_message() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.hangs("StartPet");
    window.press("Start");
    window.wait("it was asked", || engine.asked("StartPet").len() == 1);
    engine.dies();
    window.sees(BANNER);
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
    engine.mends("StartPet");
    window.press("Start It Again");
    window.may_press("Start");
}

#[gtk::test]
fn a_job_that_it_took_along_is_no_longer_shown_as_running() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.press("Start");
    window.sees("Starting");
    engine.dies();
    window.sees(BANNER);
    window.sees_no_more("Starting");
}

#[gtk::test]
fn where_it_cannot_be_started_again_the_way_on_stays() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.dies();
    engine.cannot_start(StartError::Ended(examples::trouble()));
    window.press("Start It Again");
    window.is_told_of_trouble_once();
    window.sees(BANNER);
    window.press("Start It Again");
    window.sees_no_more(BANNER);
}

#[gtk::test]
fn a_pet_that_it_was_deleting_is_there_again() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.chooses("pet.delete");
    window.sees("was deleted");
    window.dismisses_toast();
    window.wait("it is being deleted", || {
        engine.asked("RemovePet").len() == 1
    });
    engine.dies();
    window.press("Start It Again");
    window.sees("Open Terminal");
}

#[gtk::test]
fn what_is_wanted_while_it_is_gone_is_not_forgotten_without_a_word() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.chooses("win.new-pet");
    window.may_press("Create");
    engine.dies();
    window.sees(BANNER);
    window.press("Create");
    window.sees("The engine does not answer");
    Window::settles();
    assert_eq!(window.alerts(), ["The engine does not answer"]);
    window.press("Close");
    window.press("Start It Again");
    window.sees_no_more(BANNER);
}

#[gtk::test]
fn a_pet_that_is_to_be_deleted_stays_while_it_is_gone() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.chooses("pet.delete");
    window.sees("was deleted");
    engine.dies();
    window.sees(BANNER);
    window.dismisses_toast();
    window.sees("The engine does not answer");
    window.press("Close");
    window.press("Start It Again");
    window.sees("Open Terminal");
}
