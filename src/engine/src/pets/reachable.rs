//! What of this computer a pet can reach, in plain words.

use std::path::PathBuf;

use kennel_model::{HomeMode, HostCommands, NetworkMode, PetSpec, ShareSummary};
use serde::Serialize;

/// Something of this computer that the pet can reach.
#[derive(Debug, Clone, Serialize)]
pub struct Reachable {
    /// `home`, `network`, `project`, `mount`, `host-commands`, or a share's word.
    pub what: String,
    /// In plain words.
    pub meaning: String,
    /// What programs in the pet can do with it, for a share.
    pub exposes: Option<String>,
    /// Whether this computer has it now.
    pub here: bool,
    /// The path, where it is one.
    pub path: Option<PathBuf>,
}

/// Everything that `spec` lets its pet reach; `shares` are its shares.
pub fn reachable(spec: &PetSpec, shares: Vec<ShareSummary>) -> Vec<Reachable> {
    let plain = |what: &str, meaning: &str, path: Option<PathBuf>| Reachable {
        what: what.to_owned(),
        meaning: meaning.to_owned(),
        exposes: None,
        here: path.as_ref().is_none_or(|path| path.exists()),
        path,
    };
    let mut all = Vec::new();
    if spec.home == HomeMode::Shared {
        all.push(plain("home", "your home folder", None));
    }
    match spec.network {
        NetworkMode::Host => all.push(plain(
            "network",
            "the network, and servers on this computer",
            None,
        )),
        NetworkMode::Private => all.push(plain(
            "network",
            "the network, but no server on this computer",
            None,
        )),
        NetworkMode::None => {}
    }
    match spec.host_commands {
        HostCommands::On => all.push(plain(
            "host-commands",
            "commands on this computer, as you: it can do whatever you can",
            None,
        )),
        HostCommands::Ask => all.push(plain(
            "host-commands",
            "commands on this computer that you allow",
            None,
        )),
        HostCommands::Off => {}
    }
    all.extend(
        spec.project
            .iter()
            .map(|path| plain("project", "the project folder", Some(path.clone()))),
    );
    all.extend(spec.mounts.iter().map(|mount| {
        let meaning = if mount.read_only {
            "a folder or file of yours, only to read"
        } else {
            "a folder or file of yours"
        };
        plain("mount", meaning, Some(mount.source.clone()))
    }));
    all.extend(shares.into_iter().map(|share| Reachable {
        what: share.word.to_string(),
        meaning: share.meaning,
        exposes: Some(share.exposes),
        here: share.here,
        path: None,
    }));
    all
}
