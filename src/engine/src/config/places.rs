//! Where configuration is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::ConfigError;

/// The two roots of configuration files.
#[derive(Debug, Clone)]
pub struct Places {
    /// `$XDG_CONFIG_HOME`: the person's.
    pub person: PathBuf,
    /// `/etc`: the company's or the distribution's.
    pub system: PathBuf,
}

impl Places {
    /// The roots for the person whose home is `home`, from the environment.
    pub fn from_environment(home: &Path) -> Self {
        let person = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .unwrap_or_else(|| home.join(".config"));
        Self {
            person,
            system: PathBuf::from("/etc"),
        }
    }
}

/// The files in `directory` with this extension, in alphabetical order; none if it is missing.
pub(crate) fn drop_ins(directory: &Path, extension: &str) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source| ConfigError::Read {
        path: directory.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension() == Some(OsStr::new(extension)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
