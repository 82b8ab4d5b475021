//! What a pet may use and does use: limits as they were asked for and as the kernel holds them,
//! and usage, from its control group or, without one, from its processes.

use kennel_model::{Limit, LimitStatus, Limits, PetSpec, Phrase, phrase};
use serde::Serialize;

use super::Kennel;
use crate::cgroup::read::{self, GroupUsage, Held};
use crate::cgroup::{Unavailable, detect, place};
use crate::doctor::Distribution;
use crate::runtime::state::RunningState;
use crate::usage::of_namespace;

/// What a running pet uses, over all its processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Processes; with a control group their threads too.
    pub processes: u64,
    /// Bytes of memory. Without a control group what processes share is counted in each.
    pub memory: u64,
    /// Processor time in milliseconds; without a control group that of the living processes.
    pub cpu_millis: u64,
    /// What only a control group tells; `null` without one.
    pub group: Option<GroupUsage>,
}

impl Kennel {
    /// Why `spec` is not held to its limits though it has some, and what to do: a note for whoever
    /// makes or changes it.
    pub fn limits_notice(&self, spec: &PetSpec) -> Option<Phrase> {
        if spec.limits == Limits::default() {
            return None;
        }
        let state = self.running(spec).ok().flatten();
        let status = status(spec.limits, state.as_ref());
        status.unavailable.clone().or_else(|| {
            let mut limits = [status.cpu, status.memory, status.swap, status.pids].into_iter();
            limits.find_map(|limit| state.as_ref().and(limit.reason))
        })
    }

    /// Holds `spec`, if it runs, to its limits from now on.
    pub(super) fn apply_limits(&self, spec: &PetSpec) {
        if let Ok(Some(state)) = self.running(spec)
            && let Ok(group) = &state.group
            && let Err(error) = place::change(group, spec)
        {
            self.write_log(&spec.id, "limits", error.phrase());
        }
    }
}

/// The limits that were `wanted`, and what of them holds for the pet of `state`, if it runs.
pub(super) fn status(wanted: Limits, state: Option<&RunningState>) -> LimitStatus {
    let held = match state {
        Some(state) => state.group.as_ref().map(read::limits).map_err(Clone::clone),
        None => Err(detect::obstacle().unwrap_or(Unavailable::NotRunning)),
    };
    let limit = |wanted: Option<u64>, of: fn(&read::HeldLimits) -> &Held, unit: u64| {
        let held = match &held {
            Ok(limits) => of(limits).clone(),
            Err(reason) => Err(reason.clone()),
        };
        limit(wanted, held, unit)
    };
    LimitStatus {
        cpu: limit(wanted.cpu_millis, |held| &held.cpu_millis, 1),
        memory: limit(wanted.memory, |held| &held.memory, PAGE),
        swap: limit(wanted.swap, |held| &held.swap, PAGE),
        pids: limit(wanted.pids, |held| &held.pids, 1),
        cpu_weight: limit(wanted.cpu_weight, |held| &held.cpu_weight, 1),
        running: state.is_some(),
        unavailable: match &held {
            Err(reason) if *reason != Unavailable::NotRunning => {
                Some(reason.sentence(Distribution::detect()))
            }
            _ => None,
        },
    }
}

/// Bytes in a page: the kernel rounds limits down to whole ones.
const PAGE: u64 = 4096;

fn limit(wanted: Option<u64>, held: Held, unit: u64) -> Limit {
    let rounded = wanted.map(|value| value / unit * unit);
    let (enforced, reason) = match held {
        Ok(held) if wanted.is_none() || held == rounded => (held, None),
        Ok(held) => (held, Some(phrase("systemd has not set it"))),
        Err(reason) => (None, wanted.map(|_| reason.phrase())),
    };
    Limit {
        wanted,
        enforced,
        reason,
    }
}

/// What the running pet of `state` uses now. With a control group it costs a few small files of the
/// kernel, whatever runs in the pet.
pub fn usage(state: &RunningState) -> Usage {
    let group = state.group.as_ref().ok().and_then(read::usage);
    if let Some(group) = group
        && let (Some(processes), Some(memory)) = (group.tasks, group.memory)
    {
        return Usage {
            processes,
            memory,
            cpu_millis: group.cpu_micros / 1000,
            group: Some(group),
        };
    }
    let sum = of_namespace(state.init.user_namespace);
    Usage {
        processes: sum.processes,
        memory: sum.memory,
        cpu_millis: sum.cpu_micros / 1000,
        group,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::cgroup::Controller;

    #[test]
    fn only_what_the_kernel_has_is_called_enforced() {
        let held = limit(Some(5000), Ok(Some(4096)), PAGE);
        assert_eq!((held.enforced, held.reason), (Some(4096), None));
        let not = limit(Some(500), Ok(None), 1);
        assert_eq!(not.enforced, None);
        assert!(not.reason.is_some());
        let missing = Err(Unavailable::NotDelegated(Controller::Cpu));
        let none = limit(Some(500), missing.clone(), 1);
        assert_eq!(
            none.reason.unwrap().to_string(),
            "your session has no cpu controller"
        );
        assert_eq!(limit(None, missing, 1).reason, None);
    }
}
