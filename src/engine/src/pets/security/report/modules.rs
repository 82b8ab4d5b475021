//! SELinux and AppArmor.

use kennel_model::{Denials, HomeMode, Phrase, Preset, ReportLine, Topic, phrase, phrases};

use super::super::kernel::{Security, Selinux, SelinuxMode};
use super::Facts;
use crate::lsm::label::Label;

pub fn lines(facts: &Facts<'_>) -> Vec<ReportLine> {
    let selinux = match facts.security {
        Some(security) => label(facts, &security.selinux),
        None => mode(facts.selinux, None),
    };
    let apparmor = facts.security.and_then(apparmor);
    let denials = denials(facts.denials);
    [Some(selinux), apparmor, denials]
        .into_iter()
        .flatten()
        .collect()
}

/// What SELinux does, where nothing is known of a label.
fn mode(mode: SelinuxMode, policy: Option<&str>) -> ReportLine {
    match mode {
        SelinuxMode::Disabled => ReportLine::note(
            Topic::Selinux,
            phrase("SELinux is not on"),
            phrase(
                "No second lock stands behind the namespaces, should the kernel have a hole in them.",
            ),
        ),
        SelinuxMode::Permissive => ReportLine::note(
            Topic::Selinux,
            with_policy(
                policy,
                phrase("SELinux only watches now (permissive)"),
                phrase("SELinux only watches now (permissive, policy “{policy}”)"),
            ),
            phrase("It writes down what it would refuse, and refuses nothing to any program."),
        )
        .mended_by(
            phrase("Let it refuse again."),
            vec!["sudo setenforce 1".to_owned()],
        ),
        SelinuxMode::Enforcing => ReportLine::good(
            Topic::Selinux,
            with_policy(
                policy,
                phrase("SELinux is on here (enforcing)"),
                phrase("SELinux is on here (enforcing, policy “{policy}”)"),
            ),
            phrase("Under which label the pet runs is known when it does."),
        ),
    }
}

fn label(facts: &Facts<'_>, selinux: &Selinux) -> ReportLine {
    let policy = selinux.policy.as_deref();
    let general = mode(selinux.mode, policy);
    if selinux.mode == SelinuxMode::Disabled {
        return general;
    }
    let Some(text) = &selinux.label else {
        return ReportLine::note(
            Topic::Selinux,
            phrase("Its SELinux label cannot be read"),
            phrase("Whether SELinux holds it is not known."),
        );
    };
    let label = text.parse().ok().filter(Label::is_container);
    let is_watching = selinux.mode == SelinuxMode::Permissive;
    match label {
        Some(label) if is_watching => ReportLine::risk(
            Topic::Selinux,
            general.fact,
            phrase(
                "It writes down what it would refuse this pet, whose label is {label}, and refuses nothing.",
            )
            .saying("label", described(&label)),
        )
        .mended_by(
            phrase("Let it refuse again."),
            vec!["sudo setenforce 1".to_owned()],
        ),
        Some(label) => ReportLine::good(
            Topic::Selinux,
            with_policy(
                policy,
                phrase("SELinux holds it as {label} (enforcing)"),
                phrase("SELinux holds it as {label} (enforcing, policy “{policy}”)"),
            )
            .saying("label", described(&label)),
            phrase("Your files and other pets are closed to it, whatever a program inside manages to become."),
        ),
        None if is_watching => general,
        None => own(facts, text, policy),
    }
}

/// `named` with the name of the policy, where it is known; else `plain`.
fn with_policy(policy: Option<&str>, plain: Phrase, named: Phrase) -> Phrase {
    match policy {
        Some(policy) => named.with("policy", policy),
        None => plain,
    }
}

fn described(label: &Label) -> Phrase {
    match label.pair() {
        Some(pair) => phrase("{type} with a pair of its own, {pair}").with("pair", pair),
        None => phrase("{type} without a pair of its own"),
    }
    .with("type", label.kind())
}

/// SELinux enforces, but the pet has no label of containers.
fn own(facts: &Facts<'_>, text: &str, policy: Option<&str>) -> ReportLine {
    let parsed = text.parse::<Label>().ok();
    let kind = parsed.as_ref().map_or(text, Label::kind);
    let is_ours = facts.own_label.as_deref() == Some(text);
    let whose = if is_ours {
        phrase("your own label")
    } else {
        phrase("the label")
    };
    let fact = with_policy(
        policy,
        phrase("It runs with {whose}, {type} (SELinux is enforcing)"),
        phrase("It runs with {whose}, {type} (SELinux is enforcing, policy “{policy}”)"),
    )
    .saying("whose", whose)
    .with("type", kind);
    let spec = facts.spec;
    let needs_it = spec.home == HomeMode::Shared || !spec.shares.is_empty();
    if spec.preset == Preset::Sealed && !needs_it {
        return ReportLine::risk(
            Topic::Selinux,
            fact,
            phrase(
                "SELinux refuses it only what it refuses you, though a sealed pet needs nothing that asks for that.",
            ),
        );
    }
    ReportLine::note(
        Topic::Selinux,
        fact,
        phrase(
            "SELinux refuses it only what it refuses you: container_t, the label of containers, may not use windows, sound or files of your home.",
        ),
    )
}

fn apparmor(security: &Security) -> Option<ReportLine> {
    let Some(profile) = &security.apparmor else {
        // One of the two is what a distribution has.
        let is_alone = security.selinux.mode == SelinuxMode::Disabled;
        return is_alone.then(|| {
            ReportLine::note(
                Topic::Apparmor,
                phrase("AppArmor is not on"),
                phrase("Most distributions have one of the two as a second lock; this computer has neither."),
            )
        });
    };
    Some(if profile.ends_with("(enforce)") {
        ReportLine::good(
            Topic::Apparmor,
            phrase("AppArmor holds it by the profile {profile}").with("profile", profile),
            phrase("What the profile does not allow is refused, to root inside as well."),
        )
    } else {
        ReportLine::note(
            Topic::Apparmor,
            phrase("AppArmor refuses it nothing (profile {profile})").with("profile", profile),
            phrase(
                "No second lock stands behind the namespaces, should the kernel have a hole in them.",
            ),
        )
    })
}

fn denials(denials: &Denials) -> Option<ReportLine> {
    Some(match denials {
        Denials::NotApplicable | Denials::NotRunning => return None,
        Denials::Unreadable { reason, command } => {
            let line = ReportLine::note(
                Topic::Denials,
                phrase("Refusals are not readable: {reason}")
                    .saying("reason", Phrase::verbatim(reason)),
                phrase("What SELinux refused it is written there, so that this page cannot tell."),
            );
            match command {
                Some(command) => line.mended_by(
                    phrase("Join the group that may read it, then log in again."),
                    vec![command.clone()],
                ),
                None => line,
            }
        }
        Denials::Read { last } => match last.len() {
            0 => ReportLine::good(
                Topic::Denials,
                phrase("SELinux refused it nothing in the last day"),
                phrase(
                    "No program in it tried what its label may not do, as far as the log tells.",
                ),
            ),
            count => ReportLine::note(
                Topic::Denials,
                phrase("SELinux noted {refusals} in the last day")
                    .saying("refusals", refusals(count)),
                phrase(
                    "A program in it wanted what its label may not do: an attack, or something that it should be given.",
                ),
            ),
        },
    })
}

fn refusals(count: usize) -> Phrase {
    match count {
        10.. => phrase("10 refusals or more"),
        _ => phrases("1 refusal", "{count} refusals", count as u64),
    }
}
