//! A terminal cannot be opened, or its shell ends.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

fn window(engine: &FakeEngine) -> Window {
    engine.says("ListPets", &[examples::running()]);
    Window::with_pet(engine)
}

/// A window with a terminal of this number.
fn with_terminal(engine: &FakeEngine) -> (Window, u32) {
    let window = window(engine);
    window.press("Open Terminal");
    window.may_press("New Terminal");
    window.wait("it is open", || engine.last_job() == 1);
    Window::settles();
    (window, engine.last_job())
}

#[gtk::test]
fn one_that_cannot_be_opened_is_told_and_can_be_tried_again() {
    let engine = FakeEngine::default();
    let window = window(&engine);
    engine.fails("OpenTerminal", &examples::trouble());
    window.press("Open Terminal");
    window.is_told_of_trouble_once();
    window.may_press("Open Terminal");
    engine.mends("OpenTerminal");
    window.press("Open Terminal");
    window.may_press("New Terminal");
}

#[gtk::test]
fn an_external_one_that_cannot_be_opened_is_told() {
    let engine = FakeEngine::default();
    let window = window(&engine);
    window.turns_to("Terminal");
    engine.fails("OpenExternalTerminal", &examples::trouble());
    window.press("Open in External Terminal");
    window.is_told_of_trouble_once();
    window.may_press("Open in External Terminal");
}

#[gtk::test]
fn a_shell_that_could_not_be_run_leaves_a_banner() {
    let engine = FakeEngine::default();
    let (window, terminal) = with_terminal(&engine);
    engine.terminal_exits(terminal, 127);
    window.sees("The shell could not be run (status 127)");
    window.press("Try Again");
    window.wait("another is opened", || {
        engine.asked("OpenTerminal").len() == 2
    });
    window.sees_no_more("The shell could not be run");
}

#[gtk::test]
fn a_shell_that_was_killed_says_so_and_what_to_do() {
    let engine = FakeEngine::default();
    let (window, terminal) = with_terminal(&engine);
    engine.terminal_exits(terminal, 137);
    window.sees("This shell was ended");
    window.may_press("Open Another");
    engine.says("ListPets", &[examples::pet()]);
    engine.changes();
    window.sees("webshop stopped");
    window.may_press("Start It Again");
}

#[gtk::test]
fn a_shell_that_was_left_closes_its_tab() {
    let engine = FakeEngine::default();
    let (window, terminal) = with_terminal(&engine);
    engine.terminal_exits(terminal, 1);
    window.sees("No Terminal Open");
}

#[gtk::test]
fn a_tab_closes_though_the_engine_does_not_say_what_runs_in_it() {
    let engine = FakeEngine::default();
    let (window, _) = with_terminal(&engine);
    engine.hangs("Terminals");
    window.chooses("win.close-tab");
    window.sees("No Terminal Open");
}

#[gtk::test]
fn a_terminal_outlives_its_engine_without_a_word_until_it_falls_silent() {
    let engine = FakeEngine::default();
    let (window, _) = with_terminal(&engine);
    engine.dies();
    window.sees("The engine stopped. Your pets keep running.");
    window.sees("This shell was ended");
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
}
