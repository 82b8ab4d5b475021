//! A fill level with an alert above a mark, and calm only well below it: a value that swings
//! around the mark raises one alert, not a storm.

use kennel_model::AlertKind;

use super::Turn;

/// How much of something is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// In any unit.
    pub used: u64,
    /// In the same; 0 is no level.
    pub whole: u64,
}

/// One level that is watched.
#[derive(Debug)]
pub struct Level {
    kind: AlertKind,
    /// Percent of the whole, 1 to 100.
    mark: u32,
    /// How far below the mark, in percent points, the level must fall before it may alert again.
    calm: u32,
    raised: bool,
}

impl Level {
    /// Alerts with `kind` at `mark` percent of the whole, until it is more than `calm` below that.
    pub fn new(kind: AlertKind, mark: u32, calm: u32) -> Self {
        Self {
            kind,
            mark,
            calm,
            raised: false,
        }
    }

    /// Alerts at `mark` percent from now on.
    pub fn set_mark(&mut self, mark: u32) {
        self.mark = mark;
    }

    /// Somebody else has told the person already, or has not.
    pub fn take_over(&mut self, raised: bool) {
        self.raised = raised;
    }

    /// The next look at it.
    pub fn feed(&mut self, fill: Fill) -> Option<Turn> {
        let percent = (u128::from(fill.used) * 100).checked_div(u128::from(fill.whole))?;
        let mark = u128::from(self.mark);
        if !self.raised && percent >= mark {
            self.raised = true;
            return Some(Turn::Raised(self.kind));
        }
        if self.raised && percent < mark.saturating_sub(u128::from(self.calm)) {
            self.raised = false;
            return Some(Turn::Cleared(self.kind));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(used: u64, whole: u64) -> Fill {
        Fill { used, whole }
    }

    #[test]
    fn a_swinging_level_alerts_once() {
        let mut memory = Level::new(AlertKind::MemoryNearLimit, 90, 10);
        let turns: Vec<Turn> = [50, 91, 89, 92, 85, 95, 81, 90]
            .into_iter()
            .filter_map(|used| memory.feed(fill(used, 100)))
            .collect();
        assert_eq!(turns, [Turn::Raised(AlertKind::MemoryNearLimit)]);
        assert_eq!(
            memory.feed(fill(79, 100)),
            Some(Turn::Cleared(AlertKind::MemoryNearLimit))
        );
        assert_eq!(
            memory.feed(fill(u64::MAX, u64::MAX)),
            Some(Turn::Raised(AlertKind::MemoryNearLimit))
        );
    }

    #[test]
    fn without_a_limit_there_is_no_level() {
        let mut level = Level::new(AlertKind::MemoryNearLimit, 1, 10);
        assert_eq!(level.feed(fill(7, 0)), None);
    }
}
