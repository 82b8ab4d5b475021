//! Under which SELinux label a pet's processes run, where SELinux is on.

use serde::{Deserialize, Serialize};

use crate::{HomeMode, HostCommands, InitMode, PetSpec, Share};
use crate::{Phrase, phrase};

/// Whose label a pet's processes have. On a computer without SELinux it makes no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessLabel {
    /// The person's own: SELinux holds them to what it holds the person to.
    Person,
    /// That of containers, with categories of the pet's own: neither files of the person nor of
    /// other pets, unless they are labelled for it.
    Container,
}

impl ProcessLabel {
    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Container => "container",
        }
    }
}

/// Two different categories of SELinux's multi-category security, by which one pet's files and
/// processes are told from another's. The smaller is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "[u16; 2]", into = "[u16; 2]")]
pub struct McsPair(u16, u16);

/// Not a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pair of categories is two different numbers below {}",
    McsPair::CATEGORIES
)]
pub struct InvalidPair;

impl McsPair {
    /// How many categories policies define: c0 to c1023.
    pub const CATEGORIES: u16 = 1024;

    /// The pair of `one` and `other`.
    ///
    /// # Errors
    ///
    /// When they are the same, or there is no such category.
    pub fn new(one: u16, other: u16) -> Result<Self, InvalidPair> {
        let (low, high) = (one.min(other), one.max(other));
        if low == high || high >= Self::CATEGORIES {
            return Err(InvalidPair);
        }
        Ok(Self(low, high))
    }

    /// The pair that `random` chooses; `None` for one number in a thousand.
    pub fn from_random(random: u32) -> Option<Self> {
        let category = |bits: u32| (bits % u32::from(Self::CATEGORIES)) as u16;
        Self::new(category(random), category(random >> 16)).ok()
    }
}

impl TryFrom<[u16; 2]> for McsPair {
    type Error = InvalidPair;

    fn try_from([one, other]: [u16; 2]) -> Result<Self, InvalidPair> {
        Self::new(one, other)
    }
}

impl From<McsPair> for [u16; 2] {
    fn from(pair: McsPair) -> Self {
        [pair.0, pair.1]
    }
}

impl std::fmt::Display for McsPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "c{},c{}", self.0, self.1)
    }
}

/// What a pet has that its programs cannot use under the label of containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// The person's home.
    Home,
    /// Something of the person's session or computer.
    Share(Share),
    /// A folder or file of the person's, which is never relabelled.
    Mount(std::path::PathBuf),
    /// The image's own init, which would manage control groups.
    Init,
    /// Commands of the host, which are asked for through a socket of the person's.
    HostCommands,
}

impl Unusable {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Home => phrase("your home"),
            Self::Share(share) => phrase("{meaning} ({share})")
                .saying("meaning", Phrase::verbatim(share.row().meaning))
                .with("share", share),
            Self::Mount(path) => Phrase::verbatim(path.display().to_string()),
            Self::Init => phrase("the image's own init"),
            Self::HostCommands => phrase("commands of the host"),
        }
    }
}

impl Share {
    /// Whether it needs nothing of the person's label: Kennel copies it, or it is no file.
    fn works_in_any_label(self) -> bool {
        matches!(self, Self::Certificates | Self::HostGroups)
    }
}

impl PetSpec {
    /// Whose label its processes have where SELinux is on. A spec of before there was this row
    /// follows its preset.
    pub fn process_label(&self) -> ProcessLabel {
        self.process_label
            .unwrap_or_else(|| self.preset.process_label())
    }

    /// What it has that the label of containers would keep from its programs.
    pub fn unusable_in_container_label(&self) -> Vec<Unusable> {
        let home = (self.home == HomeMode::Shared).then_some(Unusable::Home);
        let init = (self.init == InitMode::Image).then_some(Unusable::Init);
        let commands = self.host_commands != HostCommands::Off;
        let shares = self.shares.iter().copied();
        let shares = shares.filter(|share| !share.works_in_any_label());
        let mounts = self.mounts.iter();
        home.into_iter()
            .chain(shares.map(Unusable::Share))
            .chain(mounts.map(|mount| Unusable::Mount(mount.source.clone())))
            .chain(init)
            .chain(commands.then_some(Unusable::HostCommands))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_two_categories_in_order() {
        let pair = McsPair::new(700, 3).unwrap();
        assert_eq!(pair.to_string(), "c3,c700");
        assert_eq!(serde_json::to_string(&pair).unwrap(), "[3,700]");
        assert_eq!(McsPair::new(5, 5), Err(InvalidPair));
        assert_eq!(McsPair::new(5, 1024), Err(InvalidPair));
        assert!(serde_json::from_str::<McsPair>("[1024,1]").is_err());
        assert_eq!(McsPair::from_random((7 << 16) | 7), None);
        assert_eq!(McsPair::from_random((7 << 16) | (7 + 1024)), None);
        assert!(McsPair::from_random(u32::MAX << 16).is_some());
    }
}
