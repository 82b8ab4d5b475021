//! Tries what pets need, in a throw-away directory: the only way to know what a kernel, its
//! settings and a security module let a person do.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{Phrase, phrase};

use rustix::fs::{Mode, OFlags};

use crate::idmap::IdMapping;
use crate::stage::{Stage, StageError};
use crate::sys::mount::new_overlay;

/// How far the attempt came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// No user namespace.
    NoNamespace(Phrase),
    /// A user namespace, but ids could not be mapped.
    NoMapping(Phrase),
    /// Mapped, but no overlay.
    NoOverlay(Phrase),
    /// All of it.
    Works,
}

/// Makes a namespace with `mapping` and an overlay in it, on the disk of `directory`.
pub fn try_namespace(mapping: &IdMapping, directory: &Path) -> Probe {
    let scratch = match scratch(directory) {
        Ok(scratch) => scratch,
        Err(error) => return Probe::NoOverlay(at(directory, &error)),
    };
    let arguments: [&OsStr; 1] = [scratch.as_os_str()];
    let outcome = match Stage::spawn(mapping, "probe", &arguments, None).map(Stage::finish) {
        Ok(Ok(_)) => Probe::Works,
        Ok(Err(error)) => Probe::NoOverlay(error.phrase()),
        Err(StageError::Mapping(error)) => Probe::NoMapping(error.phrase()),
        Err(error) => Probe::NoNamespace(error.phrase()),
    };
    let _ = fs::remove_dir_all(&scratch);
    outcome
}

fn at(directory: &Path, error: &io::Error) -> Phrase {
    phrase("{path}: {reason}")
        .with("path", directory.display())
        .saying("reason", reason(error))
}

/// In the stage: mounts an overlay of fresh directories in `directory`, and takes them away again.
pub fn probe_stage(directory: &Path) -> io::Result<()> {
    if let Some(above) = directory.parent() {
        sweep(above);
    }
    let open = |name: &str| {
        let path = directory.join(name);
        fs::create_dir(&path)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok::<_, io::Error>(rustix::fs::open(path, flags, Mode::empty())?)
    };
    let (lower, upper, work) = (open("lower")?, open("upper")?, open("work")?);
    // Detached: it goes with its descriptor.
    let mounted = new_overlay(&[lower], upper.as_fd(), work.as_fd(), None).map(drop);
    for name in ["lower", "upper", "work"] {
        let _ = crate::extract::remove_tree(&directory.join(name));
    }
    mounted
}

/// Whether files on the disk of `directory` can share their blocks (ioctl_ficlone(2)).
pub fn shares_blocks(directory: &Path) -> Option<bool> {
    let scratch = scratch(directory).ok()?;
    let works = (|| {
        let source = scratch.join("source");
        fs::write(&source, [0; 4096])?;
        let target = fs::File::create(scratch.join("target"))?;
        rustix::fs::ioctl_ficlone(&target, fs::File::open(source)?)?;
        Ok::<_, io::Error>(())
    })();
    let _ = fs::remove_dir_all(&scratch);
    Some(works.is_ok())
}

/// What such a directory is called, and behind it the number of its process.
const SCRATCH: &str = ".kennel-doctor-";

/// A fresh directory in the nearest one above `directory` that is there.
fn scratch(directory: &Path) -> io::Result<PathBuf> {
    let above = directory
        .ancestors()
        .find(|path| path.is_dir())
        .unwrap_or(Path::new("/"));
    let path = above.join(format!("{SCRATCH}{}", std::process::id()));
    fs::create_dir(&path)?;
    Ok(path)
}

/// Takes away what processes left that were killed. Only the stage may: some of it belongs to subordinate
/// users.
fn sweep(above: &Path) {
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(SCRATCH));
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = crate::extract::remove_tree(&entry.path());
        }
    }
}
