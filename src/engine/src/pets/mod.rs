//! Pets as a person knows them: create, find, list, start, stop, remove, rename, log.
//!
//! [`Kennel`] is what the command line's verbs and the app's jobs call. It holds no state that
//! is not on disk; two of them may work at the same time.

mod alerts;
mod bridge;
mod create;
mod edit;
mod error;
mod events;
mod exports;
mod images;
mod label;
mod lifecycle;
mod limits;
mod locale;
mod log;
mod newer;
mod propose;
mod pull;
mod reachable;
mod registry;
mod security;
mod setup;
mod shares;
mod status;
mod tail;
mod terminals;
mod trust;
mod usage;

pub use create::{bad_reference, unreachable_path};
pub use error::KennelError;
pub use label::{LabelError, ProjectAccess, way_back};
pub use limits::{Usage, usage};
pub use log::{LogLine, follow_log, read_log, write_log};
pub use propose::Preview;
pub use reachable::Reachable;
pub use registry::Pets;
pub use security::{Namespaces, Security, SelinuxMode};
pub use setup::{SetupFailure, SetupSink, is_unfinished};
pub use status::{NetworkStatus, PetStatus};

use crate::account::{Account, AccountError};
use crate::idmap::{self, IdMapping};
use crate::paths::Paths;
use crate::store::Store;
use crate::unpacker::NamespaceUnpacker;

/// Everything Kennel knows and does for one person.
pub struct Kennel {
    /// The person.
    pub account: Account,
    /// Where things are kept.
    pub paths: Paths,
    /// The id mapping of their pets.
    pub mapping: IdMapping,
}

impl Kennel {
    /// For the person who runs this process. Refuses root.
    pub fn open() -> Result<Self, KennelError> {
        let account = Account::current()?;
        let paths = Paths::from_environment(&account.home);
        let mapping = IdMapping::detect(&account);
        Ok(Self {
            account,
            paths,
            mapping,
        })
    }

    /// Only where things are kept: all that entering a running pet needs.
    pub fn paths_only() -> Result<(Account, Paths), AccountError> {
        let account = Account::current()?;
        let paths = Paths::from_environment(&account.home);
        Ok((account, paths))
    }

    /// The image store.
    pub fn store(&self) -> Result<Store, KennelError> {
        let store = Store::open(self.paths.data.clone())?;
        store.sweep(&self.unpacker())?;
        Ok(store)
    }

    /// What this computer lacks, a sentence each with what to do.
    pub fn notices(&self) -> Vec<String> {
        if self.mapping.is_full() {
            return Vec::new();
        }
        let fix = idmap::give_range(&self.account.name);
        vec![format!(
            "Your account has no subordinate ids, so pets have a single uid and sudo and package managers \
             do not work in them; fix: {fix}"
        )]
    }

    /// What unpacks layers for this person.
    pub fn unpacker(&self) -> NamespaceUnpacker<'_> {
        NamespaceUnpacker {
            mapping: &self.mapping,
        }
    }
}
