//! One layer: network, intake and stage at the same time.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{Builder, Scope};

use nix::fcntl::{FcntlArg, fcntl};
use tokio::sync::{mpsc, oneshot};

use super::RegistryError;
use super::client::Client;
use super::download::download;
use super::intake::{Intake, Received};
use super::manifest::Layer;
use crate::store::downloads::Partial;
use crate::store::layers::{Unpacked, unpack};
use crate::store::{LayerJob, LayerUnpacker, ProgressSink, StoreError};

/// Chunks between network and intake; a chunk has at most some 400 KiB.
const CHUNKS: usize = 4;
/// What fits into the pipe to a stage, so that both sides work in large steps.
const PIPE: i32 = 1 << 20;

/// One blob to fetch.
pub(super) struct Task<'l> {
    pub(super) layer: &'l Layer,
    pub(super) partial: Partial,
    /// Bytes that an earlier pull left.
    pub(super) have: u64,
    /// Where to unpack it; `None` when the store has the layer and only lacks the blob.
    pub(super) target: Option<PathBuf>,
    /// Bytes so far, for the progress that is shown.
    pub(super) received: AtomicU64,
}

/// What the threads of all layers share.
#[derive(Clone, Copy)]
pub(super) struct Hands<'a> {
    pub(super) unpacker: &'a dyn LayerUnpacker,
    pub(super) progress: &'a dyn ProgressSink,
    /// Another layer has failed.
    pub(super) stop: &'a AtomicBool,
}

/// How a reception ended.
enum Reception {
    /// All bytes are right; the layer, if it was to be unpacked.
    Right(Option<Unpacked>),
    /// All bytes came, and they are others than the digest names.
    Wrong(StoreError),
}

/// Fetches one layer. When the bytes are wrong, what an earlier pull left is not believed any
/// more, and then one endpoint after the other.
pub(super) async fn fetch<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    hands: Hands<'env>,
    mut clients: &[&Client],
    task: &'env Task<'env>,
) -> Result<Option<Unpacked>, RegistryError> {
    let mut have = task.have;
    let mut attempt = 0;
    let outcome = loop {
        let target = task
            .target
            .as_ref()
            .map(|it| it.with_extension(attempt.to_string()));
        match receive(scope, hands, clients, task, have, target).await {
            Ok(Reception::Right(unpacked)) => return Ok(unpacked),
            Ok(Reception::Wrong(_)) if have > 0 => have = 0,
            Ok(Reception::Wrong(_)) if clients.len() > 1 => clients = &clients[1..],
            Ok(Reception::Wrong(error)) => break error.into(),
            Err(error) => break error,
        }
        task.received.store(0, Ordering::Relaxed);
        attempt += 1;
    };
    match &outcome {
        // What is there is good as far as it goes.
        RegistryError::Store(StoreError::Cancelled | StoreError::Io { .. }) => {}
        // These bytes will never do, or their room is needed more.
        RegistryError::Store(_) => task.partial.discard(),
        _ => {}
    }
    Err(outcome)
}

/// One reception from `have` on; the network is ours, intake and stage have a thread each.
async fn receive<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    hands: Hands<'env>,
    clients: &[&Client],
    task: &'env Task<'env>,
    have: u64,
    target: Option<PathBuf>,
) -> Result<Reception, RegistryError> {
    let failed = |error: std::io::Error| StoreError::io(&task.partial.path, error);
    let (send, chunks) = mpsc::channel(CHUNKS);
    let (mut pipe, mut stage) = (None, None);
    if let Some(target) = target {
        let (read, write) = pipe_to_stage().map_err(failed)?;
        let (tell, told) = oneshot::channel();
        let work = move || tell.send(unpack_from(read, hands, task.layer, target));
        Builder::new().spawn_scoped(scope, work).map_err(failed)?;
        (pipe, stage) = (Some(write), Some(told));
    }
    let (tell, received) = oneshot::channel();
    let intake = Intake::new(task.layer, &task.partial, pipe, &task.received);
    let work = move || tell.send(intake.run(have, chunks));
    Builder::new().spawn_scoped(scope, work).map_err(failed)?;
    let network = download(clients, task.layer, have, &send).await;
    drop(send);
    // What the bytes were says more than how their way ended.
    match received.await.unwrap_or(Ok(Received::Part))? {
        Received::Other(found) => Ok(Reception::Wrong(StoreError::DigestMismatch {
            what: "a layer".to_owned(),
            expected: task.layer.digest.clone(),
            found,
        })),
        Received::Part => Err(network.err().unwrap_or(StoreError::Cancelled.into())),
        Received::All => match stage {
            None => Ok(Reception::Right(None)),
            Some(stage) => {
                let unpacked = stage.await.unwrap_or(Err(StoreError::Cancelled))?;
                Ok(Reception::Right(Some(unpacked)))
            }
        },
    }
}

fn pipe_to_stage() -> std::io::Result<(File, File)> {
    let (read, write) = std::io::pipe()?;
    // The usual 64 KiB do as well, only slower.
    let _ = fcntl(&write, FcntlArg::F_SETPIPE_SZ(PIPE));
    Ok((OwnedFd::from(read).into(), OwnedFd::from(write).into()))
}

/// Unpacks what comes through the pipe; it must be what the configuration says.
fn unpack_from(
    pipe: File,
    hands: Hands<'_>,
    layer: &Layer,
    target: PathBuf,
) -> Result<Unpacked, StoreError> {
    let job = LayerJob {
        blob: pipe,
        compression: layer.compression,
        target,
        expected: Some(layer.diff_id.clone()),
        on_progress: &|_| {},
        is_cancelled: &|| hands.progress.is_cancelled() || hands.stop.load(Ordering::Relaxed),
    };
    unpack(job, hands.unpacker)
}
