//! SELinux, AppArmor, namespaces, rights and system calls.

use kennel_model::{Preset, Rating, Topic};

use super::{CONTAINER, Case, OWN};
use crate::lsm::label::Label;
use crate::pets::security::kernel::SelinuxMode;

#[test]
fn selinux_is_told_as_the_kernel_has_it() {
    use SelinuxMode::{Disabled, Enforcing, Permissive};
    for (preset, mode, label, verdict, words) in [
        (
            Preset::Sealed,
            Enforcing,
            Some(CONTAINER),
            Rating::Good,
            "pair of its own, c12,c345",
        ),
        (
            Preset::Sealed,
            Enforcing,
            Some(CONTAINER),
            Rating::Good,
            "policy “targeted”",
        ),
        (
            Preset::Sealed,
            Permissive,
            Some(CONTAINER),
            Rating::Risk,
            "only watches now",
        ),
        (
            Preset::Sealed,
            Enforcing,
            Some(OWN),
            Rating::Risk,
            "your own label",
        ),
        (
            Preset::Comfortable,
            Permissive,
            Some(OWN),
            Rating::Note,
            "only watches now",
        ),
        (
            Preset::Comfortable,
            Enforcing,
            None,
            Rating::Note,
            "cannot be read",
        ),
        (Preset::Sealed, Disabled, None, Rating::Note, "not on"),
        (
            Preset::Comfortable,
            Enforcing,
            Some("u:r:toolbox_t:s0"),
            Rating::Note,
            "the label, toolbox_t",
        ),
    ] {
        let mut case = Case::new(preset);
        case.security().selinux.mode = mode;
        case.security().selinux.label = label.map(str::to_owned);
        case.assert(Topic::Selinux, verdict, words);
    }
}

#[test]
fn a_pair_is_two_categories() {
    let pair = |text: &str| {
        text.parse::<Label>()
            .ok()?
            .pair()
            .map(|pair| pair.to_string())
    };
    assert_eq!(pair(CONTAINER).as_deref(), Some("c12,c345"));
    for other in [
        OWN,
        "u:r:container_t:s0",
        "u:r:t:s0:c1",
        "u:r:t:s0:c1,x",
        "u:r:t:s0:c1,c2,c3",
        "",
        "u",
    ] {
        assert_eq!(pair(other), None, "{other}");
    }
}

#[test]
fn apparmor_counts_when_it_enforces() {
    for (profile, verdict) in [
        ("kennel-pet (enforce)", Rating::Good),
        ("kennel-pet (complain)", Rating::Note),
        ("unconfined", Rating::Note),
    ] {
        let mut case = Case::new(Preset::Sealed);
        case.security().apparmor = Some(profile.to_owned());
        case.assert(Topic::Apparmor, verdict, profile);
    }
    let mut neither = Case::new(Preset::Sealed);
    neither.security().selinux.mode = SelinuxMode::Disabled;
    neither.assert(Topic::Apparmor, Rating::Note, "not on");
}

#[test]
fn who_root_is_outside() {
    for (root_is, verdict, words) in [
        (Some(100_000), Rating::Good, "user 100000 outside"),
        (Some(1000), Rating::Note, "you outside"),
        (Some(0), Rating::Risk, "root outside"),
        (None, Rating::Good, "no root inside"),
    ] {
        let mut case = Case::new(Preset::Sealed);
        case.security().userns.root_is = root_is;
        case.assert(Topic::UserNamespace, verdict, words);
    }
}

#[test]
fn what_is_shared_of_the_kernel_is_told() {
    let mut case = Case::new(Preset::Sealed);
    case.security().namespaces.shared = vec!["pid".into(), "ipc".into(), "user".into()];
    let (verdicts, facts) = case.of(Topic::Namespaces);
    assert_eq!(
        verdicts,
        [Rating::Good, Rating::Risk, Rating::Note],
        "{facts}"
    );
    case.assert(Topic::UserNamespace, Rating::Risk, "no users of its own");
}

#[test]
fn rights_and_system_calls() {
    let mut case = Case::new(Preset::Sealed);
    case.assert(Topic::Capabilities, Rating::Good, "no capabilities");
    case.security().capabilities = vec!["CAP_CHOWN".into()];
    case.assert(Topic::Capabilities, Rating::Good, "1 of 41");
    case.security().capabilities.push("CAP_SYS_ADMIN".into());
    case.assert(
        Topic::Capabilities,
        Rating::Note,
        "CAP_SYS_ADMIN among them",
    );
    case.security().seccomp = "disabled".into();
    case.assert(Topic::SystemCalls, Rating::Risk, "not filtered");
}
