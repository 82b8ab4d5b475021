//! What of the rules' turns a person hears: each alert once until it is over, and what comes and
//! goes at most once in [`COOL_DOWN`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kennel_model::AlertKind;

use super::Turn;

/// How long nothing of the same family is told after it was. What still holds then is told.
pub const COOL_DOWN: Duration = Duration::from_secs(300);

/// What holds, and what of that was told.
#[derive(Debug, Default)]
pub struct Told {
    holds: BTreeSet<AlertKind>,
    told: BTreeSet<AlertKind>,
    quiet_until: BTreeMap<AlertKind, Duration>,
}

impl Told {
    /// A rule says that something began or ended.
    pub fn note(&mut self, turn: Turn) {
        match turn {
            Turn::Raised(kind) => drop(self.holds.insert(kind)),
            Turn::Cleared(kind) => drop(self.holds.remove(&kind)),
        }
    }

    /// Somebody else has told this already.
    pub fn take_over(&mut self, kind: AlertKind) {
        self.holds.insert(kind);
        self.told.insert(kind);
    }

    /// The person wants to hear nothing any more: what stood is over.
    pub fn silence(&mut self) -> Vec<Turn> {
        self.holds.clear();
        self.settle(Duration::ZERO)
    }

    /// What the person is told at the time `now`.
    pub fn settle(&mut self, now: Duration) -> Vec<Turn> {
        let over: Vec<AlertKind> = self.told.difference(&self.holds).copied().collect();
        let new: Vec<AlertKind> = self.holds.difference(&self.told).copied().collect();
        let mut turns = Vec::new();
        for kind in over {
            self.told.remove(&kind);
            turns.push(Turn::Cleared(kind));
        }
        for kind in new {
            let quiet_until = self.quiet_until.entry(family(kind)).or_default();
            if *quiet_until <= now {
                *quiet_until = now + COOL_DOWN;
                self.told.insert(kind);
                turns.push(Turn::Raised(kind));
            }
        }
        turns
    }
}

/// Busy and held back are one thing before and after a limit was set: whoever just set one needs
/// not hear of it a minute later.
fn family(kind: AlertKind) -> AlertKind {
    match kind {
        AlertKind::HeldBack => AlertKind::Busy,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_comes_and_goes_is_told_once_in_a_while() {
        let mut told = Told::default();
        let mut turns = Vec::new();
        for minute in 1..=10 {
            told.note(Turn::Raised(AlertKind::Busy));
            turns.extend(told.settle(at(minute * 60)));
            told.note(Turn::Cleared(AlertKind::Busy));
            turns.extend(told.settle(at(minute * 60 + 30)));
        }
        let pair = [
            Turn::Raised(AlertKind::Busy),
            Turn::Cleared(AlertKind::Busy),
        ];
        assert_eq!(turns, [pair, pair].concat());
    }

    #[test]
    fn what_holds_on_is_told_after_the_pause() {
        let mut told = Told::default();
        told.note(Turn::Raised(AlertKind::Busy));
        assert_eq!(told.settle(at(60)).len(), 1);
        // The person limits it.
        told.note(Turn::Cleared(AlertKind::Busy));
        assert_eq!(told.settle(at(70)), [Turn::Cleared(AlertKind::Busy)]);
        told.note(Turn::Raised(AlertKind::HeldBack));
        assert_eq!(told.settle(at(130)), []);
        assert_eq!(told.settle(at(360)), [Turn::Raised(AlertKind::HeldBack)]);
        assert_eq!(told.settle(at(370)), []);
    }

    #[test]
    fn one_alert_hides_no_other() {
        let mut told = Told::default();
        told.note(Turn::Raised(AlertKind::Busy));
        told.settle(at(60));
        told.note(Turn::Raised(AlertKind::OutOfMemory));
        assert_eq!(told.settle(at(61)), [Turn::Raised(AlertKind::OutOfMemory)]);
    }
}
