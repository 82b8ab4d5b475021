//! Why a configuration file was not taken, and reading one.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{Phrase, UserError, phrase};
use serde::de::DeserializeOwned;

/// Why a configuration file was not taken. Nothing is done with half a configuration.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum ConfigError {
    /// It is there but cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be changed.
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that is not understood.
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, if it is known.
        line: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

impl ConfigError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Read { path, source } => phrase("{path} cannot be read: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
            Self::Write { path, source } => phrase("{path} cannot be changed: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
            Self::Invalid {
                path,
                line: Some(line),
                reason,
            } => phrase("{path} line {line}: {reason}")
                .with("path", path.display())
                .with("line", line)
                .with("reason", reason),
            Self::Invalid { path, reason, .. } => phrase("{path}: {reason}")
                .with("path", path.display())
                .with("reason", reason),
        }
    }

    /// Something wrong with the file as a whole.
    pub(crate) fn invalid(path: &Path, reason: impl Into<String>) -> Self {
        Self::Invalid {
            path: path.to_owned(),
            line: None,
            reason: reason.into(),
        }
    }
}

impl From<ConfigError> for UserError {
    fn from(error: ConfigError) -> Self {
        let todo = match &error {
            ConfigError::Read { .. } => phrase("check that it is a file that you may read"),
            ConfigError::Write { .. } => phrase("check that you may write there"),
            ConfigError::Invalid { .. } => {
                phrase("correct the file; until then no image is fetched")
            }
        };
        Self::new("bad-config", error.phrase(), todo).caused_by(&error)
    }
}

/// Configuration is written by people; anything longer is something else.
const LIMIT: u64 = 1 << 20;

/// The text of `path`; `None` if there is no such file.
pub(crate) fn read_optional(path: &Path) -> Result<Option<String>, ConfigError> {
    let failed = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(LIMIT + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if text.len() as u64 > LIMIT {
        return Err(ConfigError::invalid(path, "it is larger than 1 MiB"));
    }
    Ok(Some(text))
}

/// Reads TOML; the error says which line.
pub(crate) fn parse_toml<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::Invalid {
        path: path.to_owned(),
        line: error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1),
        reason: error.message().lines().collect::<Vec<_>>().join(" "),
    })
}
