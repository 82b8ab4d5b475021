//! Where a directory of the pet is on the host, and where a file of the host is in the pet.

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
    if !is_plain(path) {
        return None;
    }
    let within = places
        .iter()
        .filter_map(|place| Some((place, path.strip_prefix(&place.inside).ok()?)));
    // What is mounted deepest hides the others.
    let (place, rest) = within.max_by_key(|(place, _)| place.inside.components().count())?;
    Some(joined(&place.outside, rest))
}

/// The path in the pet of `path` on the host: the shortest way, if several lead there, and where
/// another mount hides it, none. `None` for what is not in the pet, and for a path that is not
/// absolute and plain.
pub fn in_pet(path: &Path, places: &[Place]) -> Option<PathBuf> {
    if !is_plain(path) {
        return None;
    }
    places
        .iter()
        .filter_map(|place| {
            let rest = path.strip_prefix(&place.outside).ok()?;
            Some(joined(&place.inside, rest))
        })
        .filter(|inside| on_host(inside, places).as_deref() == Some(path))
        .min_by_key(|inside| inside.components().count())
}

fn is_plain(path: &Path) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::RootDir | Component::Normal(_));
    path.is_absolute() && path.components().all(plain)
}

/// Joined to nothing, a path would end in a slash.
fn joined(place: &Path, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() {
        place.to_owned()
    } else {
        place.join(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_places() -> [Place; 4] {
        [
            ("/home/ada", "/data/pets/7/home"),
            ("/home/ada/src/shop", "/home/ada/src/shop"),
            ("/srv/music", "/home/ada/Music"),
            ("/run/host", "/"),
        ]
        .map(|(inside, outside)| Place {
            inside: inside.into(),
            outside: outside.into(),
        })
    }

    #[test]
    fn a_file_of_the_host_is_where_the_pet_sees_it() {
        for (outside, inside) in [
            ("/home/ada/src/shop/a b", Some("/home/ada/src/shop/a b")),
            ("/home/ada/Music/x.ogg", Some("/srv/music/x.ogg")),
            ("/home/ada/Music", Some("/srv/music")),
            ("/data/pets/7/home/notes", Some("/home/ada/notes")),
            // The home is the pet's own: this one is another's.
            ("/home/ada/notes", Some("/run/host/home/ada/notes")),
            ("/etc/hosts", Some("/run/host/etc/hosts")),
            ("/home/ada/../x", None),
            ("notes", None),
        ] {
            let found = in_pet(Path::new(outside), &some_places());
            assert_eq!(found.as_deref(), inside.map(Path::new), "{outside}");
        }
        let without_host = &some_places()[..3];
        assert_eq!(in_pet(Path::new("/etc/hosts"), without_host), None);
    }

    #[test]
    fn what_another_mount_hides_is_not_in_the_pet() {
        let places = [("/home/ada", "/home/ada"), ("/home/ada/src", "/data/src")].map(
            |(inside, outside)| Place {
                inside: inside.into(),
                outside: outside.into(),
            },
        );
        assert_eq!(in_pet(Path::new("/home/ada/src/x"), &places), None);
        assert_eq!(
            in_pet(Path::new("/home/ada/x"), &places).as_deref(),
            Some(Path::new("/home/ada/x"))
        );
    }

    #[test]
    fn the_deepest_mount_says_where_a_path_is() {
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
            let found = on_host(Path::new(inside), &some_places());
            assert_eq!(found.as_deref(), outside.map(Path::new), "{inside}");
        }
    }
}
