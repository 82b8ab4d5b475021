//! What is said beside a limit: what the kernel holds the pet to, never what was wished.

use gettextrs::gettext;
use kennel_model::{Limit, LimitStatus};

use super::measure::Measure;
use crate::phrase::sentence;
use crate::words::gettext_f;

/// How a limit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enforced {
    /// There is none.
    Nothing(String),
    /// It waits for the pet to run.
    AtStart(String),
    /// The kernel holds the pet to it.
    Yes(String),
    /// It does not hold, and why.
    No(String),
}

impl Enforced {
    /// That of one limit of a pet.
    pub fn of(measure: Measure, status: &LimitStatus) -> Self {
        let Limit {
            wanted,
            enforced,
            reason,
        } = measure.held(status);
        let said = |value: u64| gettext_f("Enforced: {value}", &[("value", &measure.words(value))]);
        match (wanted, enforced, reason) {
            (None, Some(held), _) if measure != Measure::Weight => Self::Yes(said(*held)),
            (None, ..) => Self::Nothing(gettext("No limit")),
            (Some(_), Some(held), None) => Self::Yes(said(*held)),
            (Some(wanted), _, _) if status.unavailable.is_none() && !status.running => {
                let value = measure.words(*wanted);
                Self::AtStart(gettext_f(
                    "{value}, while it is running",
                    &[("value", &value)],
                ))
            }
            (Some(_), Some(held), Some(reason)) => {
                let held = measure.words(*held);
                Self::No(gettext_f(
                    "Enforced: {held}. {reason}",
                    &[("held", &held), ("reason", &sentence(reason))],
                ))
            }
            (Some(_), None, reason) => {
                let reason = reason.as_ref().map(sentence).unwrap_or_default();
                Self::No(gettext_f("Not enforced: {reason}", &[("reason", &reason)]))
            }
        }
    }

    /// What is said.
    pub fn text(&self) -> &str {
        match self {
            Self::Nothing(text) | Self::AtStart(text) | Self::Yes(text) | Self::No(text) => text,
        }
    }

    /// Its mark: an icon and its colour.
    pub fn mark(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Nothing(_) | Self::AtStart(_) => None,
            Self::Yes(_) => Some(("object-select-symbolic", "success")),
            Self::No(_) => Some(("dialog-warning-symbolic", "warning")),
        }
    }
}

#[cfg(test)]
mod tests {
    use kennel_model::Phrase;

    use super::*;

    fn status(wanted: Option<u64>, enforced: Option<u64>, reason: Option<&str>) -> LimitStatus {
        let none = Limit {
            wanted: None,
            enforced: None,
            reason: None,
        };
        LimitStatus {
            cpu: Limit {
                wanted,
                enforced,
                reason: reason.map(Phrase::verbatim),
            },
            memory: none.clone(),
            swap: none.clone(),
            pids: none.clone(),
            cpu_weight: none,
            running: reason != Some("it does not run"),
            unavailable: None,
        }
    }

    fn said(status: &LimitStatus) -> Enforced {
        Enforced::of(Measure::Cores, status)
    }

    #[test]
    fn only_what_the_kernel_has_is_enforced() {
        assert_eq!(
            said(&status(Some(1500), Some(1500), None)),
            Enforced::Yes("Enforced: 1.5 cores".to_owned())
        );
        assert_eq!(
            said(&status(None, None, None)),
            Enforced::Nothing("No limit".to_owned())
        );
        assert_eq!(
            said(&status(Some(500), None, Some("it does not run"))),
            Enforced::AtStart("0.5 cores, while it is running".to_owned())
        );
        let mixed = status(
            Some(500),
            None,
            Some("control groups are version 1 and 2 mixed"),
        );
        assert_eq!(
            said(&mixed),
            Enforced::No("Not enforced: Control groups are version 1 and 2 mixed.".to_owned())
        );
        let late = status(Some(500), Some(1000), Some("systemd has not set it"));
        assert!(matches!(said(&late), Enforced::No(text) if text.contains("1 core.")));
    }
}
