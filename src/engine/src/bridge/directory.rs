//! Where a directory of the pet is on the host.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::runtime::plan::Bind;

/// Something of the host in the pet. Kept in the pet's running directory, where the pet does not see
/// it, for as long as it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In the pet.
    pub inside: PathBuf,
    /// On the host.
    pub outside: PathBuf,
}

/// What of the host `binds` show in the pet.
pub fn places(binds: &[Bind]) -> Vec<Place> {
    let place = |bind: &Bind| Place {
        inside: bind.target.clone(),
        outside: bind.source.clone(),
    };
    binds.iter().map(place).collect()
}

/// The path on the host of `path` in the pet. `None` for what is only in the pet, and for a path
/// that is not absolute and plain.
pub fn on_host(path: &Path, places: &[Place]) -> Option<PathBuf> {
    let plain = |part: Component<'_>| matches!(part, Component::RootDir | Component::Normal(_));
    if !path.is_absolute() || !path.components().all(plain) {
        return None;
    }
    let within = places
        .iter()
        .filter_map(|place| Some((place, path.strip_prefix(&place.inside).ok()?)));
    // What is mounted deepest hides the others.
    let (place, rest) = within.max_by_key(|(place, _)| place.inside.components().count())?;
    // Joined to nothing, a path would end in a slash.
    Some(if rest.as_os_str().is_empty() {
        place.outside.clone()
    } else {
        place.outside.join(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_says_where_a_path_is() {
        let places = [
            ("/home/ada", "/data/pets/7/home"),
            ("/home/ada/src/shop", "/home/ada/src/shop"),
            ("/run/host", "/"),
        ]
        .map(|(inside, outside)| Place {
            inside: inside.into(),
            outside: outside.into(),
        });
        for (inside, outside) in [
            ("/home/ada/src/shop/web", Some("/home/ada/src/shop/web")),
            ("/home/ada/src/shop", Some("/home/ada/src/shop")),
            ("/home/ada/src", Some("/data/pets/7/home/src")),
            ("/run/host/etc", Some("/etc")),
            ("/home/adam", None),
            ("/usr/lib", None),
            ("/home/ada/../../etc", None),
            ("src", None),
            ("", None),
        ] {
            let found = on_host(Path::new(inside), &places);
            assert_eq!(found.as_deref(), outside.map(Path::new), "{inside}");
        }
    }
}
