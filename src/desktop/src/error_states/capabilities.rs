//! What this computer cannot do is not offered, and the reason stands where it would be.

use kennel_model::{LimitStatus, Limits, NetworkMode, Phrase, Share, ShareSummary};
use kennel_protocol::{Capabilities, Mapping};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::testing::{FakeEngine, Window, examples};

/// Why limits cannot be enforced, as the engine says it.
fn no_limits() -> Phrase {
    let why = "control groups are version 1 and 2 mixed: boot with cgroup_no_v1=all";
    Phrase::verbatim("limits unavailable: {why}").saying(LimitStatus::WHY, Phrase::verbatim(why))
}

#[gtk::test]
fn limits_that_cannot_be_enforced_cannot_be_set() {
    let engine = FakeEngine::with_pet();
    engine.says("PetLimits", &examples::limits(Some(no_limits())));
    let window = Window::with_settings(&engine, &examples::spec());
    window.sees("Limits Cannot Be Enforced");
    window.sees("Control groups are version 1 and 2 mixed: boot with cgroup_no_v1=all.");
    for title in ["Processor Cores", "Memory", "Processes and Threads"] {
        let row = window.row::<adw::ExpanderRow>(title);
        assert!(!row.is_sensitive(), "{title}");
    }
}

#[gtk::test]
fn a_limit_that_was_set_elsewhere_can_be_taken_away() {
    let engine = FakeEngine::with_pet();
    engine.says("PetLimits", &examples::limits(Some(no_limits())));
    let mut spec = examples::spec();
    spec.limits = Limits {
        memory: Some(1 << 30),
        ..Limits::default()
    };
    let window = Window::with_settings(&engine, &spec);
    let memory = window.row::<adw::ExpanderRow>("Memory");
    assert!(memory.is_sensitive());
    memory.set_enable_expansion(false);
    window.wait("it is taken away", || engine.asked("EditPet").len() == 1);
}

#[gtk::test]
fn limits_that_can_be_enforced_are_offered() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_settings(&engine, &examples::spec());
    assert!(window.row::<adw::ExpanderRow>("Memory").is_sensitive());
    assert!(!window.shows("Limits Cannot Be Enforced"));
}

#[gtk::test]
fn without_selinux_a_label_is_not_offered() {
    let engine = FakeEngine::with_pet();
    engine.says("Capabilities", &Capabilities::default());
    let window = Window::with_settings(&engine, &examples::spec());
    window.sees("SELinux is not on: labels hold nothing on this computer.");
    assert!(!window.row::<adw::ComboRow>("SELinux Label").is_sensitive());
}

#[gtk::test]
fn with_selinux_it_is() {
    let engine = FakeEngine::with_pet();
    let window = Window::with_settings(&engine, &examples::spec());
    assert!(window.row::<adw::ComboRow>("SELinux Label").is_sensitive());
}

/// What a row offers.
fn offered(row: &adw::ComboRow) -> Vec<String> {
    let model = row.model().and_downcast::<gtk::StringList>().unwrap();
    let all = (0..model.n_items()).filter_map(|index| model.string(index));
    all.map(Into::into).collect()
}

/// A computer without pasta.
fn without_pasta() -> Capabilities {
    Capabilities {
        selinux: true,
        no_private_network: Some(Phrase::verbatim(
            "pasta is not installed: install the package “passt”",
        )),
        ..Capabilities::default()
    }
}

#[gtk::test]
fn without_pasta_a_network_of_its_own_is_not_offered() {
    let engine = FakeEngine::with_pet();
    engine.says("Capabilities", &without_pasta());
    let window = Window::with_settings(&engine, &examples::spec());
    window.sees("A Network of Its Own Cannot Be Connected");
    window.sees("Pasta is not installed: install the package “passt”");
    let network = window.row::<adw::ComboRow>("Connection");
    assert_eq!(offered(&network), ["This Computer’s", "None"]);
    network.set_selected(1);
    window.wait("it is asked for", || engine.asked("EditPet").len() == 1);
    assert!(engine.asked("EditPet")[0].contains(r#""network":"none""#));
}

#[gtk::test]
fn a_pet_that_has_one_shows_it_still() {
    let engine = FakeEngine::with_pet();
    engine.says("Capabilities", &without_pasta());
    let mut spec = examples::spec();
    spec.network = NetworkMode::Private;
    let window = Window::with_settings(&engine, &spec);
    window.sees("A Network of Its Own Cannot Be Connected");
    let network = window.row::<adw::ComboRow>("Connection");
    assert_eq!(offered(&network), ["This Computer’s", "Its Own", "None"]);
    assert_eq!(network.selected(), 1);
    assert_eq!(engine.asked("EditPet"), [""; 0]);
}

#[gtk::test]
fn with_one_id_only_nobody_becomes_root() {
    let engine = FakeEngine::with_pet();
    let single = Capabilities {
        mapping: Mapping::SingleUid,
        ..Capabilities::default()
    };
    engine.says("Capabilities", &single);
    let window = Window::with_settings(&engine, &examples::spec());
    window.sees("Your account has no subordinate ids");
    // What a pet has can be taken away, and then not given again.
    assert!(window.can_flip("sudo"));
    let mut without = examples::spec();
    without.privilege = kennel_model::Privilege::None;
    engine.says("ShowPet", &without);
    engine.changes();
    window.wait("it is not offered", || !window.can_flip("sudo"));
}

#[gtk::test]
fn what_this_computer_does_not_have_cannot_be_shared() {
    let engine = FakeEngine::with_pet();
    let shares = Share::ALL.map(|share| {
        let here = !matches!(share, Share::Nvidia | Share::Virtualization);
        ShareSummary::of(share, here)
    });
    engine.says("ListShares", &shares.to_vec());
    let mut spec = examples::spec();
    spec.shares.retain(|share| *share != Share::Nvidia);
    spec.shares.push(Share::Virtualization);
    let window = Window::with_settings(&engine, &spec);
    window
        .row::<adw::ExpanderRow>("Windows and Sound")
        .set_expanded(true);
    window.row::<adw::ExpanderRow>("Devices").set_expanded(true);
    window.sees("This computer has none of it.");
    assert!(!window.can_flip("NVIDIA Graphics Card"));
    // One that it has can be taken back.
    assert!(window.can_flip("Virtual Machines"));
    assert!(window.can_flip("Sound and Microphones"));
}

#[gtk::test]
fn where_it_is_not_known_what_there_is_everything_is_offered() {
    let engine = FakeEngine::with_pet();
    engine.fails("ListShares", &examples::trouble());
    engine.fails("Capabilities", &examples::trouble());
    let window = Window::with_settings(&engine, &examples::spec());
    window
        .row::<adw::ExpanderRow>("Windows and Sound")
        .set_expanded(true);
    Window::settles();
    assert!(window.can_flip("NVIDIA Graphics Card"));
    assert_eq!(window.alerts(), [""; 0]);
}
