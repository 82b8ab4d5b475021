//! What happened cannot be read.

use kennel_model::{Event, Phrase};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

#[gtk::test]
fn the_page_says_so_however_often_it_is_read() {
    let engine = FakeEngine::with_pet();
    engine.fails("Activity", &examples::trouble());
    let window = Window::with_pet(&engine);
    window.chooses("win.activity");
    window.sees("The Activity Cannot Be Shown");
    window.page_tells_of_trouble();
    engine.changes();
    engine.changes();
    window.page_tells_of_trouble();
    let event = Event {
        time: "2026-01-02T03:04:05Z".to_owned(),
        id: examples::ID.parse().unwrap(),
        name: examples::NAME.to_owned(),
        event: "started".to_owned(),
        text: Phrase::default(),
        kind: None,
    };
    engine.says("Activity", &[event]);
    window.press("Try Again");
    window.sees_no_more(examples::TROUBLE.0);
    window.sees("Host Commands");
}

#[gtk::test]
fn nothing_that_happened_is_said_only_when_it_was_read() {
    let engine = FakeEngine::with_pet();
    engine.hangs("Activity");
    let window = Window::with_pet(&engine);
    window.chooses("win.activity");
    Window::settles();
    assert!(!window.shows("Nothing Has Happened Yet") && !window.shows("Nothing Found"));
}
