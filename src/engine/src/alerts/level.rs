//! A fill level with an alert above a mark, and calm only well below it: a value that swings
//! around the mark raises one alert, not a storm.

use kennel_model::AlertKind;

use super::Turn;

/// How far below the mark, in percent points, the level must fall before it may alert again.
const CALM: u64 = 10;

/// One level that is watched.
#[derive(Debug)]
pub struct Level {
    kind: AlertKind,
    percent: u8,
    raised: bool,
}

impl Level {
    /// Alerts with `kind` at `percent` of the whole, 1 to 100.
    pub fn new(kind: AlertKind, percent: u8) -> Self {
        Self {
            kind,
            percent,
            raised: false,
        }
    }

    /// `used` of `whole`, in any unit; a whole of 0 is no level.
    pub fn feed(&mut self, used: u64, whole: u64) -> Option<Turn> {
        let percent = (u128::from(used) * 100).checked_div(u128::from(whole))?;
        let mark = u128::from(self.percent);
        if !self.raised && percent >= mark {
            self.raised = true;
            return Some(Turn::Raised(self.kind));
        }
        if self.raised && percent < mark.saturating_sub(u128::from(CALM)) {
            self.raised = false;
            return Some(Turn::Cleared(self.kind));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swinging_level_alerts_once() {
        let mut memory = Level::new(AlertKind::MemoryNearLimit, 90);
        let turns: Vec<Turn> = [50, 91, 89, 92, 85, 95, 81, 90]
            .into_iter()
            .filter_map(|used| memory.feed(used, 100))
            .collect();
        assert_eq!(turns, [Turn::Raised(AlertKind::MemoryNearLimit)]);
        assert_eq!(
            memory.feed(79, 100),
            Some(Turn::Cleared(AlertKind::MemoryNearLimit))
        );
        assert_eq!(
            memory.feed(u64::MAX, u64::MAX),
            Some(Turn::Raised(AlertKind::MemoryNearLimit))
        );
    }

    #[test]
    fn without_a_limit_there_is_no_level() {
        assert_eq!(Level::new(AlertKind::MemoryNearLimit, 1).feed(7, 0), None);
    }
}
