//! Signatures in cosign's format with a key: a “simple signing” document (containers/image,
//! signature-protocols and atomic-signature.md) that names the image, and an ECDSA P-256
//! signature of SHA-256 over the document's bytes.
//!
//! An image's signatures are the layers of the image `sha256-<digest>.sig` beside it; fetching
//! them is the registry client's business.

use base64::Engine as _;
use kennel_model::{Digest, ImageRef, Phrase, SignatureState, UserError, phrase};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier as _;
use serde::Deserialize;

use super::key::{KeyError, PublicKey};
use super::rules::{Identity, SignatureRule};
use crate::config::canonical;

/// The media type of a signature layer.
pub const MEDIA_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The annotation of that layer that holds the signature, in base64.
pub const ANNOTATION: &str = "dev.cosignproject.cosign/signature";
/// A signed document is a few hundred bytes.
pub const PAYLOAD_LIMIT: usize = 64 << 10;
/// More signatures than this are not looked at.
pub const SIGNATURES_LIMIT: usize = 100;

const TYPE: &str = "cosign container image signature";

/// The tag, in the image's own repository, of the signatures of the manifest `digest`.
pub fn tag(digest: &Digest) -> String {
    format!("sha256-{}.sig", digest.hex())
}

/// One signature as it came from the registry.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The signed document.
    pub payload: &'a [u8],
    /// Its signature: base64 of ASN.1 DER.
    pub signature: &'a str,
}

/// Why an image that must be signed is refused.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum SignatureError {
    /// It has no signature.
    Unsigned(ImageRef),
    /// Signatures, but none by an accepted key over what it signs.
    WrongKey(ImageRef),
    /// A good signature of another image.
    Tampered {
        /// The image.
        reference: ImageRef,
        /// Its digest.
        found: Digest,
        /// The digest that was signed.
        signed: Digest,
    },
    /// A good signature of this image under another name.
    OtherName {
        /// The image.
        reference: ImageRef,
        /// The name in the signature.
        signed: String,
    },
    /// A signature that does not follow the format.
    Malformed {
        /// The image.
        reference: ImageRef,
        /// What is wrong.
        reason: String,
    },
    /// The key to check with cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl SignatureError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Unsigned(image) => {
                phrase("{image} is not signed, and it must be").with("image", image)
            }
            Self::WrongKey(image) => {
                phrase("{image} is not signed by a key that is accepted for it")
                    .with("image", image)
            }
            Self::Tampered {
                reference,
                found,
                signed,
            } => phrase("{image} is not the image that was signed: {found} instead of {signed}")
                .with("image", reference)
                .with("found", found)
                .with("signed", signed),
            Self::OtherName { reference, signed } => {
                phrase("{image} was signed under another name, {signed}")
                    .with("image", reference)
                    .with("signed", signed)
            }
            Self::Malformed { reference, reason } => {
                phrase("the signature of {image} cannot be read: {reason}")
                    .with("image", reference)
                    .with("reason", reason)
            }
            Self::Key(error) => error.phrase(),
        }
    }
}

impl From<SignatureError> for UserError {
    fn from(error: SignatureError) -> Self {
        let (kind, todo) = match error {
            SignatureError::Key(error) => return error.into(),
            SignatureError::Unsigned(_) => (
                "image-unsigned",
                phrase("ask who makes it, or choose a release that is signed"),
            ),
            SignatureError::WrongKey(_) => (
                "image-wrong-key",
                phrase(
                    "do not use it; if its makers changed their key, put the new one into config.toml",
                ),
            ),
            SignatureError::Tampered { .. } => (
                "image-tampered",
                phrase("do not use it, and tell who makes it: somebody may have replaced it"),
            ),
            SignatureError::OtherName { .. } => (
                "image-other-name",
                phrase("use the name it was signed under, or ask who makes it"),
            ),
            SignatureError::Malformed { .. } => (
                "image-bad-signature",
                phrase("ask who makes it to sign it again"),
            ),
        };
        Self::new(kind, error.phrase(), todo).caused_by(&error)
    }
}

/// Checks that `signatures` of the manifest `digest`, fetched as `reference`, meet every rule.
/// `digest` is that of the manifest or index that the tag names, which is what is signed.
pub fn verify(
    reference: &ImageRef,
    digest: &Digest,
    signatures: &[Signed<'_>],
    rules: &[SignatureRule],
) -> Result<SignatureState, SignatureError> {
    if rules.is_empty() {
        return Ok(SignatureState::NotRequired);
    }
    let mut fingerprints = Vec::new();
    for rule in rules {
        let keys = rule
            .keys
            .iter()
            .map(PublicKey::load)
            .collect::<Result<Vec<_>, _>>()?;
        let checked = Checked {
            reference,
            digest,
            keys: &keys,
            identity: &rule.identity,
        };
        let key = checked.any(signatures)?;
        if !fingerprints.contains(&key) {
            fingerprints.push(key);
        }
    }
    Ok(SignatureState::Verified { keys: fingerprints })
}

/// What one rule's signatures are held against.
struct Checked<'a> {
    reference: &'a ImageRef,
    digest: &'a Digest,
    keys: &'a [PublicKey],
    identity: &'a Identity,
}

impl Checked<'_> {
    /// The fingerprint of the key of the first good signature; else the error of the one that
    /// came nearest, which tells most.
    fn any(&self, signatures: &[Signed<'_>]) -> Result<String, SignatureError> {
        let mut nearest = SignatureError::Unsigned(self.reference.clone());
        for signed in signatures.iter().take(SIGNATURES_LIMIT) {
            match self.one(signed) {
                Ok(key) => return Ok(key),
                Err(error) if nearness(&error) > nearness(&nearest) => nearest = error,
                Err(_) => {}
            }
        }
        Err(nearest)
    }

    fn one(&self, signed: &Signed<'_>) -> Result<String, SignatureError> {
        let malformed = |reason: &str| SignatureError::Malformed {
            reference: self.reference.clone(),
            reason: reason.to_owned(),
        };
        if signed.payload.len() > PAYLOAD_LIMIT {
            return Err(malformed("the signed document is too large"));
        }
        let der = base64::engine::general_purpose::STANDARD
            .decode(signed.signature.trim())
            .map_err(|_| malformed("it is not base64"))?;
        let signature = Signature::from_der(&der)
            .map_err(|_| malformed("it is not an ECDSA P-256 signature"))?;
        // The key comes first: nothing else in the document is believed before.
        let key = self
            .keys
            .iter()
            .find(|key| key.key.verify(signed.payload, &signature).is_ok())
            .ok_or_else(|| SignatureError::WrongKey(self.reference.clone()))?;
        let payload: Payload = serde_json::from_slice(signed.payload)
            .map_err(|error| malformed(&format!("the signed document: {error}")))?;
        let Critical {
            identity,
            image,
            kind,
        } = payload.critical;
        if kind != TYPE {
            return Err(malformed("it signs something that is no image"));
        }
        if image.docker_manifest_digest != *self.digest {
            return Err(SignatureError::Tampered {
                reference: self.reference.clone(),
                found: self.digest.clone(),
                signed: image.docker_manifest_digest,
            });
        }
        if !identity_fits(self.identity, self.reference, &identity.docker_reference) {
            return Err(SignatureError::OtherName {
                reference: self.reference.clone(),
                signed: identity.docker_reference.chars().take(300).collect(),
            });
        }
        Ok(key.fingerprint().to_owned())
    }
}

/// How much an error tells: a signature by the right key tells more than one by another.
fn nearness(error: &SignatureError) -> u8 {
    match error {
        SignatureError::Unsigned(_) | SignatureError::Key(_) => 0,
        SignatureError::Malformed { .. } => 1,
        SignatureError::WrongKey(_) => 2,
        SignatureError::OtherName { .. } => 3,
        SignatureError::Tampered { .. } => 4,
    }
}

/// Whether the name in a signature is one that the rule accepts for `reference`.
fn identity_fits(identity: &Identity, reference: &ImageRef, signed: &str) -> bool {
    let signed = plain_name(signed);
    let wanted = canonical(reference.as_str());
    match identity {
        Identity::Repository => repository(&signed) == repository(&wanted),
        Identity::Exact => signed == wanted,
        Identity::RepositoryAndTag => repository_and_tag(&signed, &wanted),
        Identity::Reference(named) => signed == canonical(named.as_str()),
        Identity::NamedRepository(named) => repository(&signed) == plain_name(named),
        Identity::Remapped {
            prefix,
            signed_prefix,
        } => {
            let wanted = prefix.replaced(&wanted, signed_prefix).unwrap_or(wanted);
            repository_and_tag(&signed, &wanted)
        }
    }
}

/// A pinned image was not fetched by tag, so that its signature may name any.
fn repository_and_tag(signed: &str, wanted: &str) -> bool {
    if wanted.contains('@') {
        repository(signed) == repository(wanted)
    } else {
        signed == wanted
    }
}

/// cosign writes Docker Hub as `index.docker.io`; other programs know it as `docker.io`.
fn plain_name(name: &str) -> String {
    match name.strip_prefix("index.docker.io/") {
        Some(path) => canonical(&format!("docker.io/{path}")),
        None => canonical(name),
    }
}

/// The repository of a name, which may have no tag.
fn repository(name: &str) -> String {
    name.parse::<ImageRef>()
        .map_or_else(|_| name.to_owned(), |name| name.repository().to_owned())
}

#[derive(Deserialize)]
struct Payload {
    critical: Critical,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Critical {
    identity: SignedIdentity,
    image: SignedImage,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedIdentity {
    #[serde(rename = "docker-reference")]
    docker_reference: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedImage {
    #[serde(rename = "docker-manifest-digest")]
    docker_manifest_digest: Digest,
}

#[cfg(test)]
mod tests;
