//! What of this computer a pet can reach, in plain words.

use std::path::PathBuf;

use kennel_model::{HomeMode, NetworkMode, PetSpec};
use serde::Serialize;

/// Something of this computer that the pet can reach.
#[derive(Debug, Clone, Serialize)]
pub struct Reachable {
    /// `home`, `network`, `project`, `mount`, or a share's word.
    pub what: String,
    /// In plain words.
    pub meaning: String,
    /// The path, where it is one.
    pub path: Option<PathBuf>,
}

/// Everything that `spec` lets its pet reach.
pub fn reachable(spec: &PetSpec) -> Vec<Reachable> {
    let plain = |what: &str, meaning: &str, path: Option<PathBuf>| Reachable {
        what: what.to_owned(),
        meaning: meaning.to_owned(),
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
    all.extend(
        spec.shares
            .iter()
            .map(|share| plain(share.as_str(), share.row().meaning, None)),
    );
    all
}
