//! Where Kennel keeps things (XDG base directories; the layout is in docs/ARCHITECTURE.md).

use std::path::{Path, PathBuf};

use kennel_model::{APP_DIRECTORY, PetId};

/// The three roots, each ending in `kennel`; those of a development build end in `kennel-devel`.
#[derive(Debug, Clone)]
pub struct Paths {
    /// `$XDG_DATA_HOME/kennel`: images, layers, pets.
    pub data: PathBuf,
    /// `$XDG_STATE_HOME/kennel`: logs.
    pub state: PathBuf,
    /// `$XDG_RUNTIME_DIR/kennel`: running state; gone after a reboot.
    pub runtime: PathBuf,
}

impl Paths {
    /// The roots for the person whose home is `home`, from the environment.
    ///
    /// Without `XDG_RUNTIME_DIR` (cron, plain ssh) the running state lives below the state
    /// directory; it names the boot it belongs to, so a stale file is never believed.
    pub fn from_environment(home: &Path) -> Self {
        let root = |variable: &str, fallback: &str| {
            std::env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .unwrap_or_else(|| home.join(fallback))
                .join(APP_DIRECTORY)
        };
        let state = root("XDG_STATE_HOME", ".local/state");
        let runtime = std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute() && path.is_dir())
            .map_or_else(|| state.join("run"), |path| path.join(APP_DIRECTORY));
        Self {
            data: root("XDG_DATA_HOME", ".local/share"),
            state,
            runtime,
        }
    }

    /// `$XDG_DATA_HOME` itself, where the desktop looks for entries and icons.
    pub fn desktop_data(&self) -> &Path {
        self.data.parent().unwrap_or(&self.data)
    }

    /// All pets' directories.
    pub fn pets(&self) -> PathBuf {
        self.data.join("pets")
    }

    /// One pet's directory: `pet.json`, `config.json`, `upper/`, `work/`, `home/`.
    pub fn pet(&self, id: &PetId) -> PathBuf {
        self.pets().join(id.as_str())
    }

    /// One pet's running state.
    pub fn running(&self, id: &PetId) -> PathBuf {
        self.runtime.join(id.as_str())
    }

    /// The directory of the pets' logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("log")
    }

    /// One pet's log, JSON lines.
    pub fn log(&self, id: &PetId) -> PathBuf {
        self.logs().join(format!("{id}.jsonl"))
    }
}
