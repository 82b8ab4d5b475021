//! Images cannot be removed. That they cannot be listed is in [`super::list`].

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// The Images dialog.
fn images(engine: &FakeEngine) -> Window {
    let window = Window::with_pet(engine);
    window.chooses("win.images");
    window.sees("Debian GNU/Linux 13");
    window
}

#[gtk::test]
fn one_that_cannot_be_removed_stays_in_the_list() {
    let engine = FakeEngine::with_pet();
    let window = images(&engine);
    engine.works_in_vain("RemoveImage", &examples::trouble());
    window.press(&format!("Remove {}", examples::IMAGE));
    window.is_told_of_trouble_once();
    window.sees("Debian GNU/Linux 13");
    window.may_press("Remove Unused");
}

#[gtk::test]
fn a_removal_that_is_refused_is_told() {
    let engine = FakeEngine::with_pet();
    let window = images(&engine);
    engine.fails("RemoveImage", &examples::trouble());
    window.press(&format!("Remove {}", examples::IMAGE));
    window.is_told_of_trouble_once();
    window.sees("Debian GNU/Linux 13");
}

#[gtk::test]
fn what_nothing_needs_and_cannot_be_removed_is_told() {
    let engine = FakeEngine::with_pet();
    let window = images(&engine);
    engine.works_in_vain("PruneImages", &examples::trouble());
    window.press("Remove Unused");
    window.is_told_of_trouble_once();
    window.may_press("Remove Unused");
}
