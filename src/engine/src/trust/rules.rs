//! Everything that decides about trust, read from files before anything is decided.

use std::path::PathBuf;

use kennel_model::ImageRef;

use super::policy::Policy;
use crate::catalog::Catalog;
use crate::config::{ConfigError, ConfigFile, Places, RegistriesConf, Scope};

/// The rules that hold for this person on this computer.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The company's and the person's `config.toml`.
    pub files: [ConfigFile; 2],
    /// Repositories of the catalog's images.
    pub catalog: Vec<Scope>,
    /// Those of them that the company's own catalog files name.
    pub company_catalog: Vec<Scope>,
    /// Containers' `registries.conf`.
    pub registries: RegistriesConf,
    /// Containers' `policy.json`, where there is one.
    pub policy: Option<Policy>,
}

impl Rules {
    /// Reads all of them.
    pub fn load(places: &Places, catalog: &Catalog) -> Result<Self, ConfigError> {
        Ok(Self {
            files: ConfigFile::load(places)?,
            catalog: catalog.repositories(),
            company_catalog: catalog.company_repositories(),
            registries: RegistriesConf::load(places)?,
            policy: Policy::load(places)?,
        })
    }
}

/// "Must be signed by one of these keys", and what the signature has to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRule {
    /// Any one of them is enough.
    pub keys: Vec<KeySource>,
    /// What the signature must name.
    pub identity: Identity,
}

/// Where a public key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A PEM file.
    File(PathBuf),
    /// PEM text, from inside `policy.json`.
    Text(String),
}

/// What a signature must say it is about (`signedIdentity` of containers-policy.json(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The same repository, any tag; what cosign signs.
    Repository,
    /// The same repository and tag; for a pinned reference the repository alone.
    RepositoryAndTag,
    /// Exactly the same reference.
    Exact,
    /// This reference, wherever the image is.
    Reference(ImageRef),
    /// This repository, wherever the image is.
    NamedRepository(String),
    /// As `RepositoryAndTag`, with this prefix of the reference replaced by that one.
    Remapped {
        /// Where the image is.
        prefix: Scope,
        /// What was signed.
        signed_prefix: Scope,
    },
}
