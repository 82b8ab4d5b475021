//! Files that the person chose in the file chooser of a sandbox. The app gets them below the
//! document portal's mount; the engine outside needs their paths on the host.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use zbus::Connection;

/// The path on the host of what an app in a sandbox calls `path`.
///
/// The portal is asked for the host's path of a document (`GetHostPaths`, version 5 of
/// `org.freedesktop.portal.Documents`). Where it cannot say, the path stays: the mount is at the
/// same place on the host.
pub async fn host_path(path: &Path) -> PathBuf {
    let Some((document, rest)) = document(path) else {
        return path.to_owned();
    };
    match ask(&document).await {
        Ok(Some(place)) => below(place, &rest),
        _ => path.to_owned(),
    }
}

/// `place` itself where nothing is below: joined to nothing it would end with a slash, and a file's
/// path that does opens nothing.
fn below(place: PathBuf, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() {
        place
    } else {
        place.join(rest)
    }
}

/// The document's id, and what lies below the document itself, for paths such as
/// `/run/user/1000/doc/2a7b/project/src` and `/run/flatpak/doc/…`.
fn document(path: &Path) -> Option<(String, PathBuf)> {
    let below = path
        .strip_prefix("/run/flatpak/doc")
        .ok()
        .map(Path::to_owned)
        .or_else(|| {
            let below = path.strip_prefix("/run/user").ok()?;
            let mut parts = below.components();
            parts.next()?;
            (parts.next()? == Component::Normal("doc".as_ref())).then(|| parts.as_path().to_owned())
        })?;
    let mut parts = below.components();
    let id = parts.next()?.as_os_str().to_str()?.to_owned();
    // The name of the file or folder that was chosen is part of its path on the host.
    parts.next()?;
    Some((id, parts.as_path().to_owned()))
}

async fn ask(document: &str) -> zbus::Result<Option<PathBuf>> {
    let bus = Connection::session().await?;
    let reply = bus
        .call_method(
            Some("org.freedesktop.portal.Documents"),
            "/org/freedesktop/portal/documents",
            Some("org.freedesktop.portal.Documents"),
            "GetHostPaths",
            &(vec![document],),
        )
        .await?;
    let paths: HashMap<String, Vec<u8>> = reply.body().deserialize()?;
    Ok(paths.get(document).map(|bytes| without_end(bytes)))
}

/// A byte string without its end.
fn without_end(bytes: &[u8]) -> PathBuf {
    let length = bytes.iter().position(|byte| *byte == 0);
    let bytes = &bytes[..length.unwrap_or(bytes.len())];
    PathBuf::from(OsString::from_vec(bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_the_portals_mount() {
        for (path, id, rest) in [
            ("/run/user/1000/doc/2a7b/project", "2a7b", ""),
            ("/run/user/1000/doc/2a7b/project/src/a b", "2a7b", "src/a b"),
            ("/run/flatpak/doc/1/image.tar", "1", ""),
        ] {
            assert_eq!(document(Path::new(path)), Some((id.into(), rest.into())));
        }
    }

    #[test]
    fn other_paths_are_the_hosts_own() {
        for path in [
            "/home/ada/doc/a/b",
            "/run/user/1000/doc",
            "/run/user/1000/doc/2a7b",
            "/run/user/1000/bus",
            "/run/user/doc/1/2",
        ] {
            assert_eq!(document(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn a_chosen_files_path_has_no_slash_at_its_end() {
        // As text: for Path the two are the same.
        for (rest, want) in [("", "/srv/image.tar"), ("src", "/srv/image.tar/src")] {
            assert_eq!(
                below("/srv/image.tar".into(), Path::new(rest)).as_os_str(),
                want
            );
        }
    }

    #[test]
    fn a_path_ends_where_it_says() {
        assert_eq!(without_end(b"/home/ada\0"), Path::new("/home/ada"));
        assert_eq!(
            without_end(b"/home/\xff"),
            Path::new(OsString::from_vec(b"/home/\xff".to_vec()).as_os_str())
        );
    }
}
