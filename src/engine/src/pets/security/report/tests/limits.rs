//! Limits that hold, and those that cannot be had.

use kennel_model::{Phrase, Preset, Rating, Topic};

use super::{Case, no_limit};
use crate::pets::security::facts::Obstacle;

#[test]
fn limits_are_what_the_kernel_holds() {
    let mut case = Case::new(Preset::Sealed);
    case.assert(Topic::CpuLimit, Rating::Good, "0.5 cores");
    case.limits.memory = no_limit();
    case.assert(Topic::MemoryLimit, Rating::Note, "No limit of memory");
    case.limits.pids.enforced = None;
    case.limits.pids.reason = Some(Phrase::verbatim("systemd has not set it"));
    case.assert(
        Topic::ProcessLimit,
        Rating::Risk,
        "no limit, though you asked for 100",
    );
}

#[test]
fn a_limit_that_cannot_be_had_is_a_risk_where_it_was_wanted() {
    let mut case = Case::new(Preset::Sealed);
    case.limits.unavailable = Some(Phrase::verbatim("limits unavailable"));
    case.obstacle = Some(Obstacle {
        reason: Phrase::verbatim("control groups are version 1"),
        advice: Phrase::verbatim("Start it with version 2."),
        commands: vec!["fix".into()],
    });
    for limit in [
        &mut case.limits.cpu,
        &mut case.limits.memory,
        &mut case.limits.pids,
    ] {
        limit.enforced = None;
    }
    case.assert(
        Topic::CpuLimit,
        Rating::Risk,
        "Not enforced, though you asked for it: 0.5 cores",
    );
    for topic in [Topic::MemoryLimit, Topic::ProcessLimit] {
        assert!(case.of(topic).0.is_empty());
    }
    for limit in [
        &mut case.limits.cpu,
        &mut case.limits.memory,
        &mut case.limits.pids,
    ] {
        limit.wanted = None;
    }
    case.assert(Topic::CpuLimit, Rating::Note, "cannot be enforced here");
}
