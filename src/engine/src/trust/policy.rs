//! Containers' `policy.json`, as containers-policy.json(5) describes it, for images that come
//! from a registry (the transport `docker`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use kennel_model::ImageRef;
use serde::Deserialize;

use super::rules::{Identity, KeySource, SignatureRule};
use crate::config::{ConfigError, Places, Scope, longest, read_optional};

/// The policy of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    default: Vec<Requirement>,
    /// Requirements of `docker` scopes.
    scopes: BTreeMap<Scope, Vec<Requirement>>,
    /// Of every image from a registry that no scope covers.
    docker: Option<Vec<Requirement>>,
}

/// One thing that an image must fulfil; all of a scope's have to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// `insecureAcceptAnything`.
    Accept,
    /// `reject`.
    Reject,
    /// `sigstoreSigned` with keys.
    Signed(SignatureRule),
    /// Something that Kennel cannot check: GPG signatures, Fulcio certificates.
    Uncheckable(String),
}

impl Policy {
    /// Reads the person's file, else the system's.
    pub fn load(places: &Places) -> Result<Option<Self>, ConfigError> {
        for root in [&places.person, &places.system] {
            let path = root.join("containers/policy.json");
            if let Some(text) = read_optional(&path)? {
                return Self::parse(&text, &path).map(Some);
            }
        }
        Ok(None)
    }

    /// Reads the text of the file at `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| ConfigError::Invalid {
                path: path.to_owned(),
                line: Some(error.line()),
                reason: error.to_string(),
            })?;
        let read = |raw: Vec<RawRequirement>| {
            if raw.is_empty() {
                return Err("a scope has no requirements".to_owned());
            }
            raw.into_iter()
                .map(RawRequirement::read)
                .collect::<Result<Vec<_>, _>>()
        };
        let build = || {
            let mut policy = Self {
                default: read(document.default)?,
                scopes: BTreeMap::new(),
                docker: None,
            };
            for (scope, raw) in document.transports.docker {
                if scope.is_empty() {
                    policy.docker = Some(read(raw)?);
                } else {
                    let scope = scope.parse::<Scope>().map_err(|error| error.to_string())?;
                    policy.scopes.insert(scope, read(raw)?);
                }
            }
            Ok(policy)
        };
        build().map_err(|reason: String| ConfigError::invalid(path, reason))
    }

    /// What `reference` must fulfil: the most exact scope's, else the transport's, else the
    /// default requirements.
    pub fn requirements(&self, reference: &ImageRef) -> &[Requirement] {
        match longest(&self.scopes, reference) {
            Some((_, requirements)) => requirements,
            None => self.docker.as_ref().unwrap_or(&self.default),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    default: Vec<RawRequirement>,
    #[serde(default)]
    transports: Transports,
}

/// Other transports are other programs' business.
#[derive(Default, Deserialize)]
struct Transports {
    #[serde(default)]
    docker: BTreeMap<String, Vec<RawRequirement>>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum RawRequirement {
    InsecureAcceptAnything,
    Reject,
    SignedBy {},
    SigstoreSigned(Box<Sigstore>),
}

/// Unknown keys are refused: one could be a requirement that would go unchecked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sigstore {
    key_path: Option<PathBuf>,
    key_paths: Option<Vec<PathBuf>>,
    key_data: Option<String>,
    key_datas: Option<Vec<String>>,
    fulcio: Option<serde::de::IgnoredAny>,
    pki: Option<serde::de::IgnoredAny>,
    rekor_public_key_path: Option<serde::de::IgnoredAny>,
    rekor_public_key_paths: Option<serde::de::IgnoredAny>,
    rekor_public_key_data: Option<serde::de::IgnoredAny>,
    rekor_public_key_datas: Option<serde::de::IgnoredAny>,
    signed_identity: Option<RawIdentity>,
}

#[derive(Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum RawIdentity {
    MatchExact,
    MatchRepoDigestOrExact,
    MatchRepository,
    ExactReference { docker_reference: ImageRef },
    ExactRepository { docker_repository: String },
    RemapIdentity { prefix: Scope, signed_prefix: Scope },
}

impl RawRequirement {
    fn read(self) -> Result<Requirement, String> {
        Ok(match self {
            Self::InsecureAcceptAnything => Requirement::Accept,
            Self::Reject => Requirement::Reject,
            Self::SignedBy {} => Requirement::Uncheckable("a GPG signature".to_owned()),
            Self::SigstoreSigned(sigstore) => sigstore.read()?,
        })
    }
}

impl Sigstore {
    fn read(self) -> Result<Requirement, String> {
        if self.fulcio.is_some() || self.pki.is_some() {
            return Ok(Requirement::Uncheckable("a certificate".to_owned()));
        }
        let log = [
            &self.rekor_public_key_path,
            &self.rekor_public_key_paths,
            &self.rekor_public_key_data,
            &self.rekor_public_key_datas,
        ];
        if log.into_iter().any(Option::is_some) {
            return Ok(Requirement::Uncheckable(
                "an entry in a transparency log".to_owned(),
            ));
        }
        let paths = self
            .key_path
            .into_iter()
            .chain(self.key_paths.into_iter().flatten());
        let mut keys: Vec<KeySource> = paths.map(KeySource::File).collect();
        for data in self
            .key_data
            .into_iter()
            .chain(self.key_datas.into_iter().flatten())
        {
            let pem = base64::engine::general_purpose::STANDARD
                .decode(data)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or("keyData is not a PEM file in base64")?;
            keys.push(KeySource::Text(pem));
        }
        if keys.is_empty() {
            return Err("sigstoreSigned names no key".to_owned());
        }
        let identity = match self.signed_identity {
            None | Some(RawIdentity::MatchRepoDigestOrExact) => Identity::RepositoryAndTag,
            Some(RawIdentity::MatchExact) => Identity::Exact,
            Some(RawIdentity::MatchRepository) => Identity::Repository,
            Some(RawIdentity::ExactReference { docker_reference }) => {
                Identity::Reference(docker_reference)
            }
            Some(RawIdentity::ExactRepository { docker_repository }) => {
                Identity::NamedRepository(docker_repository)
            }
            Some(RawIdentity::RemapIdentity {
                prefix,
                signed_prefix,
            }) => Identity::Remapped {
                prefix,
                signed_prefix,
            },
        };
        Ok(Requirement::Signed(SignatureRule { keys, identity }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Policy, String> {
        Policy::parse(text, Path::new("/etc/containers/policy.json"))
            .map_err(|error| error.to_string())
    }

    const WHOLE: &str = r#"{
        "default": [{"type": "reject"}],
        "transports": {
            "docker-daemon": {"": [{"type": "insecureAcceptAnything"}]},
            "docker": {
                "quay.io": [{"type": "insecureAcceptAnything"}],
                "quay.io/team": [{"type": "sigstoreSigned", "keyPath": "/k.pem",
                    "signedIdentity": {"type": "matchRepository"}}],
                "registry.redhat.io": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
                "*.corp.example": [{"type": "sigstoreSigned", "keyData": "QQ=="}]
            }
        }
    }"#;

    #[test]
    fn the_most_exact_scope_decides_and_then_the_default() {
        let policy = parse(WHOLE).unwrap();
        let of = |reference: &str| policy.requirements(&reference.parse().unwrap())[0].clone();
        assert_eq!(of("quay.io/else/x:1"), Requirement::Accept);
        let rule = |key, identity| {
            Requirement::Signed(SignatureRule {
                keys: vec![key],
                identity,
            })
        };
        assert_eq!(
            of("quay.io/team/x:1"),
            rule(KeySource::File("/k.pem".into()), Identity::Repository)
        );
        assert_eq!(
            of("a.corp.example/x:1"),
            rule(KeySource::Text("A".to_owned()), Identity::RepositoryAndTag)
        );
        assert!(matches!(
            of("registry.redhat.io/ubi9:1"),
            Requirement::Uncheckable(_)
        ));
        assert_eq!(of("ghcr.io/a/b:1"), Requirement::Reject);
    }

    #[test]
    fn the_empty_scope_is_every_registry() {
        let policy = parse(
            r#"{"default": [{"type": "reject"}], "transports": {"docker": {"": [{"type": "insecureAcceptAnything"}]}}}"#,
        )
        .unwrap();
        assert_eq!(
            policy.requirements(&"a.b/c:1".parse().unwrap()),
            [Requirement::Accept]
        );
    }

    #[test]
    fn what_cannot_be_understood_is_refused_not_passed_over() {
        for (text, why) in [
            (r#"{"transports": {}}"#, "default"),
            (r#"{"default": []}"#, "no requirements"),
            (r#"{"default": [{"type": "anything"}]}"#, "anything"),
            (
                r#"{"default": [{"type": "sigstoreSigned"}]}"#,
                "names no key",
            ),
            (
                r#"{"default": [{"type": "sigstoreSigned", "keyPath": "/k", "minimum": 2}]}"#,
                "minimum",
            ),
            (
                r#"{"default": [{"type": "sigstoreSigned", "keyData": "?"}]}"#,
                "base64",
            ),
            (
                r#"{"default": [{"type": "reject"}], "transports": {"docker": {"UPPER/": [{"type": "reject"}]}}}"#,
                "UPPER",
            ),
            ("{\n\"default\"", "line 2"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn what_kennel_cannot_check_is_kept_as_such() {
        for extra in [
            r#""fulcio": {}"#,
            r#""keyPath": "/k", "rekorPublicKeyPath": "/r""#,
        ] {
            let text = format!(r#"{{"default": [{{"type": "sigstoreSigned", {extra}}}]}}"#);
            let policy = parse(&text).unwrap();
            let found = policy.requirements(&"a.b/c:1".parse().unwrap());
            assert!(matches!(found, [Requirement::Uncheckable(_)]), "{extra}");
        }
    }
}
