//! What is remembered of an image: where it came from, when, and whose signature it carries.

use serde::{Deserialize, Serialize};

use crate::{Digest, Phrase, UserError, phrase};

/// Where an image came from; kept beside it and shown with it. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageOrigin {
    /// Where its bytes came from: `registry/path` of the registry or mirror that answered, or
    /// the local source as the person named it (`oci-archive:FILE`).
    pub source: String,
    /// The digest that the tag named then: of the index, when the registry has one.
    #[serde(default)]
    pub tag_digest: Option<Digest>,
    /// When, RFC 3339.
    pub fetched: String,
    /// What is known of its signature.
    #[serde(default)]
    pub signature: SignatureState,
}

/// What is known of an image's signature. An image whose signature is wanted and does not fit is
/// never in the store, so there is no state for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum SignatureState {
    /// Nothing asks for a signature; none was looked for.
    #[default]
    NotRequired,
    /// Signed by every key that was asked for.
    Verified {
        /// Fingerprints of the keys: SHA-256 of the public key in DER form, hexadecimal.
        keys: Vec<String>,
    },
}

impl SignatureState {
    /// In words, for people.
    pub fn describe(&self) -> String {
        self.phrase().to_string()
    }

    /// The same, for an app.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotRequired => phrase("not checked"),
            Self::Verified { keys } => {
                let short: Vec<&str> = keys
                    .iter()
                    .map(|key| key.get(..16).unwrap_or(key))
                    .collect();
                phrase("signed by {keys}").with("keys", short.join(" and "))
            }
        }
    }
}

/// What would come of making a pet from an image: `kennel job judge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It is on this computer; nothing is fetched.
    Present,
    /// It is fetched without a question.
    Trusted,
    /// It is fetched if it is signed by a wanted key.
    Signed,
    /// It is fetched once the person has agreed: its source is not trusted.
    Ask,
    /// It is not fetched, whatever the person says.
    Refused {
        /// Why, and what to do.
        error: UserError,
    },
}

/// Whether an image's tag names something else at its registry now: `kennel job check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "freshness", rename_all = "kebab-case")]
pub enum Freshness {
    /// The tag names the image that is on this computer, or nobody could move it: the reference
    /// has a digest, or the image was made here.
    UpToDate,
    /// The tag names another image.
    Newer {
        /// The digest that the tag names now.
        digest: Digest,
    },
    /// The registry could not be asked.
    Unknown {
        /// Why, and what to do.
        error: UserError,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_of_an_older_kennel_still_reads() {
        let origin: ImageOrigin =
            serde_json::from_str(r#"{"source":"quay.io/a/b","fetched":"2026-01-01T00:00:00Z"}"#)
                .unwrap();
        assert_eq!(origin.signature, SignatureState::NotRequired);
        assert_eq!(origin.tag_digest, None);
    }

    #[test]
    fn a_signature_state_names_itself() {
        let state = SignatureState::Verified {
            keys: vec!["0123456789abcdef0123".to_owned()],
        };
        assert_eq!(
            serde_json::to_string(&state).unwrap(),
            r#"{"state":"verified","keys":["0123456789abcdef0123"]}"#
        );
        assert_eq!(state.describe(), "signed by 0123456789abcdef");
    }
}
