//! Inflating and hashing in one thread, handing buffers to another.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, channel, sync_channel};

use kennel_model::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{ExtractError, ExtractLimits};

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Not at all.
    Plain,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Compression {
    /// Told by the first bytes.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // A skippable frame may come first (zstd:chunked).
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

const BUFFER: usize = 1 << 20;
const BUFFERS: usize = 4;

/// A reader of the uncompressed bytes of `input`.
pub(crate) fn inflate<'a>(input: impl Read + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
    let mut input = BufReader::with_capacity(256 << 10, input);
    let compression = Compression::of(input.fill_buf()?);
    Ok(match compression {
        Compression::Plain => Box::new(input),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
            // 128 MiB: what any encoder without --ultra --long=31 needs.
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
    })
}

struct Counted<'a, R> {
    inner: R,
    count: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Runs `consume` on the inflated `input`; afterwards the rest is read too, so that the digest
/// is of all of it. Returns what `consume` made, the digest and the uncompressed size.
pub(crate) fn with_inflated<T>(
    input: impl Read + Send,
    limits: &ExtractLimits,
    consume: impl FnOnce(&mut ChannelReader) -> Result<T, ExtractError>,
) -> Result<(T, Digest, u64), ExtractError> {
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(BUFFERS);
        let (give_back, spare) = channel();
        let producer = scope.spawn(move || produce(input, limits, &send, &spare));
        let mut reader = ChannelReader {
            receive,
            give_back,
            current: Vec::new(),
            at: 0,
            ended: false,
        };
        let consumed = consume(&mut reader).and_then(|made| {
            io::copy(&mut reader, &mut io::sink()).map_err(ExtractError::reading)?;
            Ok(made)
        });
        // A producer that still runs sees the closed channel.
        drop(reader);
        let produced = producer.join().unwrap_or_else(|_| {
            Err(ExtractError::Damaged {
                reason: "the decompressor failed".to_owned(),
            })
        });
        let made = consumed?;
        let (digest, bytes) = produced?;
        Ok((made, digest, bytes))
    })
}

type Chunk = Result<Vec<u8>, ExtractError>;

fn produce(
    input: impl Read + Send,
    limits: &ExtractLimits,
    send: &SyncSender<Chunk>,
    spare: &Receiver<Vec<u8>>,
) -> Result<(Digest, u64), ExtractError> {
    let consumed = AtomicU64::new(0);
    let run = || -> Result<(Digest, u64), ExtractError> {
        let input = Counted {
            inner: input,
            count: &consumed,
        };
        let mut source = inflate(input).map_err(ExtractError::reading)?;
        let mut hash = Sha256::new();
        let mut total = 0u64;
        loop {
            let mut buffer = match spare.try_recv() {
                Ok(buffer) => buffer,
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => Vec::new(),
            };
            buffer.resize(BUFFER, 0);
            let filled = fill(&mut source, &mut buffer).map_err(ExtractError::reading)?;
            if filled == 0 {
                return Ok((Digest::from_sha256(&hash.finalize().into()), total));
            }
            buffer.truncate(filled);
            total += filled as u64;
            let limit = limits.output(consumed.load(Ordering::Relaxed));
            if total > limit {
                return Err(ExtractError::TooLarge { limit });
            }
            hash.update(&buffer);
            if send.send(Ok(buffer)).is_err() {
                // The consumer gave up and has the better error.
                return Err(ExtractError::Truncated);
            }
        }
    };
    let outcome = run();
    if let Err(error) = &outcome {
        let _ = send.send(Err(error.clone()));
    }
    outcome
}

fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The consumer's end: a reader over the buffers.
pub(crate) struct ChannelReader {
    receive: Receiver<Chunk>,
    give_back: std::sync::mpsc::Sender<Vec<u8>>,
    current: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for ChannelReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.current.len() && !self.ended {
            match self.receive.recv() {
                Ok(Ok(next)) => {
                    let used = std::mem::replace(&mut self.current, next);
                    self.at = 0;
                    if used.capacity() > 0 {
                        let _ = self.give_back.send(used);
                    }
                }
                Ok(Err(error)) => return Err(error.into_io()),
                Err(_) => self.ended = true,
            }
        }
        let rest = self.current.get(self.at..).unwrap_or_default();
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
