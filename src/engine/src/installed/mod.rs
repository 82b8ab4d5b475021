//! This program's own copy on the host.
//!
//! A Flatpak's files lie at a path that changes with every update and may go at any time, while
//! pets, launchers and the command line outlive it. So the engine that the app starts on the host
//! first puts itself below `$XDG_DATA_HOME/kennel/bin/<sha256>/kennel` and goes on from there;
//! `bin/current` leads to the newest. Copies that nothing runs any more are removed.

mod command;
mod in_use;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use kennel_model::Digest;
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest as _, Sha256};

use crate::files;
use crate::paths::Paths;
use crate::pets::KennelError;

const PROGRAM: &str = "kennel";
const CURRENT: &str = "current";
/// What is not yet, or no longer, a copy. Whoever holds the lock may remove it.
const UNFINISHED: &str = ".unfinished-";

/// Puts the program at `source` in its place and answers with the path of the copy.
///
/// The copy is there whole or not at all: it is written beside its place, synced, read back,
/// compared and renamed. One that is there already is read and compared too, and replaced where
/// it is not what its name says.
pub fn install(paths: &Paths, source: &Path) -> Result<PathBuf, KennelError> {
    let bin = paths.data.join("bin");
    files::make_private(&bin).map_err(KennelError::io(&bin))?;
    let _lock = lock(&bin).map_err(KennelError::io(&bin))?;
    let digest = digest_of(source).map_err(KennelError::io(source))?;
    let place = bin.join(&digest);
    if !is_whole(&place, &digest) {
        put(&bin, source, &digest).map_err(KennelError::io(&place))?;
    }
    point_current(&bin, &digest).map_err(KennelError::io(bin.join(CURRENT)))?;
    collect(&bin, &digest, &in_use::programs());
    Ok(place.join(PROGRAM))
}

/// The path by which launchers and the person start Kennel: it stays right over updates. `None`
/// for a program that is no such copy.
pub fn lasting_path(paths: &Paths, program: &Path) -> Option<PathBuf> {
    let bin = paths.data.join("bin");
    let copy = program.strip_prefix(&bin).ok()?;
    let mut parts = copy.components();
    let named = parts
        .next()
        .is_some_and(|name| is_digest(&name.as_os_str().to_string_lossy()));
    (named && parts.as_path() == Path::new(PROGRAM)).then(|| bin.join(CURRENT).join(PROGRAM))
}

fn lock(bin: &Path) -> io::Result<File> {
    let file = File::create(bin.join(".lock"))?;
    flock(&file, FlockOperation::LockExclusive)?;
    Ok(file)
}

fn digest_of(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => hash.update(&buffer[..length]),
        }
    }
    Ok(Digest::from_sha256(&hash.finalize().into())
        .hex()
        .to_owned())
}

fn is_whole(place: &Path, digest: &str) -> bool {
    let program = place.join(PROGRAM);
    let may_run = |data: fs::Metadata| data.is_file() && data.permissions().mode() & 0o100 != 0;
    program.symlink_metadata().is_ok_and(may_run)
        && digest_of(&program).is_ok_and(|found| found == digest)
}

fn put(bin: &Path, source: &Path, digest: &str) -> io::Result<()> {
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(bin)?;
    let program = unfinished.path().join(PROGRAM);
    let mut copy = File::create_new(&program)?;
    io::copy(&mut File::open(source)?, &mut copy)?;
    copy.set_permissions(fs::Permissions::from_mode(0o700))?;
    copy.sync_all()?;
    drop(copy);
    if !is_whole(unfinished.path(), digest) {
        return Err(io::Error::other("the copy is not what was copied"));
    }
    let place = bin.join(digest);
    if place.symlink_metadata().is_ok() {
        // What lies there is damaged. It may run: a rename leaves it to those that run it.
        let damaged = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(bin)?;
        fs::rename(&place, damaged.path().join(digest))?;
    }
    fs::rename(unfinished.path(), &place)?;
    File::open(bin)?.sync_all()
}

fn point_current(bin: &Path, digest: &str) -> io::Result<()> {
    let current = bin.join(CURRENT);
    if fs::read_link(&current).is_ok_and(|target| target == Path::new(digest)) {
        return Ok(());
    }
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(bin)?;
    let link = unfinished.path().join(CURRENT);
    symlink(digest, &link)?;
    fs::rename(link, current)
}

/// Removes what nobody needs; what cannot be removed now is tried again at the next start.
fn collect(bin: &Path, newest: &str, running: &[PathBuf]) {
    let Ok(entries) = fs::read_dir(bin) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old = is_digest(&name) && name != newest;
        let runs = || {
            running
                .iter()
                .any(|program| program.starts_with(entry.path()))
        };
        if name.starts_with(UNFINISHED) || old && !runs() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_digest(name: &str) -> bool {
    name.len() == 64
        && name
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
