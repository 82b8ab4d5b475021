//! Own authorities and client certificates of a registry: `certs.d/<host[:port]>/` with `*.crt`,
//! and `*.cert` beside `*.key` (containers-certs.d(5)).

use std::path::{Path, PathBuf};

use reqwest::{Certificate, Identity};

use super::RegistryError;

/// What a host's directory holds.
#[derive(Debug, Default)]
pub(super) struct HostCertificates {
    /// Trusted beside the system's own.
    pub(super) authorities: Vec<Certificate>,
    /// Shown to the registry when it asks who is there.
    pub(super) identity: Option<Identity>,
}

impl HostCertificates {
    /// Those of `host[:port]` in the first of `directories` that knows it.
    pub(super) fn find(directories: &[PathBuf], host: &str) -> Result<Self, RegistryError> {
        let found = directories
            .iter()
            .map(|directory| directory.join(host))
            .find(|directory| directory.is_dir());
        found.map_or_else(|| Ok(Self::default()), |directory| Self::read(&directory))
    }

    fn read(directory: &Path) -> Result<Self, RegistryError> {
        let mut found = Self::default();
        let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            match path.extension().and_then(std::ffi::OsStr::to_str) {
                Some("crt") => {
                    let certificates = Certificate::from_pem_bundle(&read(&path)?)
                        .map_err(|error| unreadable(&path, error))?;
                    found.authorities.extend(certificates);
                }
                Some("cert") => {
                    let mut both = read(&path)?;
                    both.push(b'\n');
                    both.extend(read(&path.with_extension("key"))?);
                    let identity =
                        Identity::from_pem(&both).map_err(|error| unreadable(&path, error))?;
                    found.identity = Some(identity);
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, RegistryError> {
    std::fs::read(path).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> RegistryError {
    RegistryError::Certificates {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}
