//! What happened to pets.

use serde::{Deserialize, Serialize};

use crate::{AlertKind, PetId, Phrase};

/// Something that happened; a line of `kennel events`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, RFC 3339.
    pub time: String,
    /// The pet.
    pub id: PetId,
    /// Its name then.
    pub name: String,
    /// What, in a word: `created`, `started`, `stopped`, `ended`, `failed`, `changed`, `renamed`,
    /// `removed`, `alert`, `alert-over` …
    pub event: String,
    /// More about it.
    #[serde(flatten, with = "crate::phrase::field::text")]
    pub text: Phrase,
    /// Which alert, of `alert` and `alert-over`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
}
