//! What a pet can reach, in words: each thing with a title and what it means.

use gettextrs::gettext;
use kennel_model::{HomeMode, HostCommands, NetworkMode, PetSpec, Share};

use crate::{shares as table, words};

/// A title and what it means.
pub type Thing = (String, String);

/// Folders and the network.
pub fn places(spec: &PetSpec) -> Vec<Thing> {
    let mut things = Vec::new();
    if spec.home == HomeMode::Shared {
        let meaning = gettext("It can read and change all your files there.");
        things.push((gettext("Your Home Folder"), meaning));
    }
    if spec.host_commands != HostCommands::Off {
        let (_, meaning) = words::host_commands(spec.host_commands);
        things.push((gettext("Host Commands"), meaning));
    }
    if let Some(project) = &spec.project {
        things.push((gettext("Its Project Folder"), words::folder(project)));
    }
    for mount in &spec.mounts {
        things.push((words::folder(&mount.source), words::mount(mount)));
    }
    match spec.network {
        NetworkMode::Host => things.push((
            gettext("This Computer’s Network"),
            words::network(spec.network).1,
        )),
        NetworkMode::Private => {
            things.push((gettext("The Internet"), words::network(spec.network).1));
        }
        NetworkMode::None => {}
    }
    things
}

/// These shares.
pub fn shares(given: &[Share]) -> impl Iterator<Item = Thing> {
    given
        .iter()
        .map(|&share| (table::title(share), table::meaning(share)))
}
