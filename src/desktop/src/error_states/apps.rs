//! The apps of a pet cannot be listed or put into the app grid.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

fn apps(engine: &FakeEngine) -> Window {
    let window = Window::with_pet(engine);
    window.turns_to("Apps");
    window
}

#[gtk::test]
fn a_list_that_fails_has_a_page_that_tries_again() {
    let engine = FakeEngine::with_pet();
    engine.fails("ListApps", &examples::trouble());
    let window = apps(&engine);
    window.sees("The Apps Could Not Be Listed");
    window.page_tells_of_trouble();
    engine.mends("ListApps");
    window.press("Try Again");
    window.sees("Editor");
}

#[gtk::test]
fn an_app_that_cannot_be_exported_goes_back() {
    let engine = FakeEngine::with_pet();
    let window = apps(&engine);
    window.sees("Editor");
    engine.fails("ExportApp", &examples::trouble());
    window.flips("Editor");
    window.is_told_of_trouble_once();
    window.switch_is("Editor", false);
    window.wait("it can be switched", || window.can_flip("Editor"));
}

#[gtk::test]
fn so_does_one_while_there_is_no_engine() {
    let engine = FakeEngine::with_pet();
    let window = apps(&engine);
    window.sees("Editor");
    engine.dies();
    window.sees("The engine stopped.");
    Window::settles();
    window.flips("Editor");
    window.sees("The engine does not answer");
    window.press("Close");
    window.switch_is("Editor", false);
}
