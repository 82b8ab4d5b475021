//! What a person is told about a pet that eats the machine, and from when on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Phrase;

/// What may be wrong with a pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertKind {
    /// It has used nearly all the processor time it may have for a while.
    Busy,
    /// It wants more processor time than its limit allows, and is made to wait.
    HeldBack,
    /// Its memory is nearly at its limit.
    MemoryNearLimit,
    /// A program in it was killed because it had used up its memory.
    OutOfMemory,
    /// The disk that pets are kept on is nearly full.
    DiskNearlyFull,
    /// It ended though nobody asked it to.
    Ended,
}

/// A pet's alert, as its keeper leaves it for whoever lists pets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What.
    pub kind: AlertKind,
    /// It in a sentence, with the pet's name.
    #[serde(flatten, with = "crate::phrase::field::text")]
    pub text: Phrase,
    /// Since when, RFC 3339.
    pub since: String,
}

/// A whole number from `MIN` to `MAX`; read from a text it may have a unit behind it, `%` or `s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Within<const MIN: u32, const MAX: u32>(u32);

/// Percent of what may be used up, so that none of it would always alert.
pub type Percent = Within<1, 100>;
/// Percent of a disk that should stay free.
pub type FreePercent = Within<0, 50>;
/// For how long, from ten seconds to an hour.
pub type Seconds = Within<10, 3600>;

/// A number that is none, or out of its range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not a whole number from {min} to {max}")]
pub struct OutOfRange {
    given: String,
    min: u32,
    max: u32,
}

impl<const MIN: u32, const MAX: u32> Within<MIN, MAX> {
    /// The least.
    pub const MIN: u32 = MIN;
    /// The greatest.
    pub const MAX: u32 = MAX;

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> TryFrom<u32> for Within<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(number: u32) -> Result<Self, OutOfRange> {
        if (MIN..=MAX).contains(&number) {
            return Ok(Self(number));
        }
        Err(OutOfRange {
            given: number.to_string(),
            min: MIN,
            max: MAX,
        })
    }
}

impl<const MIN: u32, const MAX: u32> FromStr for Within<MIN, MAX> {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let digits = text.trim().trim_end_matches(['%', 's']).trim_end();
        let number = digits
            .parse()
            .ok()
            .and_then(|number: u32| number.try_into().ok());
        number.ok_or_else(|| OutOfRange {
            given: text.to_owned(),
            min: MIN,
            max: MAX,
        })
    }
}

impl<const MIN: u32, const MAX: u32> From<Within<MIN, MAX>> for u32 {
    fn from(number: Within<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: u32, const MAX: u32> fmt::Display for Within<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// From when on a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertThresholds {
    /// Whether they are told at all.
    pub enabled: bool,
    /// Processor time in percent of what the pet may have.
    pub cpu_percent: Percent,
    /// For how many seconds.
    pub cpu_seconds: Seconds,
    /// Memory in percent of the limit.
    pub memory_percent: Percent,
    /// Free room on the disk in percent.
    pub disk_free_percent: FreePercent,
}

impl Default for AlertThresholds {
    fn default() -> Self {
        Self {
            enabled: true,
            cpu_percent: Within(90),
            cpu_seconds: Within(60),
            memory_percent: Within(90),
            disk_free_percent: Within(5),
        }
    }
}

/// Some thresholds, set over others: `[alerts]` of a `config.toml`, or a pet's own. What is `None`
/// stays as it is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertSettings {
    /// Whether the person is told at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Processor time in percent of what the pet may have, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<Percent>,
    /// For how many seconds, 10 to 3600.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<Seconds>,
    /// Memory in percent of the limit, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_percent: Option<Percent>,
    /// Free room on the disk in percent, 0 to 50.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_free_percent: Option<FreePercent>,
}

impl AlertSettings {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `base` with what is set here.
    #[must_use]
    pub fn over(self, base: AlertThresholds) -> AlertThresholds {
        AlertThresholds {
            enabled: self.enabled.unwrap_or(base.enabled),
            cpu_percent: self.cpu_percent.unwrap_or(base.cpu_percent),
            cpu_seconds: self.cpu_seconds.unwrap_or(base.cpu_seconds),
            memory_percent: self.memory_percent.unwrap_or(base.memory_percent),
            disk_free_percent: self.disk_free_percent.unwrap_or(base.disk_free_percent),
        }
    }

    /// These settings with those that `later` has.
    #[must_use]
    pub fn with(self, later: Self) -> Self {
        Self {
            enabled: later.enabled.or(self.enabled),
            cpu_percent: later.cpu_percent.or(self.cpu_percent),
            cpu_seconds: later.cpu_seconds.or(self.cpu_seconds),
            memory_percent: later.memory_percent.or(self.memory_percent),
            disk_free_percent: later.disk_free_percent.or(self.disk_free_percent),
        }
    }
}

/// Whose word counts about a pet's alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertMode {
    /// The person's for all pets: what the pet had of its own is forgotten.
    Default,
    /// Its own: it alerts, whatever holds for all.
    On,
    /// Its own: it never does.
    Off,
}

/// What is chosen about a pet's alerts; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertChoices {
    /// Whose word counts; made before the thresholds.
    pub mode: Option<AlertMode>,
    /// Thresholds of its own.
    pub own: AlertSettings,
}

impl AlertChoices {
    /// `base` with these choices made after it.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        let below = if self.mode == Some(AlertMode::Default) {
            AlertSettings::default()
        } else {
            base.own
        };
        Self {
            mode: self.mode.or(base.mode),
            own: below.with(self.own),
        }
    }

    /// Makes them in a pet's settings.
    pub fn apply(self, settings: &mut AlertSettings) {
        match self.mode {
            None => {}
            Some(AlertMode::Default) => *settings = AlertSettings::default(),
            Some(AlertMode::On) => settings.enabled = Some(true),
            Some(AlertMode::Off) => settings.enabled = Some(false),
        }
        *settings = settings.with(self.own);
    }
}

/// What the person and their company set about alerts, and what comes of it for a pet without
/// settings of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AlertDefaults {
    /// The person's.
    pub own: AlertSettings,
    /// What holds.
    pub thresholds: AlertThresholds,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_has_its_range() {
        assert_eq!("90%".parse::<Percent>().map(Percent::get), Ok(90));
        assert_eq!("30s".parse::<Seconds>().map(Seconds::get), Ok(30));
        assert_eq!("0".parse::<FreePercent>().map(FreePercent::get), Ok(0));
        for text in ["0", "101", "", "%", "ninety", "-5", "5.5", "99999999999"] {
            let error = text.parse::<Percent>().unwrap_err().to_string();
            assert!(
                error.ends_with("is not a whole number from 1 to 100"),
                "{error}"
            );
        }
        assert!(serde_json::from_str::<AlertSettings>(r#"{"cpu_seconds":5}"#).is_err());
        assert!(serde_json::from_str::<AlertSettings>(r#"{"cpu":5}"#).is_err());
    }

    #[test]
    fn the_default_takes_a_pets_own_settings_away() {
        let mut pet = AlertSettings::default();
        let own = AlertSettings {
            cpu_percent: "50".parse().ok(),
            ..AlertSettings::default()
        };
        AlertChoices {
            mode: Some(AlertMode::Off),
            own,
        }
        .apply(&mut pet);
        let thresholds = pet.over(AlertThresholds::default());
        assert!(!thresholds.enabled);
        assert_eq!(thresholds.cpu_percent.get(), 50);
        assert_eq!(thresholds.memory_percent.get(), 90);
        AlertChoices {
            mode: Some(AlertMode::Default),
            own: AlertSettings::default(),
        }
        .apply(&mut pet);
        assert!(pet.is_empty());
    }
}
