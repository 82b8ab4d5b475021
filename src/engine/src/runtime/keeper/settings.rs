//! What the person chose about alerts, also while the pet runs: three files are looked at, and read
//! only when they are other files than before.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{AlertSettings, AlertThresholds, PetName, Phrase};
use serde::Deserialize;

use super::KeeperInput;
use crate::config::{self, Places};

/// All that is read of `pet.json`.
#[derive(Deserialize)]
struct Chosen {
    name: PetName,
    #[serde(default)]
    alerts: AlertSettings,
}

/// By which a file is told from the one that it replaced: inode, size, and the time of its last
/// change in nanoseconds. `None` where there is none.
type Stamp = Option<(u64, u64, i64)>;

/// The settings of one pet.
pub struct Settings {
    spec: PathBuf,
    places: Places,
    seen: Option<[Stamp; 3]>,
    /// The pet's name, which also may change.
    pub name: PetName,
    /// From when on the person is told.
    pub thresholds: AlertThresholds,
}

impl Settings {
    /// Of the pet of `input`; the first [`Self::refresh`] reads them.
    pub fn new(input: &KeeperInput<'_>) -> Self {
        Self {
            spec: input.directory.join("pet.json"),
            places: input.config.clone(),
            seen: None,
            name: input.spec.name.clone(),
            thresholds: AlertThresholds::default(),
        }
    }

    /// Reads what has changed: whether something has. After an error, which comes once for each change,
    /// what was chosen before holds on.
    pub fn refresh(&mut self) -> Result<bool, Phrase> {
        let now = [
            stamp(&self.spec),
            stamp(&self.places.person.join(config::CONFIG_FILE)),
            stamp(&self.places.system.join(config::CONFIG_FILE)),
        ];
        if self.seen.replace(now) == Some(now) {
            return Ok(false);
        }
        let text = fs::read(&self.spec).map_err(|error| reason(&error))?;
        let chosen: Chosen =
            serde_json::from_slice(&text).map_err(|error| Phrase::verbatim(error.to_string()))?;
        self.name = chosen.name;
        let defaults = config::alert_defaults(&self.places).map_err(|error| error.phrase())?;
        self.thresholds = chosen.alerts.over(defaults.thresholds);
        Ok(true)
    }
}

fn stamp(path: &Path) -> Stamp {
    let file = fs::metadata(path).ok()?;
    let changed = file.ctime() * 1_000_000_000 + file.ctime_nsec();
    Some((file.ino(), file.size(), changed))
}
