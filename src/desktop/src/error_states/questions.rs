//! The person's word on a command of a pet does not arrive.

use kennel_model::{HostQuestion, PetSummary};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

const HEADING: &str = "Run a Command on This Computer?";

fn asking() -> PetSummary {
    let mut pet = examples::running();
    pet.questions.push(HostQuestion {
        number: 7,
        command: "podman ps".to_owned(),
        directory: "/srv/webshop".to_owned(),
        variables: Vec::new(),
        asked: "2026-01-02T03:04:05Z".to_owned(),
    });
    pet
}

#[gtk::test]
fn it_is_said_and_the_question_is_asked_again() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[asking()]);
    engine.fails("AnswerQuestion", &examples::trouble());
    let window = Window::open(&engine);
    window.sees("podman ps");
    window.press("Allow Once");
    window.sees(examples::TROUBLE.0);
    window.sees(examples::TROUBLE.1);
    Window::settles();
    // The question does not stand over why it was not answered.
    assert_eq!(window.alerts(), [examples::TROUBLE.0]);
    engine.mends("AnswerQuestion");
    window.press("Close");
    window.sees("podman ps");
    assert_eq!(window.alerts(), [HEADING]);
    window.press("Allow Once");
    window.wait("it was told twice", || {
        engine.asked("AnswerQuestion").len() == 2
    });
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
}

#[gtk::test]
fn where_nobody_waits_any_more_it_is_said_and_not_asked() {
    let engine = FakeEngine::default();
    engine.says("ListPets", &[asking()]);
    engine.fails("AnswerQuestion", &examples::trouble());
    let window = Window::open(&engine);
    window.sees("podman ps");
    engine.says("ListPets", &[examples::running()]);
    window.press("Deny");
    window.is_told_of_trouble_once();
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
}
