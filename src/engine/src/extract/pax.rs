//! PAX extended headers: `LENGTH KEY=VALUE\n` records (pax(1), “pax Extended Header”).
//!
//! Parsed by length, never by line: an attribute's value may hold any byte, and a record must
//! not be able to hide in another one's value.

use super::ExtractError;

/// The records of one entry, in order.
#[derive(Debug, Default)]
pub(crate) struct PaxRecords(Vec<(String, Vec<u8>)>);

impl PaxRecords {
    /// Adds the records in `bytes`; a later record of the same key wins, an empty value
    /// withdraws it.
    pub(crate) fn parse(&mut self, mut bytes: &[u8]) -> Result<(), ExtractError> {
        let bad = || ExtractError::Damaged {
            reason: "an extended header is not well formed".to_owned(),
        };
        while !bytes.is_empty() {
            let space = bytes.iter().take(20).position(|byte| *byte == b' ');
            let space = space.ok_or_else(bad)?;
            let length: usize = std::str::from_utf8(&bytes[..space])
                .ok()
                .and_then(|text| text.parse().ok())
                .ok_or_else(bad)?;
            let record = bytes.get(space + 1..length).ok_or_else(bad)?;
            let [pair @ .., b'\n'] = record else {
                return Err(bad());
            };
            let equals = pair.iter().position(|byte| *byte == b'=').ok_or_else(bad)?;
            let key = std::str::from_utf8(&pair[..equals]).map_err(|_| bad())?;
            self.0.push((key.to_owned(), pair[equals + 1..].to_vec()));
            bytes = &bytes[length..];
        }
        Ok(())
    }

    /// Every record.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// The last value of `key`, unless it is empty.
    pub(crate) fn get(&self, key: &str) -> Option<&[u8]> {
        let last = self.0.iter().rev().find(|(known, _)| known == key)?;
        Some(last.1.as_slice()).filter(|value| !value.is_empty())
    }

    /// The last value of `key` as a decimal number; an error when it is none.
    pub(crate) fn number(&self, key: &str) -> Result<Option<u64>, ExtractError> {
        self.get(key).map(decimal).transpose()
    }
}

/// A decimal number without sign or space.
pub(crate) fn decimal(text: &[u8]) -> Result<u64, ExtractError> {
    std::str::from_utf8(text)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| ExtractError::Damaged {
            reason: "an extended header has something that is not a number".to_owned(),
        })
}
