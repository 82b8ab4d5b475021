//! New Pet: the catalog, the chosen image and the project file fail the person.

use kennel_model::{Freshness, ImageOrigin, ImageSummary, SignatureState, Verdict};
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

/// The dialog.
fn new_pet(engine: &FakeEngine) -> Window {
    let window = Window::with_pet(engine);
    window.chooses("win.new-pet");
    window.sees("Which System?");
    window
}

#[gtk::test]
fn a_catalog_that_cannot_be_read_is_said_where_it_would_be() {
    let engine = FakeEngine::with_pet();
    engine.fails("ListCatalog", &examples::trouble());
    let window = new_pet(&engine);
    // Images of this computer can be used all the same.
    window.may_press("Create");
    window.press("Choose Image…");
    window.sees("The Catalog Cannot Be Shown");
    window.page_tells_of_trouble();
    window.sees("Debian GNU/Linux 13");
}

#[gtk::test]
fn without_any_image_the_way_to_one_is_open() {
    let engine = FakeEngine::with_pet();
    engine.says("ListImages", &[] as &[ImageSummary]);
    let window = new_pet(&engine);
    window.sees("No Image Selected");
    Window::settles();
    assert!(!window.can_press("Create"));
    window.press("Choose Image…");
    window.sees("No Image Found");
    window.may_press("Another Image…");
}

#[gtk::test]
fn escape_leads_back_from_the_images() {
    let engine = FakeEngine::with_pet();
    let window = new_pet(&engine);
    window.press("Choose Image…");
    window.sees("Another Image…");
    window.stops_search();
    window.sees("Which System?");
    window.sees_no_more("Another Image…");
}

#[gtk::test]
fn an_image_that_is_refused_is_not_made_and_the_reason_is_there() {
    let engine = FakeEngine::with_pet();
    let error = examples::trouble();
    engine.says("JudgeImage", &Verdict::Refused { error });
    let window = new_pet(&engine);
    window.page_tells_of_trouble();
    assert!(!window.can_press("Create"));
}

#[gtk::test]
fn so_is_one_that_could_not_be_judged() {
    let engine = FakeEngine::with_pet();
    engine.fails("JudgeImage", &examples::trouble());
    let window = new_pet(&engine);
    window.page_tells_of_trouble();
    assert!(!window.can_press("Create"));
}

#[gtk::test]
fn one_of_a_source_that_is_not_trusted_is_made_only_after_a_question() {
    let engine = FakeEngine::with_pet();
    engine.says("JudgeImage", &Verdict::Ask);
    let window = new_pet(&engine);
    window.sees("not on your trusted list");
    window.press("Create");
    window.sees("Trust This Image Once?");
    assert_eq!(engine.asked("CreatePet"), [""; 0]);
    window.press("Trust Once");
    window.wait("it is made", || engine.asked("CreatePet").len() == 1);
    assert!(engine.asked("CreatePet")[0].contains(r#""trust":true"#));
}

#[gtk::test]
fn a_project_file_that_cannot_be_used_can_be_done_without() {
    let engine = FakeEngine::with_pet();
    engine.fails("ProposeProject", &examples::trouble());
    let window = Window::with_pet(&engine);
    window.opens_file("/usr");
    window.sees("Its Project File Cannot Be Used");
    window.sees("or continue without it");
    window.sees(examples::TROUBLE.0);
    window.may_press("Create");
    assert_eq!(window.alerts(), [""; 0]);
}

/// A window with a pet whose image a registry may have anew.
fn from_registry(engine: &FakeEngine) -> Window {
    let origin = ImageOrigin {
        source: "docker.io/library/debian".to_owned(),
        tag_digest: Some(examples::image().digest),
        fetched: "2026-01-02T03:04:05Z".to_owned(),
        signature: SignatureState::default(),
    };
    let image = ImageSummary {
        origin: Some(origin),
        ..examples::image()
    };
    engine.says("ListImages", &[image]);
    let window = Window::with_pet(engine);
    window.sees("Asks docker.io");
    window
}

#[gtk::test]
fn a_check_for_a_newer_image_without_a_network_says_so_in_its_row() {
    let engine = FakeEngine::with_pet();
    let error = examples::trouble();
    engine.says("CheckImage", &Freshness::Unknown { error });
    let window = from_registry(&engine);
    window.press("Check for a Newer Image");
    window.page_tells_of_trouble();
    window.may_press("Check for a Newer Image");
}

#[gtk::test]
fn a_check_that_fails_can_be_repeated() {
    let engine = FakeEngine::with_pet();
    engine.fails("CheckImage", &examples::trouble());
    let window = from_registry(&engine);
    window.press("Check for a Newer Image");
    window.page_tells_of_trouble();
    engine.mends("CheckImage");
    window.press("Check for a Newer Image");
    window.sees("The image on this computer is the newest.");
}
