//! What pets use is not told, or no longer.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

fn window(engine: &FakeEngine) -> Window {
    engine.says("ListPets", &[examples::running()]);
    Window::with_pet(engine)
}

/// The usage page, with something on it.
fn page(engine: &FakeEngine) -> Window {
    let window = window(engine);
    engine.samples(&examples::sample(2_000_000));
    engine.samples(&examples::sample(4_000_000));
    window.sees("100\u{a0}MiB");
    window.activates("Usage");
    window.sees("The Last Five Minutes");
    window.sees("3");
    window
}

#[gtk::test]
fn a_pet_that_runs_is_not_said_to_be_stopped_before_it_was_looked_at() {
    let engine = FakeEngine::default();
    let window = window(&engine);
    window.sees("Measuring");
    Window::settles();
    assert!(!window.shows("Not running"));
}

#[gtk::test]
fn a_pet_that_is_stopped_is_not_said_to_be_measured() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    window.sees("Usage");
    assert!(!window.shows("Measuring"));
    window.sees("Not running");
}

#[gtk::test]
fn what_was_used_is_not_shown_as_if_it_were_still() {
    let engine = FakeEngine::default();
    let window = window(&engine);
    engine.samples(&examples::sample(2_000_000));
    window.sees("100\u{a0}MiB");
    engine.dies();
    window.sees_no_more("100\u{a0}MiB");
    window.sees("Not known while the engine does not run");
    window.press("Start It Again");
    window.sees("Measuring");
    Window::settles();
    engine.samples(&examples::sample(2_000_000));
    window.sees("100\u{a0}MiB");
}

#[gtk::test]
fn the_page_says_so_too() {
    let engine = FakeEngine::default();
    let window = page(&engine);
    engine.dies();
    window.sees("Usage Is Not Known");
    window.sees_no_more("The Last Five Minutes");
}

#[gtk::test]
fn processes_that_cannot_be_listed_are_not_shown_as_none() {
    let engine = FakeEngine::default();
    engine.fails("ListProcesses", &examples::trouble());
    engine.fails("PetDisk", &examples::trouble());
    let window = page(&engine);
    engine.samples(&examples::sample(6_000_000));
    window.page_tells_of_trouble();
    window.sees("It could not be measured");
    engine.mends("ListProcesses");
    engine.samples(&examples::sample(8_000_000));
    window.sees("make all");
    window.sees_no_more(examples::TROUBLE.0);
}

#[gtk::test]
fn a_process_that_cannot_be_ended_is_told() {
    let engine = FakeEngine::default();
    let window = page(&engine);
    window.sees("make all");
    engine.fails("EndProcess", &examples::trouble());
    window.press("End make");
    window.press("End");
    window.is_told_of_trouble_once();
    window.sees("make all");
}
