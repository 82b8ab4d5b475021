//! Files that the person chose in the file chooser of a sandbox, or dropped on its window. The app
//! gets them below the document portal's mount; the engine outside needs their paths on the host.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use tokio::time::timeout;
use zbus::Connection;

/// How long a person waits for a file that they dropped.
const PATIENCE: Duration = Duration::from_secs(5);

/// The extended attribute by which older portals tell the same.
const ATTRIBUTE: &str = "user.document-portal.host-path";

/// Why it is not known where a document lies on the host.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The portal does not answer, or does not know how to.
    #[error("the document portal does not tell where the file is")]
    Portal(#[from] zbus::Error),
    /// It does not answer at all.
    #[error("the document portal does not answer")]
    Silent,
    /// It knows no such document any more.
    #[error("the document portal does not know the file")]
    Unknown,
}

/// The path on the host of what an app in a sandbox calls `path`.
///
/// The portal is asked for the host's path of a document (`GetHostPaths`, version 5 of
/// `org.freedesktop.portal.Documents`); before that version an attribute of the file has it.
///
/// # Errors
///
/// When neither tells. The path below the portal's mount is then all there is: it can be read
/// outside, too, but not for longer than the portal remembers the document.
pub async fn host_path(path: &Path) -> Result<PathBuf, DocumentError> {
    if document(path).is_none() {
        return Ok(path.to_owned());
    }
    match Connection::session().await {
        Ok(bus) => host_path_by(&bus, path).await,
        Err(error) => of_attribute(path).ok_or(DocumentError::Portal(error)),
    }
}

/// The same, with the portal that is on `bus`.
///
/// # Errors
///
/// As [`host_path`].
pub async fn host_path_by(bus: &Connection, path: &Path) -> Result<PathBuf, DocumentError> {
    let Some((document, rest)) = document(path) else {
        return Ok(path.to_owned());
    };
    let answer = match timeout(PATIENCE, ask(bus, &document)).await {
        Ok(Ok(Some(place))) => Ok(below(place, &rest)),
        Ok(Ok(None)) => Err(DocumentError::Unknown),
        Ok(Err(error)) => Err(DocumentError::Portal(error)),
        Err(_) => Err(DocumentError::Silent),
    };
    answer.or_else(|error| of_attribute(path).ok_or(error))
}

fn of_attribute(path: &Path) -> Option<PathBuf> {
    /// PATH_MAX of the kernel.
    const LONGEST: usize = 4096;
    let mut bytes = vec![0; LONGEST];
    let length = rustix::fs::getxattr(path, ATTRIBUTE, bytes.as_mut_slice()).ok()?;
    bytes.truncate(length);
    let path = without_end(&bytes);
    path.is_absolute().then_some(path)
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

async fn ask(bus: &Connection, document: &str) -> zbus::Result<Option<PathBuf>> {
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
