//! The lists of pets and images cannot be read.

use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

#[gtk::test]
fn where_no_pet_is_known_yet_a_page_says_why() {
    let engine = FakeEngine::with_pet();
    let pets = examples::pet();
    engine.fails("ListPets", &examples::trouble());
    let window = Window::open(&engine);
    window.sees("Your Pets Cannot Be Shown");
    window.page_tells_of_trouble();
    engine.says("ListPets", &[pets]);
    window.press("Try Again");
    window.sees(examples::NAME);
}

#[gtk::test]
fn pets_that_are_known_stay_and_a_banner_says_that_they_may_be_old() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_pet(&engine);
    engine.fails("ListPets", &examples::trouble());
    for _ in 0..3 {
        engine.changes();
        window.page_tells_of_trouble();
    }
    window.sees(examples::NAME);
    engine.says("ListPets", &[examples::running()]);
    window.press("Try Again");
    window.sees_no_more(examples::TROUBLE.0);
    window.sees("Running");
}

#[gtk::test]
fn images_that_cannot_be_listed_hide_no_pet() {
    let engine = FakeEngine::with_pet();
    engine.fails("ListImages", &examples::trouble());
    let window = Window::with_pet(&engine);
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
    window.chooses("win.images");
    window.sees("The Images Cannot Be Shown");
    window.page_tells_of_trouble();
    engine.mends("ListImages");
    window.press("Try Again");
    window.sees("Debian GNU/Linux 13");
    window.sees_no_more(examples::TROUBLE.0);
}
