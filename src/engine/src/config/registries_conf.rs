//! `registries.conf`, version 2, as containers-registries.conf(5) describes it: what is read is
//! where registries really are, their mirrors, and which are blocked.
//!
//! `unqualified-search-registries` and `aliases` are passed over: they serve short names, and
//! Kennel never guesses a registry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Scope;
use super::places::drop_ins;
use super::{ConfigError, Places, parse_toml, read_optional};

/// What `registries.conf` and its drop-ins say, by prefix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistriesConf {
    pub(super) registries: BTreeMap<Scope, Registry>,
}

/// `[[registry]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Registry {
    #[serde(default)]
    prefix: Option<Scope>,
    #[serde(default)]
    pub(super) location: Option<Scope>,
    #[serde(default)]
    pub(super) insecure: bool,
    #[serde(default)]
    pub(super) blocked: bool,
    #[serde(default, rename = "mirror-by-digest-only")]
    pub(super) mirror_by_digest_only: bool,
    #[serde(default, rename = "mirror")]
    pub(super) mirrors: Vec<Mirror>,
}

/// `[[registry.mirror]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Mirror {
    pub(super) location: Scope,
    #[serde(default)]
    pub(super) insecure: bool,
    #[serde(default, rename = "pull-from-mirror")]
    pub(super) pull_from_mirror: MirrorUse,
}

/// Which references a mirror is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum MirrorUse {
    #[default]
    All,
    DigestOnly,
    TagOnly,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default, rename = "registry")]
    registries: Vec<Registry>,
    /// Version 1 had a table of this name.
    #[serde(rename = "registries")]
    version_1: Option<serde::de::IgnoredAny>,
}

impl RegistriesConf {
    /// Reads them where container programs do: the person's file replaces the system's, and the
    /// drop-ins of both add to it.
    pub fn load(places: &Places) -> Result<Self, ConfigError> {
        let mut found = Self::default();
        for path in Self::files(places)? {
            if let Some(text) = read_optional(&path)? {
                found.add(&text, &path)?;
            }
        }
        Ok(found)
    }

    fn files(places: &Places) -> Result<Vec<PathBuf>, ConfigError> {
        let own = places.person.join("containers/registries.conf");
        let main = if own.exists() {
            own
        } else {
            places.system.join("containers/registries.conf")
        };
        let mut files = vec![main];
        for root in [&places.system, &places.person] {
            files.extend(drop_ins(
                &root.join("containers/registries.conf.d"),
                "conf",
            )?);
        }
        Ok(files)
    }

    /// Adds the text of the file at `path`; a prefix that was there is replaced.
    pub fn add(&mut self, text: &str, path: &Path) -> Result<(), ConfigError> {
        let document: Document = parse_toml(text, path)?;
        if document.version_1.is_some() {
            let reason = "it is of version 1: write [[registry]] tables, as containers-registries.conf(5) says";
            return Err(ConfigError::invalid(path, reason));
        }
        for registry in document.registries {
            let Some(prefix) = registry
                .prefix
                .clone()
                .or_else(|| registry.location.clone())
            else {
                return Err(ConfigError::invalid(
                    path,
                    "a registry has neither prefix nor location",
                ));
            };
            self.registries.insert(prefix, registry);
        }
        Ok(())
    }
}
