//! Pet names (chosen by a person, mutable) and pet ids (random, stable).

use std::str::FromStr;

use crate::text::text_newtype;
use crate::{Phrase, phrase};

/// The name a person gives a pet: 1–63 characters of `[a-z0-9][a-z0-9_.-]*`.
///
/// The alphabet is what may safely appear in a host name, a file name and a
/// systemd unit name; `+ , = :` and `/` are refused because they have been
/// smuggled into mount options and sysctls before (CVE-2022-0811).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PetName(String);

/// The longest pet name, in bytes: a host name label may hold 63 (RFC 1035 §2.3.4).
const NAME_LIMIT: usize = 63;

/// Why a text is not a pet name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum InvalidName {
    /// Nothing was given.
    Empty,
    /// More than 63 characters.
    TooLong,
    /// The first character is not a lower-case letter or a digit.
    BadStart,
    /// A character outside the alphabet.
    BadCharacter(char),
    /// Not sixteen lower-case hexadecimal digits (ids only).
    BadId,
}

impl InvalidName {
    /// It in words.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Empty => phrase("a name needs at least one character"),
            Self::TooLong => phrase("a name has at most 63 characters"),
            Self::BadStart => phrase("a name starts with a lower-case letter or a digit"),
            Self::BadCharacter(character) => phrase(
                "{character} cannot be part of a name: use lower-case letters, digits, “-”, “_” and “.”",
            )
            .with("character", format!("{character:?}")),
            Self::BadId => phrase("an id is sixteen hexadecimal digits"),
        }
    }
}

impl PetName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest valid name to any text, for proposing one from a folder: `My App!` → `my-app`.
    /// `None` when nothing of the text can be kept.
    pub fn suggest(text: &str) -> Option<Self> {
        let mut name = String::new();
        for character in text.chars() {
            match character.to_ascii_lowercase() {
                kept @ ('a'..='z' | '0'..='9' | '_' | '.') => name.push(kept),
                _ if name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        let trimmed = name.trim_matches(|c| matches!(c, '-' | '_' | '.'));
        trimmed.get(..trimmed.len().min(NAME_LIMIT))?.parse().ok()
    }
}

impl FromStr for PetName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let first = text.chars().next().ok_or(InvalidName::Empty)?;
        if text.len() > NAME_LIMIT {
            return Err(InvalidName::TooLong);
        }
        if let Some(bad) = text
            .chars()
            .find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.'))
        {
            return Err(InvalidName::BadCharacter(bad));
        }
        if !first.is_ascii_alphanumeric() {
            return Err(InvalidName::BadStart);
        }
        Ok(Self(text.to_owned()))
    }
}

text_newtype!(PetName, "a pet name");

/// The host name inside a pet: 1–63 characters of `[a-z0-9A-Z-]`, not “-” first or last
/// (hostname(7), RFC 1123 §2.1), in at most 63 characters with dots in between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

/// The text is not a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a host name: use letters, digits and “-” in between, at most 63")]
pub struct InvalidHostName(String);

impl HostName {
    /// The host name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&PetName> for HostName {
    /// What host names do not allow in a pet's name becomes “-”.
    fn from(name: &PetName) -> Self {
        let text: String = name.as_str().replace('_', "-");
        let labels = text
            .split('.')
            .map(|label| label.trim_matches('-'))
            .filter(|label| !label.is_empty());
        Self(labels.collect::<Vec<_>>().join("."))
    }
}

impl FromStr for HostName {
    type Err = InvalidHostName;

    fn from_str(text: &str) -> Result<Self, InvalidHostName> {
        let label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if text.len() <= NAME_LIMIT && text.split('.').all(label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidHostName(text.to_owned()))
        }
    }
}

text_newtype!(HostName, "a host name");

/// A pet's stable identity: sixteen lower-case hexadecimal digits, chosen at random.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PetId(String);

impl PetId {
    /// An id from 64 random bits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("{bits:016x}"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PetId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let hexadecimal = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 16 && hexadecimal {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName::BadId)
        }
    }
}

text_newtype!(PetId, "a pet id");
