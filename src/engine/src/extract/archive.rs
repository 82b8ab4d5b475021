//! Reading a tar stream entry by entry: ustar, PAX, and GNU tar's long names and sparse files.
//!
//! Written for hostile input. The `tar` crate decodes a header's fields; its own reader would
//! split PAX records at newlines, which binary attributes contain, and read extended headers
//! of any claimed size into memory.

use std::io::{self, Read, Seek, SeekFrom};

use tar::{EntryType, Header};

use super::ExtractError;
use super::pax::PaxRecords;
use super::sparse::SparseMap;

const BLOCK: usize = 512;

/// A tar stream. Reading from it gives the content of the current entry.
pub(crate) struct Archive<R> {
    inner: R,
    skip: fn(&mut R, u64) -> io::Result<()>,
    /// Bytes from the start of the archive to the next unread one.
    position: u64,
    /// Bytes of the current entry's content that are still unread, and the padding after it.
    content: u64,
    padding: u64,
    /// Most bytes of extended headers of one entry.
    header_limit: u64,
    has_end_mark: bool,
}

/// One entry, its extended headers applied.
pub(crate) struct Entry {
    pub(crate) header: Header,
    pub(crate) kind: EntryType,
    /// The name, as in the archive.
    pub(crate) path: Vec<u8>,
    /// A link's target.
    pub(crate) link: Option<Vec<u8>>,
    /// Bytes of content in the archive, without the map of a sparse file.
    pub(crate) size: u64,
    pub(crate) pax: PaxRecords,
    /// Where the content belongs, of a file with holes.
    pub(crate) sparse: Option<SparseMap>,
}

/// What extended headers said about the entry that follows them.
#[derive(Default)]
struct Extended {
    pax: PaxRecords,
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    bytes: u64,
}

impl<R: Read> Archive<R> {
    /// Reads from a stream, at its start.
    pub(crate) fn new(inner: R, header_limit: u64) -> Self {
        Self::with_skip(inner, header_limit, |inner, bytes| {
            let skipped = io::copy(&mut inner.take(bytes), &mut io::sink())?;
            if skipped == bytes {
                Ok(())
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        })
    }

    fn with_skip(inner: R, header_limit: u64, skip: fn(&mut R, u64) -> io::Result<()>) -> Self {
        Self {
            inner,
            skip,
            position: 0,
            content: 0,
            padding: 0,
            header_limit,
            has_end_mark: false,
        }
    }

    /// Whether the blocks that mark the end of an archive were seen: without them it may have
    /// been cut between two entries.
    pub(crate) fn has_end_mark(&self) -> bool {
        self.has_end_mark
    }

    /// Where the current entry's unread content begins.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next entry; what is left of the current one is passed over.
    pub(crate) fn next_entry(&mut self) -> Result<Option<Entry>, ExtractError> {
        let mut extended = Extended::default();
        loop {
            let Some(header) = self.next_header()? else {
                return Ok(None);
            };
            self.has_content(header.entry_size().map_err(ExtractError::reading)?);
            match header.entry_type() {
                EntryType::XHeader => {
                    let bytes = self.extended(&mut extended)?;
                    extended.pax.parse(&bytes)?;
                }
                EntryType::GNULongName => extended.name = Some(self.long_text(&mut extended)?),
                EntryType::GNULongLink => extended.link = Some(self.long_text(&mut extended)?),
                EntryType::XGlobalHeader => drop(self.extended(&mut extended)?),
                _ => return self.entry(header, extended).map(Some),
            }
        }
    }

    fn next_header(&mut self) -> Result<Option<Header>, ExtractError> {
        let rest = self.content + self.padding;
        (self.skip)(&mut self.inner, rest).map_err(ExtractError::reading)?;
        self.position += rest;
        (self.content, self.padding) = (0, 0);
        let mut header = Header::new_old();
        let Some(block) = self.read_block()? else {
            return Ok(None);
        };
        if block.iter().all(|byte| *byte == 0) {
            self.has_end_mark = true;
            return Ok(None);
        }
        header.as_mut_bytes().copy_from_slice(&block);
        // The checksum is taken with its own field as spaces (pax(1), “ustar Interchange Format”).
        let sum: u32 = block[..148]
            .iter()
            .chain(&block[156..])
            .map(|byte| u32::from(*byte))
            .sum();
        if header.cksum().ok() == Some(sum + 8 * u32::from(b' ')) {
            Ok(Some(header))
        } else {
            Err(ExtractError::Damaged {
                reason: "a header has a wrong checksum".to_owned(),
            })
        }
    }

    /// A whole block, or none at the end of the stream.
    fn read_block(&mut self) -> Result<Option<[u8; BLOCK]>, ExtractError> {
        let (mut block, mut filled) = ([0u8; BLOCK], 0);
        while filled < BLOCK {
            match self.inner.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(ExtractError::Truncated),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ExtractError::reading(error)),
            }
        }
        self.position += BLOCK as u64;
        Ok(Some(block))
    }

    fn has_content(&mut self, size: u64) {
        self.content = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// The whole content of an extended header.
    fn extended(&mut self, extended: &mut Extended) -> Result<Vec<u8>, ExtractError> {
        extended.bytes = extended.bytes.saturating_add(self.content);
        if extended.bytes > self.header_limit {
            return Err(ExtractError::HeaderTooLarge {
                limit: self.header_limit,
            });
        }
        let size = self.content;
        let mut bytes = Vec::new();
        self.take(size)
            .read_to_end(&mut bytes)
            .map_err(ExtractError::reading)?;
        if bytes.len() as u64 == size {
            Ok(bytes)
        } else {
            Err(ExtractError::Truncated)
        }
    }

    /// A GNU long name: it ends with a NUL.
    fn long_text(&mut self, extended: &mut Extended) -> Result<Vec<u8>, ExtractError> {
        let mut bytes = self.extended(extended)?;
        if bytes.last() == Some(&0) {
            bytes.pop();
        }
        Ok(bytes)
    }

    fn entry(&mut self, header: Header, extended: Extended) -> Result<Entry, ExtractError> {
        let kind = header.entry_type();
        let pax = extended.pax;
        let size = match pax.number("size")? {
            _ if has_no_content(kind) => 0,
            Some(size) => size,
            None => header.entry_size().map_err(ExtractError::reading)?,
        };
        self.has_content(size);
        let sparse = self.sparse(&header, &pax, size)?;
        let owned = |bytes: &[u8]| bytes.to_vec();
        let path = pax
            .get("GNU.sparse.name")
            .filter(|_| sparse.is_some())
            .or_else(|| pax.get("path"))
            .map(owned)
            .or(extended.name)
            .unwrap_or_else(|| header.path_bytes().into_owned());
        let link = pax
            .get("linkpath")
            .map(owned)
            .or(extended.link)
            .or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
        Ok(Entry {
            header,
            kind,
            path,
            link,
            size: self.content,
            pax,
            sparse,
        })
    }

    fn sparse(
        &mut self,
        header: &Header,
        pax: &PaxRecords,
        size: u64,
    ) -> Result<Option<SparseMap>, ExtractError> {
        let limit = self.header_limit;
        if header.entry_type().is_gnu_sparse() {
            let mut bytes = 0;
            return SparseMap::gnu(header, size, || {
                bytes += BLOCK as u64;
                if bytes > limit {
                    return Err(ExtractError::HeaderTooLarge { limit });
                }
                self.read_block()?.ok_or(ExtractError::Truncated)
            })
            .map(Some);
        }
        if !header.entry_type().is_file() {
            return Ok(None);
        }
        SparseMap::pax(pax, size, self, limit)
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Reads from a file, at its start, and passes over content without reading it.
    pub(crate) fn seeking(inner: R, header_limit: u64) -> Self {
        Self::with_skip(inner, header_limit, |inner, bytes| {
            let bytes = i64::try_from(bytes).map_err(|_| io::ErrorKind::UnexpectedEof)?;
            inner.seek(SeekFrom::Current(bytes)).map(drop)
        })
    }
}

impl<R: Read> Read for Archive<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.content)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        if room == 0 {
            return Ok(0);
        }
        let read = self.inner.read(&mut buffer[..room])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.content -= read as u64;
        self.position += read as u64;
        Ok(read)
    }
}

/// Kinds whose size field means nothing, as Go's archive/tar has it: what pulls and packs
/// images reads them so, and so must we.
fn has_no_content(kind: EntryType) -> bool {
    matches!(
        kind,
        EntryType::Link
            | EntryType::Symlink
            | EntryType::Char
            | EntryType::Block
            | EntryType::Directory
            | EntryType::Fifo
    )
}
