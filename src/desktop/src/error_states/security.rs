//! What holds a pet cannot be read.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

#[gtk::test]
fn nothing_is_said_to_hold_what_could_not_be_read() {
    let engine = FakeEngine::with_pet();
    engine.fails("PetStatus", &examples::trouble());
    let window = Window::with_pet(&engine);
    window.sees(examples::TROUBLE.0);
    window.activates("Security");
    window.page_tells_of_trouble();
    assert!(!window.shows("Held well"));
    assert!(!window.can_press("Copy Report"));
    // It is read now and then while it is seen.
    engine.mends("PetStatus");
    window.sees("Root inside is nobody outside");
    window.sees_no_more(examples::TROUBLE.0);
    window.may_press("Copy Report");
}

#[gtk::test]
fn a_report_that_fails_later_takes_the_old_one_away() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.sees("Held well");
    window.activates("Security");
    window.sees("Root inside is nobody outside");
    engine.fails("PetStatus", &examples::trouble());
    window.sees(examples::TROUBLE.0);
    window.sees_no_more("Root inside is nobody outside");
}

#[gtk::test]
fn without_an_engine_nothing_is_said_to_hold() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.sees("Held well");
    engine.dies();
    window.sees_no_more("Held well");
    window.press("Start It Again");
    window.sees("Held well");
}
