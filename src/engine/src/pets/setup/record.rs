//! `setup.json` in a pet's directory: which steps are done, and which failed.

use std::fs;
use std::io;
use std::path::Path;

use kennel_model::Phrase;

use serde::{Deserialize, Serialize};

use super::KennelError;
use super::steps::Step;
use crate::files;

/// The version of `setup.json`.
const VERSION: u32 = 1;

/// A step that did not end well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupFailure {
    /// Which one.
    pub(super) key: String,
    /// Its name.
    pub step: String,
    /// How it ended, such as “status 100”.
    #[serde(flatten, with = "kennel_model::phrase::field::how")]
    pub how: Phrase,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    version: u32,
    /// The keys of the steps that are done for good.
    #[serde(default)]
    pub done: Vec<String>,
    /// What failed last; nothing after it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<SetupFailure>,
}

impl Record {
    /// That of the pet in `directory`; an empty one for a pet that was never set up.
    pub fn read(directory: &Path) -> Result<Self, KennelError> {
        let path = directory.join("setup.json");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    version: VERSION,
                    done: Vec::new(),
                    failed: None,
                });
            }
            Err(error) => return Err(KennelError::io(path)(error)),
        };
        let bad = |reason: String| KennelError::BadSpec {
            path: path.clone(),
            reason,
        };
        let record: Self =
            serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if record.version == VERSION {
            Ok(record)
        } else {
            Err(bad(format!("its version is not {VERSION}")))
        }
    }

    /// Replaces the file.
    pub fn write(&self, directory: &Path) -> Result<(), KennelError> {
        let path = directory.join("setup.json");
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| KennelError::io(&path)(error.into()))?;
        files::replace(&path, &text).map_err(KennelError::io(path))
    }

    /// Those of `steps` that are to be run now.
    pub fn left(&self, steps: Vec<Step>) -> Vec<Step> {
        steps
            .into_iter()
            .filter(|step| !self.done.contains(&step.key))
            .collect()
    }
}
