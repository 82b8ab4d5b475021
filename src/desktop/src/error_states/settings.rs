//! What was chosen about a pet cannot be read or changed.

use kennel_model::{Confinement, Mount};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::testing::{FakeEngine, Window, examples};

#[gtk::test]
fn a_switch_that_is_refused_goes_back() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_settings(&engine, &examples::spec());
    window.switch_is("Your Home Folder", true);
    engine.fails("EditPet", &examples::trouble());
    window.flips("Your Home Folder");
    window.is_told_of_trouble_once();
    window.switch_is("Your Home Folder", true);
}

#[gtk::test]
fn so_does_a_choice_of_several() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_settings(&engine, &examples::spec());
    engine.fails("EditPet", &examples::trouble());
    let network = window.row::<adw::ComboRow>("Connection");
    let before = network.selected();
    network.set_selected(2);
    window.is_told_of_trouble_once();
    window.wait("the choice is as before", || network.selected() == before);
}

#[gtk::test]
fn a_chosen_value_is_whole_beside_a_long_explanation() {
    let engine = FakeEngine::with_pet();
    let mut spec = examples::spec();
    spec.confinement = Confinement::Default;
    let window = Window::with_settings(&engine, &spec);
    window.sees("As in other container programs");
    let row = window.row::<adw::ComboRow>("Confinement");
    let value = || labels(row.upcast_ref(), "Standard");
    window.wait("the value has its place", || {
        value().iter().any(|label| label.width() > 0)
    });
    assert!(value().iter().all(|label| !label.layout().is_ellipsized()));
}

/// The labels below `widget` with this text that are on the screen.
fn labels(widget: &gtk::Widget, text: &str) -> Vec<gtk::Label> {
    let mut found = Vec::new();
    if let Some(label) = widget.downcast_ref::<gtk::Label>()
        && label.label() == text
        && label.is_mapped()
    {
        found.push(label.clone());
    }
    let mut child = widget.first_child();
    while let Some(one) = child {
        found.extend(labels(&one, text));
        child = one.next_sibling();
    }
    found
}

#[gtk::test]
fn so_does_the_lock_of_a_folder() {
    let engine = FakeEngine::with_pet();
    let mut spec = examples::spec();
    spec.mounts.push(Mount {
        source: "/srv/data".into(),
        target: "/srv/data".into(),
        read_only: true,
    });
    let window = Window::with_settings(&engine, &spec);
    engine.fails("EditPet", &examples::trouble());
    window.press("Read Only");
    window.is_told_of_trouble_once();
    assert!(window.is_pressed("Read Only"));
    assert!(engine.asked("EditPet")[0].contains(r#""read_only":false"#));
}

#[gtk::test]
fn so_does_what_was_typed() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_settings(&engine, &examples::spec());
    engine.fails("EditPet", &examples::trouble());
    let advanced = window.row::<adw::ExpanderRow>("Advanced");
    advanced.set_expanded(true);
    let name = window.row::<adw::EntryRow>("Host Name Inside");
    name.set_text("other");
    name.emit_by_name::<()>("apply", &[]);
    window.is_told_of_trouble_once();
    window.wait("the name is as before", || name.text() == examples::NAME);
}

#[gtk::test]
fn what_is_no_size_is_said_as_it_is_typed_and_never_asked_for() {
    let engine = FakeEngine::with_pet();
    let mut spec = examples::spec();
    spec.limits.memory = Some(1 << 30);
    let window = Window::with_settings(&engine, &spec);
    let memory = || window.row::<adw::EntryRow>("Memory");
    window.wait("the limit is there", || memory().text() == "1G");
    memory().set_text("much");
    window.sees("Enter a number with K, M, G or T, such as 512M or 2G.");
    memory().emit_by_name::<()>("apply", &[]);
    memory().set_text("1.5G");
    memory().emit_by_name::<()>("apply", &[]);
    window.wait("it is asked for", || !engine.asked("EditPet").is_empty());
    let asked = engine.asked("EditPet");
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].contains(r#""memory":{"at":1610612736}"#),
        "{asked:?}"
    );
}

#[gtk::test]
fn a_pet_that_cannot_be_read_has_a_page_that_says_so() {
    let engine = FakeEngine::with_pet();
    engine.fails("ShowPet", &examples::trouble());
    let window = Window::with_pet(&engine);
    window.turns_to("Settings");
    window.sees("The Settings Cannot Be Shown");
    window.page_tells_of_trouble();
    // Whatever happens to pets, nothing piles up.
    engine.changes();
    engine.changes();
    window.page_tells_of_trouble();
    engine.mends("ShowPet");
    window.press("Try Again");
    window.switch_is("Your Home Folder", true);
}

#[gtk::test]
fn limits_that_cannot_be_read_hide_no_other_setting() {
    let engine = FakeEngine::with_pet();
    engine.fails("PetLimits", &examples::trouble());
    let window = Window::with_pet(&engine);
    window.is_told_of_trouble_once();
    engine.changes();
    window.turns_to("Settings");
    window.switch_is("Your Home Folder", true);
    Window::settles();
    assert_eq!(window.alerts(), [""; 0]);
}
