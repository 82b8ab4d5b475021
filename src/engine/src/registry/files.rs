//! The files of other container tools that a pull reads: log-ins and certificates.

use std::path::{Path, PathBuf};

/// Where log-ins and certificates are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientFiles {
    /// Files of containers-auth.json(5), in the order they are asked.
    pub auth: Vec<PathBuf>,
    /// Directories of containers-certs.d(5); the first that has the host is used.
    pub certificates: Vec<PathBuf>,
}

impl ClientFiles {
    /// podman's and docker's places for the person whose home is `home`.
    pub fn from_environment(home: &Path) -> Self {
        let variable = |name: &str| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let config = variable("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let auth = match variable("REGISTRY_AUTH_FILE") {
            Some(file) => vec![file],
            None => variable("XDG_RUNTIME_DIR")
                .map(|runtime| runtime.join("containers/auth.json"))
                .into_iter()
                .chain([
                    config.join("containers/auth.json"),
                    variable("DOCKER_CONFIG")
                        .unwrap_or_else(|| home.join(".docker"))
                        .join("config.json"),
                ])
                .collect(),
        };
        let certificates = vec![
            config.join("containers/certs.d"),
            PathBuf::from("/etc/containers/certs.d"),
            PathBuf::from("/etc/docker/certs.d"),
        ];
        Self { auth, certificates }
    }
}
