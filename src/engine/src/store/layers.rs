//! Unpacking the layers of an image, several at a time.

use std::fs::{DirBuilder, File};
use std::io::Read as _;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use kennel_model::{Digest, Progress};
use rustix::fs::RenameFlags;

use super::source::open_regular;
use super::{LayerJob, LayerUnpacker, ProgressSink, Store, StoreError};
use crate::extract::Compression;

/// A layer that is to be unpacked.
pub(crate) struct Wanted {
    pub(crate) blob: PathBuf,
    pub(crate) size: u64,
    /// `None` for a bare root file system: it becomes known by unpacking.
    pub(crate) diff_id: Option<Digest>,
}

/// A layer that has been unpacked in the workspace.
pub(crate) struct Unpacked {
    pub(crate) diff_id: Digest,
    pub(crate) path: PathBuf,
    /// Whether the archive's end mark was there.
    pub(crate) complete: bool,
}

/// Unpacks `wanted` below `scratch`; on an error the rest is stopped.
pub(crate) fn unpack_all(
    wanted: &[Wanted],
    scratch: &Path,
    unpacker: &dyn LayerUnpacker,
    progress: &dyn ProgressSink,
) -> Result<Vec<Unpacked>, StoreError> {
    let total = wanted.iter().map(|layer| layer.size).sum();
    let done: Vec<AtomicU64> = wanted.iter().map(|_| AtomicU64::new(0)).collect();
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let outcome = Mutex::new((Vec::new(), None));
    let work = || {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(layer) = wanted.get(turn) else {
                return;
            };
            if failed.load(Ordering::Relaxed) {
                return;
            }
            let on_progress = |bytes: u64| {
                done[turn].store(bytes, Ordering::Relaxed);
                let done = done.iter().map(|one| one.load(Ordering::Relaxed)).sum();
                progress.report(Progress::Unpacking { done, total });
            };
            let is_cancelled = || progress.is_cancelled() || failed.load(Ordering::Relaxed);
            let result = unpack_one(
                layer,
                &scratch.join(format!("layer-{turn}")),
                unpacker,
                &on_progress,
                &is_cancelled,
            );
            let mut outcome = outcome
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            match result {
                Ok(unpacked) => outcome.0.push((turn, unpacked)),
                Err(error) => {
                    failed.store(true, Ordering::Relaxed);
                    outcome.1.get_or_insert(error);
                }
            }
        }
    };
    let threads = std::thread::available_parallelism()
        .map_or(2, usize::from)
        .max(2)
        .min(wanted.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let (mut unpacked, error) = outcome
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(error) = error {
        return Err(error);
    }
    unpacked.sort_by_key(|(turn, _)| *turn);
    Ok(unpacked.into_iter().map(|(_, layer)| layer).collect())
}

fn unpack_one(
    layer: &Wanted,
    target: &Path,
    unpacker: &dyn LayerUnpacker,
    on_progress: &(dyn Fn(u64) + Sync),
    is_cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Unpacked, StoreError> {
    let blob = open_regular(&layer.blob)?;
    let mut magic = [0u8; 4];
    let got = blob
        .read_at(&mut magic, 0)
        .map_err(|error| StoreError::io(&layer.blob, error))?;
    let job = LayerJob {
        blob,
        compression: Compression::of(&magic[..got]),
        target: target.to_owned(),
        expected: layer.diff_id.clone(),
        on_progress,
        is_cancelled,
    };
    unpack(job, unpacker)
}

/// Unpacks one layer into its target, which is made; it must have the expected digest.
pub(crate) fn unpack(
    job: LayerJob<'_>,
    unpacker: &dyn LayerUnpacker,
) -> Result<Unpacked, StoreError> {
    let (path, expected) = (job.target.clone(), job.expected.clone());
    DirBuilder::new()
        .mode(0o700)
        .create(&path)
        .map_err(|error| StoreError::io(&path, error))?;
    let report = unpacker.unpack(job)?;
    if let Some(expected) = expected.filter(|expected| *expected != report.diff_id) {
        return Err(StoreError::DigestMismatch {
            what: "an unpacked layer".to_owned(),
            expected,
            found: report.diff_id,
        });
    }
    Ok(Unpacked {
        diff_id: report.diff_id,
        path,
        complete: report.complete,
    })
}

impl Store {
    /// Moves unpacked layers to their place; the file system must be synced before.
    pub(crate) fn publish_layers(&self, key: &str, layers: &[Unpacked]) -> Result<(), StoreError> {
        let dir = self.root.join("layers").join(key);
        std::fs::create_dir_all(&dir).map_err(|error| StoreError::io(&dir, error))?;
        for layer in layers {
            let place = self.layer_path(key, &layer.diff_id);
            let cwd = rustix::fs::CWD;
            match rustix::fs::renameat_with(cwd, &layer.path, cwd, &place, RenameFlags::NOREPLACE) {
                // Somebody else was quicker; ours goes with the workspace.
                Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                Err(errno) => return Err(StoreError::io(&place, errno)),
            }
        }
        Ok(())
    }

    /// Writes everything of the store's file system to the disk.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| StoreError::io(&self.root, error);
        let root = File::open(&self.root).map_err(failed)?;
        rustix::fs::syncfs(&root).map_err(|errno| failed(errno.into()))
    }
}

/// The system's name in an unpacked root file system, highest layer first.
pub(crate) fn system_name<'a>(layers: impl Iterator<Item = &'a Path>) -> Option<String> {
    use rustix::fs::{Mode, OFlags, ResolveFlags};
    for layer in layers {
        for name in ["etc/os-release", "usr/lib/os-release"] {
            let root =
                rustix::fs::open(layer, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).ok()?;
            let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
            let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
            let Ok(fd) = rustix::fs::openat2(&root, name, flags, Mode::empty(), resolve) else {
                continue;
            };
            let file = File::from(fd);
            if !file.metadata().is_ok_and(|meta| meta.is_file()) {
                continue;
            }
            let mut text = String::new();
            if file.take(64 << 10).read_to_string(&mut text).is_err() {
                continue;
            }
            let pretty = text
                .lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="));
            let name = pretty.map(|name| name.trim_matches(['"', '\'']));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                return Some(name.chars().filter(|c| !c.is_control()).take(100).collect());
            }
        }
    }
    None
}
