//! A pet cannot be renamed, or another one made like it.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

#[gtk::test]
fn a_name_that_is_refused_is_not_shown() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.fails("RenamePet", &examples::trouble());
    window.chooses("pet.rename");
    window.types("Name", "bookshop");
    window.press("Rename");
    window.is_told_of_trouble_once();
    window.sees(examples::NAME);
    assert!(!window.shows("bookshop"));
}

#[gtk::test]
fn another_pet_that_cannot_be_made_is_told() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.fails("ClonePet", &examples::trouble());
    window.chooses("pet.make-another");
    window.sees("webshop-2");
    window.press("Make");
    window.is_told_of_trouble_once();
    assert!(!window.shows("webshop-2"));
}

#[gtk::test]
fn without_the_names_of_other_pets_the_engine_still_decides() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.fails("ListPets", &examples::trouble());
    window.chooses("pet.rename");
    window.types("Name", "bookshop");
    Window::settles();
    assert!(!window.shows(examples::TROUBLE.0));
    window.press("Rename");
    window.wait("it was asked", || engine.asked("RenamePet").len() == 1);
}
