//! The two ways in which Kennel's own files come to be: whole or not at all, and for the person
//! only.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

/// Replaces `path` by `bytes` (mode 0600): it has the old or the new content, whatever happens,
/// the loss of power included.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("/"));
    let file = tempfile::NamedTempFile::new_in(directory)?;
    file.as_file().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(directory)?.sync_all()
}

/// Makes the directory `path` with its parents, closed to other users of this computer. They
/// could otherwise run the set-id programs of a layer and become one of the person's
/// subordinate users (CVE-2021-41103).
pub fn make_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let mode = path.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        std::fs::set_permissions(path, Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}
