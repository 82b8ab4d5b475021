//! X11's keys (xauth(1)). Each is for a display of one host name; a pet has another. In the copy
//! for the pet every key is for any host (FamilyWild), so that the display's number alone counts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The family of a key for any host (Xauth.h).
const FAMILY_WILD: [u8; 2] = [0xff, 0xff];

/// Larger files are no list of keys.
const LIMIT: u64 = 1 << 20;

/// The keys in `path`, made good for any host.
pub fn for_any_host(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT).read_to_end(&mut bytes)?;
    let mut all = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let key = entry_length(rest).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "it is not a file of keys")
        })?;
        let (entry, after) = rest.split_at(key);
        all.extend_from_slice(&FAMILY_WILD);
        all.extend_from_slice(&entry[2..]);
        rest = after;
    }
    Ok(all)
}

/// The length of the first entry: a family of two bytes, then address, number, name and data, each
/// behind its length in two bytes, most significant first (XauReadAuth(3)).
fn entry_length(bytes: &[u8]) -> Option<usize> {
    let mut length = 2;
    for _ in 0..4 {
        let count = bytes.get(length..length + 2)?;
        length += 2 + usize::from(u16::from_be_bytes([count[0], count[1]]));
    }
    (length <= bytes.len()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(family: u16, parts: [&[u8]; 4]) -> Vec<u8> {
        let mut bytes = family.to_be_bytes().to_vec();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u16).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }

    fn copied(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), bytes)?;
        for_any_host(file.path())
    }

    #[test]
    fn every_key_is_for_any_host() {
        let parts: [&[u8]; 4] = [b"desk", b"0", b"MIT-MAGIC-COOKIE-1", b"0123456789abcdef"];
        let two = [key(256, parts), key(0, parts)].concat();
        let wild = [key(0xffff, parts), key(0xffff, parts)].concat();
        assert_eq!(copied(&two).unwrap(), wild);
        assert_eq!(copied(b"").unwrap(), b"");
    }

    #[test]
    fn what_is_no_list_of_keys_is_refused() {
        let parts: [&[u8]; 4] = [b"desk", b"0", b"MIT-MAGIC-COOKIE-1", b"0123456789abcdef"];
        let whole = key(256, parts);
        for length in 1..whole.len() {
            assert!(copied(&whole[..length]).is_err(), "{length}");
        }
    }
}
