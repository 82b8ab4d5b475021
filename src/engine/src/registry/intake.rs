//! Where the bytes of one layer go: the partial file, the digest, and the stage that unpacks.
//!
//! A thread of its own, so that a slow disk or stage holds up its layer alone.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use kennel_model::Digest;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::Receiver;

use super::manifest::Layer;
use crate::extract::Compression;
use crate::store::StoreError;
use crate::store::downloads::Partial;

const REFEED: usize = 256 << 10;

/// What became of a layer's bytes.
pub(super) enum Received {
    /// All are there and are what the digest says.
    All,
    /// All are there and have this digest instead.
    Other(Digest),
    /// The network gave up or the person did; what is there stays for the next time.
    Part,
}

/// The state of one layer's reception.
pub(super) struct Intake<'a> {
    layer: &'a Layer,
    partial: &'a Partial,
    hash: Sha256,
    start: Vec<u8>,
    /// To the stage, while it reads.
    pipe: Option<File>,
    /// Bytes so far, for the progress that is shown.
    received: &'a AtomicU64,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        layer: &'a Layer,
        partial: &'a Partial,
        pipe: Option<File>,
        received: &'a AtomicU64,
    ) -> Self {
        Self {
            layer,
            partial,
            hash: Sha256::new(),
            start: Vec::new(),
            pipe,
            received,
        }
    }

    /// Takes the first `have` bytes from the partial file and the rest from `chunks`.
    pub(super) fn run(
        mut self,
        have: u64,
        mut chunks: Receiver<Bytes>,
    ) -> Result<Received, StoreError> {
        self.refeed(have)?;
        while let Some(chunk) = chunks.blocking_recv() {
            let mut file = &self.partial.file;
            file.write_all(&chunk).map_err(|error| self.failed(error))?;
            self.take(&chunk)?;
        }
        if self.received.load(Ordering::Relaxed) < self.layer.size {
            return Ok(Received::Part);
        }
        let found = Digest::from_sha256(&self.hash.finalize().into());
        Ok(if found == self.layer.digest {
            Received::All
        } else {
            Received::Other(found)
        })
    }

    /// What an earlier pull left: into the digest and the stage, and the file ends after it.
    fn refeed(&mut self, have: u64) -> Result<(), StoreError> {
        let mut file = &self.partial.file;
        file.set_len(have).map_err(|error| self.failed(error))?;
        file.rewind().map_err(|error| self.failed(error))?;
        let mut buffer = vec![0; REFEED];
        let mut left = have;
        while left > 0 {
            let room = buffer.len().min(left as usize);
            let read = file
                .read(&mut buffer[..room])
                .map_err(|error| self.failed(error))?;
            if read == 0 {
                return Err(self.failed(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.take(&buffer[..read])?;
            left -= read as u64;
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.check_start(bytes)?;
        self.hash.update(bytes);
        if let Some(pipe) = &mut self.pipe
            && pipe.write_all(bytes).is_err()
        {
            // The stage has ended and has its own error. Whether the bytes were the right ones
            // is the better answer, so the digest goes on.
            self.pipe = None;
        }
        self.received
            .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// The media type must say what the content is.
    fn check_start(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        const MAGIC: usize = 4;
        if self.start.len() >= MAGIC {
            return Ok(());
        }
        let room = MAGIC - self.start.len();
        self.start
            .extend_from_slice(&bytes[..room.min(bytes.len())]);
        let is_known = self.start.len() == MAGIC || self.layer.size < MAGIC as u64;
        if is_known && Compression::of(&self.start) != self.layer.compression {
            return Err(StoreError::bad(
                Path::new(self.layer.digest.as_str()),
                "the layer is not compressed the way its media type says",
            ));
        }
        Ok(())
    }

    fn failed(&self, error: std::io::Error) -> StoreError {
        StoreError::io(&self.partial.path, error)
    }
}
