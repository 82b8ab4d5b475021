//! Maps of sparse files: GNU tar's own headers, and the PAX forms 0.0, 0.1 and 1.0 that GNU tar
//! and bsdtar write (GNU tar manual, “Storing Sparse Files”).

use std::io::Read;

use tar::{GnuExtSparseHeader, GnuSparseHeader, Header};

use super::ExtractError;
use super::pax::{PaxRecords, decimal};

const BLOCK: u64 = 512;

/// Where the stored bytes of a sparse file belong.
#[derive(Debug)]
pub(crate) struct SparseMap {
    /// Offset and length of each stored part, ascending, without overlap.
    pub(crate) parts: Vec<(u64, u64)>,
    /// The file's size.
    pub(crate) size: u64,
}

impl SparseMap {
    /// Checks what an archive says: `stored` bytes follow in it.
    fn checked(mut parts: Vec<(u64, u64)>, size: u64, stored: u64) -> Result<Self, ExtractError> {
        // GNU tar marks the end of a file that ends in a hole with an empty part.
        parts.retain(|(_, length)| *length > 0);
        let (mut end, mut total) = (0u64, 0u64);
        for (offset, length) in &parts {
            let next = offset.checked_add(*length).filter(|next| *next <= size);
            if *offset < end {
                return Err(damaged());
            }
            end = next.ok_or_else(damaged)?;
            total += length;
        }
        if total == stored {
            Ok(Self { parts, size })
        } else {
            Err(damaged())
        }
    }

    /// Of GNU tar's own format; `read_block` reads its further headers.
    pub(crate) fn gnu(
        header: &Header,
        stored: u64,
        mut read_block: impl FnMut() -> Result<[u8; BLOCK as usize], ExtractError>,
    ) -> Result<Self, ExtractError> {
        let gnu = header.as_gnu().ok_or_else(damaged)?;
        let mut parts = Vec::new();
        let mut add = |headers: &[GnuSparseHeader]| -> Result<(), ExtractError> {
            for part in headers.iter().filter(|part| !part.is_empty()) {
                let numbers = part.offset().and_then(|at| Ok((at, part.length()?)));
                parts.push(numbers.map_err(ExtractError::reading)?);
            }
            Ok(())
        };
        add(&gnu.sparse)?;
        let mut more = gnu.is_extended();
        while more {
            let mut next = GnuExtSparseHeader::new();
            next.as_mut_bytes().copy_from_slice(&read_block()?);
            add(next.sparse())?;
            more = next.is_extended();
        }
        let size = gnu.real_size().map_err(ExtractError::reading)?;
        Self::checked(parts, size, stored)
    }

    /// Of a PAX form, if `records` have one. The map of form 1.0 is the first part of `content`.
    pub(crate) fn pax(
        records: &PaxRecords,
        stored: u64,
        content: impl Read,
        limit: u64,
    ) -> Result<Option<Self>, ExtractError> {
        if let Some(major) = records.number("GNU.sparse.major")? {
            if (major, records.number("GNU.sparse.minor")?) != (1, Some(0)) {
                return Err(damaged());
            }
            let size = records.number("GNU.sparse.realsize")?.ok_or_else(damaged)?;
            let (parts, taken) = map_in_content(content, limit)?;
            let stored = stored.checked_sub(taken).ok_or_else(damaged)?;
            return Self::checked(parts, size, stored).map(Some);
        }
        let Some(size) = records.number("GNU.sparse.size")? else {
            return Ok(None);
        };
        let numbers = match records.get("GNU.sparse.map") {
            Some(map) => map
                .split(|byte| *byte == b',')
                .map(decimal)
                .collect::<Result<Vec<_>, _>>()?,
            None => records
                .iter()
                .filter(|(key, _)| matches!(*key, "GNU.sparse.offset" | "GNU.sparse.numbytes"))
                .map(|(_, value)| decimal(value))
                .collect::<Result<Vec<_>, _>>()?,
        };
        Self::checked(pairs(&numbers)?, size, stored).map(Some)
    }
}

/// The map of form 1.0: decimal lines, padded to a block. Also the bytes it took.
fn map_in_content(
    mut content: impl Read,
    limit: u64,
) -> Result<(Vec<(u64, u64)>, u64), ExtractError> {
    let mut block = [0u8; BLOCK as usize];
    let (mut numbers, mut line, mut taken) = (Vec::new(), Vec::new(), 0);
    let mut wanted = None;
    loop {
        content
            .read_exact(&mut block)
            .map_err(ExtractError::reading)?;
        taken += BLOCK;
        if taken > limit {
            return Err(ExtractError::HeaderTooLarge { limit });
        }
        for byte in block {
            if byte != b'\n' {
                line.push(byte);
                continue;
            }
            let number = decimal(&line)?;
            line.clear();
            let Some(count) = wanted else {
                wanted = Some(number);
                continue;
            };
            if numbers.len() as u64 / 2 < count {
                numbers.push(number);
            }
        }
        if wanted.is_some_and(|count| numbers.len() as u64 / 2 >= count) {
            return Ok((pairs(&numbers)?, taken));
        }
    }
}

fn pairs(numbers: &[u64]) -> Result<Vec<(u64, u64)>, ExtractError> {
    let (pairs, rest) = numbers.as_chunks::<2>();
    if rest.is_empty() {
        Ok(pairs
            .iter()
            .map(|[offset, length]| (*offset, *length))
            .collect())
    } else {
        Err(damaged())
    }
}

fn damaged() -> ExtractError {
    ExtractError::Damaged {
        reason: "the map of a sparse file is not well formed".to_owned(),
    }
}
