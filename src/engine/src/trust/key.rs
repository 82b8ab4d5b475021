//! Public keys that sign images.

use std::path::PathBuf;

use kennel_model::phrase::reason;
use kennel_model::{Phrase, UserError, phrase};
use p256::ecdsa::VerifyingKey;
use p256::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};
use sha2::{Digest as _, Sha256};

use super::rules::KeySource;

/// A public key: ECDSA over the curve P-256, which is what `cosign generate-key-pair` makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(super) key: VerifyingKey,
    fingerprint: String,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum KeyError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a key of this kind.
    Invalid(String),
}

impl KeyError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Read { path, source } => phrase("the key {path} cannot be read: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
            Self::Invalid(key) => {
                phrase("{key} is not a public key of the kind that cosign makes (PEM, ECDSA P-256)")
                    .with("key", key)
            }
        }
    }
}

impl From<KeyError> for UserError {
    fn from(error: KeyError) -> Self {
        let todo = phrase(
            "correct signed_by in config.toml, or policy.json; until then the image is not fetched",
        );
        Self::new("bad-key", error.phrase(), todo).caused_by(&error)
    }
}

impl PublicKey {
    /// Reads PEM text; `name` is for the error.
    pub fn from_pem(pem: &str, name: &str) -> Result<Self, KeyError> {
        let invalid = || KeyError::Invalid(name.to_owned());
        let key = VerifyingKey::from_public_key_pem(pem.trim()).map_err(|_| invalid())?;
        let der = key.to_public_key_der().map_err(|_| invalid())?;
        let hash: [u8; 32] = Sha256::digest(der.as_bytes()).into();
        let fingerprint = kennel_model::Digest::from_sha256(&hash).hex().to_owned();
        Ok(Self { key, fingerprint })
    }

    /// Reads the key at `source`.
    pub fn load(source: &KeySource) -> Result<Self, KeyError> {
        match source {
            KeySource::Text(pem) => Self::from_pem(pem, "the key in policy.json"),
            KeySource::File(path) => {
                let pem = std::fs::read_to_string(path).map_err(|source| KeyError::Read {
                    path: path.clone(),
                    source,
                })?;
                Self::from_pem(&pem, &path.display().to_string())
            }
        }
    }

    /// SHA-256 of the key in DER form, 64 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}
