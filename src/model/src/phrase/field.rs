//! Phrases in JSON: the English text under its own name, for whoever reads it as it is, and beside
//! it, where there is something to fill in, the phrase under the name with `_phrase` behind it.
//!
//! Each module is for the fields of one name: `#[serde(flatten, with = "phrase::field::what")]`.

use std::cell::Cell;

use super::Phrase;

thread_local! {
    static ENGLISH_ONLY: Cell<bool> = const { Cell::new(false) };
}

/// What `write` serializes has the English texts and no phrases: for scripts, which have read it so
/// from the beginning.
pub fn english_only<T>(write: impl FnOnce() -> T) -> T {
    ENGLISH_ONLY.set(true);
    let written = write();
    ENGLISH_ONLY.set(false);
    written
}

fn goes_along(phrase: &Phrase) -> bool {
    !phrase.is_plain() && !ENGLISH_ONLY.get()
}

macro_rules! field {
    ($module:ident, $text:literal, $phrase:literal) => {
        #[doc = concat!("The field `", $text, "`.")]
        pub mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::{Phrase, goes_along};

            #[derive(Serialize, Deserialize)]
            struct Fields {
                #[serde(rename = $text)]
                text: String,
                #[serde(rename = $phrase, default, skip_serializing_if = "Option::is_none")]
                phrase: Option<Phrase>,
            }

            /// Writes both.
            pub fn serialize<S: Serializer>(phrase: &Phrase, to: S) -> Result<S::Ok, S::Error> {
                let fields = Fields {
                    text: phrase.to_string(),
                    phrase: goes_along(phrase).then(|| phrase.clone()),
                };
                fields.serialize(to)
            }

            /// Reads what is there.
            pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Phrase, D::Error> {
                let Fields { text, phrase } = Fields::deserialize(from)?;
                Ok(phrase.unwrap_or_else(|| Phrase::verbatim(text)))
            }
        }
    };
    (optional $module:ident, $text:literal, $phrase:literal) => {
        #[doc = concat!("The field `", $text, "` where it may be null.")]
        pub mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::{Phrase, goes_along};

            #[derive(Serialize, Deserialize)]
            struct Fields {
                #[serde(rename = $text, default)]
                text: Option<String>,
                #[serde(rename = $phrase, default, skip_serializing_if = "Option::is_none")]
                phrase: Option<Phrase>,
            }

            /// Writes both.
            pub fn serialize<S: Serializer>(
                phrase: &Option<Phrase>,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                let fields = Fields {
                    text: phrase.as_ref().map(Phrase::to_string),
                    phrase: phrase.clone().filter(goes_along),
                };
                fields.serialize(to)
            }

            /// Reads what is there.
            pub fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Option<Phrase>, D::Error> {
                let Fields { text, phrase } = Fields::deserialize(from)?;
                Ok(phrase.or_else(|| text.map(Phrase::verbatim)))
            }
        }
    };
}

field!(title, "title", "title_phrase");
field!(what, "what", "what_phrase");
field!(todo, "todo", "todo_phrase");
field!(text, "text", "text_phrase");
field!(found, "found", "found_phrase");
field!(optional consequence, "consequence", "consequence_phrase");
field!(optional advice, "advice", "advice_phrase");
field!(fact, "fact", "fact_phrase");
field!(meaning, "meaning", "meaning_phrase");
field!(how, "how", "how_phrase");
field!(optional notice, "notice", "notice_phrase");
field!(optional reason, "reason", "reason_phrase");
field!(optional unavailable, "unavailable", "unavailable_phrase");
field!(optional problem, "problem", "problem_phrase");
field!(optional no_private_network, "no_private_network", "no_private_network_phrase");
