//! What is true of this computer now, gathered before a [`super::plan`] is made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use kennel_model::{Place, Share};

use super::followed::certificates;
use super::nvidia::{self, Driver};
use super::shares::{self, LINKED};
use crate::account::Account;
use crate::lsm::{self, label::Label};

/// Facts about the host that a plan depends on.
#[derive(Debug, Clone, Default)]
pub struct HostFacts {
    /// The caller's environment.
    pub environment: BTreeMap<String, String>,
    /// Those of the [`shares::sources`] that exist.
    pub existing: BTreeSet<PathBuf>,
    /// Those of them that are on another file system than the runtime directory.
    pub elsewhere: BTreeSet<PathBuf>,
    /// Those of [`LINKED`] that are links here, and what they say.
    pub links: BTreeMap<PathBuf, PathBuf>,
    /// Whether the person has groups beside their primary one.
    pub has_groups: bool,
    /// Whether a file of trusted authorities was found.
    pub has_certificates: bool,
    /// The SELinux label of the person's programs, where SELinux is on.
    pub label: Option<Label>,
    /// NVIDIA's driver.
    pub nvidia: Option<Driver>,
}

impl HostFacts {
    /// What concerns `shares` of the person of `account`, in this process's environment.
    pub fn gather(shares: &[Share], account: &Account) -> Self {
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let device = |path: &Path| fs::metadata(path).ok().map(|status| status.dev());
        let here = device(&shares::runtime_dir(&environment, account));
        let mut existing = BTreeSet::new();
        let mut elsewhere = BTreeSet::new();
        for path in shares::sources(shares, &environment, account) {
            if let Some(device) = device(&path) {
                if Some(device) != here {
                    elsewhere.insert(path.clone());
                }
                existing.insert(path);
            }
        }
        let wants = |place| {
            shares
                .iter()
                .any(|share| share.row().places.contains(&place))
        };
        Self {
            label: lsm::own_label(),
            environment,
            existing,
            elsewhere,
            links: LINKED
                .iter()
                .map(PathBuf::from)
                .filter_map(|path| Some((path.clone(), fs::read_link(path).ok()?)))
                .collect(),
            has_groups: has_groups(account),
            has_certificates: wants(Place::Certificates) && certificates().is_some(),
            nvidia: wants(Place::Nvidia).then(nvidia::find).flatten(),
        }
    }
}

fn has_groups(account: &Account) -> bool {
    rustix::process::getgroups()
        .is_ok_and(|groups| groups.iter().any(|group| group.as_raw() != account.gid))
}
