//! The layers of one image: which are missing, and getting them, several at a time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use kennel_model::{Digest, Progress};

use super::RegistryError;
use super::client::Client;
use super::layer::{Hands, Task, fetch};
use super::manifest::Layer;
use super::pull::Pull;
use crate::store::downloads::Partial;
use crate::store::layers::{Unpacked, Wanted, unpack_all};

/// Layers fetched at once: few enough for memory, more than cores, since some wait for the network.
const AT_ONCE: std::ops::RangeInclusive<usize> = 4..=6;
/// How often another pull's lock is tried.
const TURN: Duration = Duration::from_millis(50);

/// What is there now, beside the store.
#[derive(Default)]
pub(super) struct Fetched {
    pub(super) unpacked: Vec<Unpacked>,
    pub(super) blobs: Vec<(Digest, PathBuf)>,
    /// Bytes that came over the network.
    pub(super) bytes: u64,
    /// Their locks keep other pulls waiting until everything is visible.
    pub(super) partials: Vec<Partial>,
}

/// Fetches and unpacks what the store lacks of `layers`; `clients` are asked in turn.
pub(super) fn fetch_all(
    pull: &Pull<'_>,
    clients: &[&Client],
    layers: &[Layer],
    scratch: &Path,
) -> Result<Fetched, RegistryError> {
    let tasks = pull.block_on(lock_missing(pull, layers, scratch), &|| {
        Progress::Downloading { done: 0, total: 0 }
    })?;
    let total = tasks.iter().map(|task| task.layer.size).sum();
    let stop = AtomicBool::new(false);
    let hands = Hands {
        unpacker: pull.unpacker,
        progress: pull.progress,
        stop: &stop,
    };
    let report = || {
        let done = tasks
            .iter()
            .map(|it| it.received.load(Ordering::Relaxed))
            .sum();
        if done < total {
            Progress::Downloading { done, total }
        } else {
            Progress::Unpacking { done, total }
        }
    };
    let unpacked = std::thread::scope(|scope| {
        let work = futures_util::stream::iter(&tasks)
            .map(|task| fetch(scope, hands, clients, task))
            .buffer_unordered(at_once())
            .try_collect::<Vec<Option<Unpacked>>>();
        let outcome = pull.block_on(work, &report);
        // Threads that still work end soon after.
        stop.store(outcome.is_err(), Ordering::Relaxed);
        outcome
    });
    if unpacked.is_err() {
        let untouched = tasks
            .iter()
            .filter(|it| it.partial.length().is_ok_and(|it| it == 0));
        untouched.for_each(|task| task.partial.discard());
    }
    let mut fetched = Fetched {
        unpacked: unpacked?.into_iter().flatten().collect(),
        bytes: tasks.iter().map(|task| task.layer.size - task.have).sum(),
        ..Fetched::default()
    };
    fetched
        .unpacked
        .extend(unpack_known(pull, layers, &tasks, scratch)?);
    for task in tasks {
        let place = task.partial.path.clone();
        fetched.blobs.push((task.layer.digest.clone(), place));
        fetched.partials.push(task.partial);
    }
    Ok(fetched)
}

fn at_once() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (2 * cores).clamp(*AT_ONCE.start(), *AT_ONCE.end())
}

/// Locks the downloads of all blobs that the store lacks. Every pull takes them in the order of
/// their digests, so that no two wait for each other.
async fn lock_missing<'l>(
    pull: &Pull<'_>,
    layers: &'l [Layer],
    scratch: &Path,
) -> Result<Vec<Task<'l>>, RegistryError> {
    let key = pull.unpacker.mapping_key();
    let mut sorted: Vec<&Layer> = layers.iter().collect();
    sorted.sort_by(|a, b| a.digest.cmp(&b.digest));
    let mut tasks: Vec<Task<'l>> = Vec::new();
    for layer in sorted {
        if pull.store.has_blob(&layer.digest, layer.size) {
            continue;
        }
        let partial = loop {
            match pull.store.try_download(&layer.digest)? {
                Some(partial) => break partial,
                None => tokio::time::sleep(TURN).await,
            }
        };
        if pull.store.has_blob(&layer.digest, layer.size) {
            // Whoever had the lock has fetched it.
            partial.discard();
            continue;
        }
        // More than there should be is not what was asked for.
        let have = Some(partial.length()?).filter(|have| *have <= layer.size);
        let is_new = !tasks
            .iter()
            .any(|other| other.layer.diff_id == layer.diff_id);
        let unpack = is_new && !pull.store.layer_path(&key, &layer.diff_id).exists();
        tasks.push(Task {
            layer,
            partial,
            have: have.unwrap_or_default(),
            target: unpack.then(|| scratch.join(format!("pulled-{}", layer.diff_id.hex()))),
            received: AtomicU64::new(0),
        });
    }
    // The lowest layer is often the largest: in the image's order it starts first.
    tasks.sort_by_key(|task| layers.iter().position(|it| it.digest == task.layer.digest));
    Ok(tasks)
}

/// Unpacks layers whose blobs the store has, but not unpacked for this mapping.
fn unpack_known(
    pull: &Pull<'_>,
    layers: &[Layer],
    tasks: &[Task<'_>],
    scratch: &Path,
) -> Result<Vec<Unpacked>, RegistryError> {
    let key = pull.unpacker.mapping_key();
    let mut wanted: Vec<Wanted> = Vec::new();
    for layer in layers {
        let fresh = tasks.iter().any(|task| task.layer.diff_id == layer.diff_id);
        let known = wanted
            .iter()
            .any(|other| other.diff_id.as_ref() == Some(&layer.diff_id));
        if !fresh && !known && !pull.store.layer_path(&key, &layer.diff_id).exists() {
            wanted.push(Wanted {
                blob: pull.store.blob(&layer.digest),
                size: layer.size,
                diff_id: Some(layer.diff_id.clone()),
            });
        }
    }
    Ok(unpack_all(&wanted, scratch, pull.unpacker, pull.progress)?)
}
