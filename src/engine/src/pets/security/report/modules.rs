//! SELinux and AppArmor.

use kennel_model::{Denials, HomeMode, Preset, ReportLine, Topic};

use super::super::kernel::{Security, Selinux, SelinuxMode};
use super::Facts;
use crate::lsm::label::Label;

pub fn lines(facts: &Facts<'_>) -> Vec<ReportLine> {
    let selinux = match facts.security {
        Some(security) => label(facts, &security.selinux),
        None => mode(facts.selinux, ""),
    };
    let apparmor = facts.security.and_then(apparmor);
    let denials = denials(facts.denials);
    [Some(selinux), apparmor, denials]
        .into_iter()
        .flatten()
        .collect()
}

/// What SELinux does, where nothing is known of a label.
fn mode(mode: SelinuxMode, policy: &str) -> ReportLine {
    match mode {
        SelinuxMode::Disabled => ReportLine::note(
            Topic::Selinux,
            "SELinux is not on",
            "No second lock stands behind the namespaces, should the kernel have a hole in them.",
        ),
        SelinuxMode::Permissive => ReportLine::note(
            Topic::Selinux,
            format!("SELinux only watches now (permissive{policy})"),
            "It writes down what it would refuse, and refuses nothing to any program.",
        )
        .mended_by("Let it refuse again.", vec!["sudo setenforce 1".to_owned()]),
        SelinuxMode::Enforcing => ReportLine::good(
            Topic::Selinux,
            format!("SELinux is on here (enforcing{policy})"),
            "Under which label the pet runs is known when it does.",
        ),
    }
}

fn label(facts: &Facts<'_>, selinux: &Selinux) -> ReportLine {
    let policy = selinux.policy.as_ref();
    let policy = policy.map_or_else(String::new, |name| format!(", policy “{name}”"));
    let general = mode(selinux.mode, &policy);
    if selinux.mode == SelinuxMode::Disabled {
        return general;
    }
    let Some(text) = &selinux.label else {
        return ReportLine::note(
            Topic::Selinux,
            "Its SELinux label cannot be read",
            "Whether SELinux holds it is not known.",
        );
    };
    let label = text.parse().ok().filter(Label::is_container);
    let is_watching = selinux.mode == SelinuxMode::Permissive;
    match label {
        Some(label) if is_watching => ReportLine::risk(
            Topic::Selinux,
            general.fact,
            format!(
                "It writes down what it would refuse this pet, whose label is {}, and refuses nothing.",
                described(&label)
            ),
        )
        .mended_by(
            "Let it refuse again.",
            vec!["sudo setenforce 1".to_owned()],
        ),
        Some(label) => ReportLine::good(
            Topic::Selinux,
            format!("SELinux holds it as {} (enforcing{policy})", described(&label)),
            "Your files and other pets are closed to it, whatever a program inside manages to become.",
        ),
        None if is_watching => general,
        None => own(facts, text, &policy),
    }
}

fn described(label: &Label) -> String {
    match label.pair() {
        Some(pair) => format!("{} with a pair of its own, {pair}", label.kind()),
        None => format!("{} without a pair of its own", label.kind()),
    }
}

/// SELinux enforces, but the pet has no label of containers.
fn own(facts: &Facts<'_>, text: &str, policy: &str) -> ReportLine {
    let parsed = text.parse::<Label>().ok();
    let kind = parsed.as_ref().map_or(text, Label::kind);
    let is_ours = facts.own_label.as_deref() == Some(text);
    let whose = if is_ours {
        "your own label"
    } else {
        "the label"
    };
    let fact = format!("It runs with {whose}, {kind} (SELinux is enforcing{policy})");
    let spec = facts.spec;
    let needs_it = spec.home == HomeMode::Shared || !spec.shares.is_empty();
    if spec.preset == Preset::Sealed && !needs_it {
        return ReportLine::risk(
            Topic::Selinux,
            fact,
            "SELinux refuses it only what it refuses you, though a sealed pet needs nothing that asks for that.",
        );
    }
    ReportLine::note(
        Topic::Selinux,
        fact,
        "SELinux refuses it only what it refuses you: container_t, the label of containers, may not use \
         windows, sound or files of your home.",
    )
}

fn apparmor(security: &Security) -> Option<ReportLine> {
    let Some(profile) = &security.apparmor else {
        // One of the two is what a distribution has.
        let is_alone = security.selinux.mode == SelinuxMode::Disabled;
        return is_alone.then(|| {
            ReportLine::note(
                Topic::Apparmor,
                "AppArmor is not on",
                "Most distributions have one of the two as a second lock; this computer has neither.",
            )
        });
    };
    Some(if profile.ends_with("(enforce)") {
        ReportLine::good(
            Topic::Apparmor,
            format!("AppArmor holds it by the profile {profile}"),
            "What the profile does not allow is refused, to root inside as well.",
        )
    } else {
        ReportLine::note(
            Topic::Apparmor,
            format!("AppArmor refuses it nothing (profile {profile})"),
            "No second lock stands behind the namespaces, should the kernel have a hole in them.",
        )
    })
}

fn denials(denials: &Denials) -> Option<ReportLine> {
    Some(match denials {
        Denials::NotApplicable | Denials::NotRunning => return None,
        Denials::Unreadable { reason, command } => {
            let line = ReportLine::note(
                Topic::Denials,
                format!("Refusals are not readable: {reason}"),
                "What SELinux refused it is written there, so that this page cannot tell.",
            );
            match command {
                Some(command) => line.mended_by(
                    "Join the group that may read it, then log in again.",
                    vec![command.clone()],
                ),
                None => line,
            }
        }
        Denials::Read { last } => match last.len() {
            0 => ReportLine::good(
                Topic::Denials,
                "SELinux refused it nothing in the last day",
                "No program in it tried what its label may not do, as far as the log tells.",
            ),
            count => ReportLine::note(
                Topic::Denials,
                format!("SELinux noted {} in the last day", refusals(count)),
                "A program in it wanted what its label may not do: an attack, or something that it should be given.",
            ),
        },
    })
}

fn refusals(count: usize) -> String {
    match count {
        1 => "1 refusal".to_owned(),
        10.. => "10 refusals or more".to_owned(),
        _ => format!("{count} refusals"),
    }
}
