//! The decision: may this image be fetched, and on what condition?

use kennel_model::{ImageRef, Phrase, UserError, phrase};

use super::policy::Requirement;
use super::rules::{Identity, KeySource, Rules, SignatureRule};
use crate::config::{ConfigFile, Scope, longest};

/// What is decided about an image before anything is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It comes from a place that is trusted.
    Trusted,
    /// The person is to be asked; `--trust` on the command line says yes.
    Ask {
        /// Its registry.
        registry: String,
        /// Why it is not simply trusted.
        reason: AskReason,
    },
    /// It is trusted if every one of these rules is met.
    SignedBy(Vec<SignatureRule>),
    /// It may not be fetched, whatever the person says.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Why the person is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum AskReason {
    /// Neither the catalog nor a `config.toml` names it.
    Unknown(String),
}

impl AskReason {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        let Self::Unknown(source) = self;
        phrase("{source} is not among the sources that you trust").with("source", source)
    }
}

/// Why an image may not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum Refusal {
    /// `policy.json` rejects it.
    Rejected(ImageRef),
    /// `policy.json` wants something that Kennel cannot check.
    Uncheckable {
        /// The image.
        reference: ImageRef,
        /// What is wanted, such as "a GPG signature".
        wanted: String,
    },
    /// `only = true` and it is not on the list.
    NotAllowed(String),
}

impl Refusal {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Rejected(image) => {
                phrase("this computer's policy for images rejects {image}").with("image", image)
            }
            Self::Uncheckable { reference, wanted } => phrase(
                "this computer's policy wants {wanted} on {image}, which Kennel cannot check",
            )
            .with("wanted", wanted)
            .with("image", reference),
            Self::NotAllowed(source) => {
                phrase("{source} is not among the sources that this computer allows")
                    .with("source", source)
            }
        }
    }
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        let (kind, todo) = match &refusal {
            Refusal::Rejected(_) => (
                "image-rejected",
                phrase("choose another image; containers' policy.json says what is rejected"),
            ),
            Refusal::Uncheckable { reference, .. } => (
                "image-uncheckable",
                phrase("fetch it with a program that checks it, such as “skopeo copy docker://{image} oci-archive:FILE”, then import the file").with("image", reference),
            ),
            Refusal::NotAllowed(_) => (
                "image-not-allowed",
                phrase("choose one that “kennel image catalog” shows, or ask who looks after this computer"),
            ),
        };
        Self::new(kind, refusal.phrase(), todo)
    }
}

impl Decision {
    /// The rules that signatures must meet, if the image may be fetched. `accepted` is the
    /// person's yes to the question: `--trust`, or the button of the app.
    pub fn settle(self, accepted: bool) -> Result<Vec<SignatureRule>, UserError> {
        match self {
            Self::Trusted => Ok(Vec::new()),
            Self::SignedBy(rules) => Ok(rules),
            Self::Ask { .. } if accepted => Ok(Vec::new()),
            Self::Ask { reason, .. } => Err(UserError::new(
                "image-untrusted",
                reason.phrase(),
                phrase("say --trust if you know who makes this image"),
            )),
            Self::Refused { why } => Err(why.into()),
        }
    }
}

/// Decides about `reference`. In this order: what the computer's policy forbids is refused; what
/// must be signed must be signed; what the company or the person trusts, or the catalog names,
/// is trusted; the rest is asked about, or refused where only trusted sources are allowed.
pub fn decide(reference: &ImageRef, rules: &Rules) -> Decision {
    let mut signed = match by_policy(reference, rules) {
        Ok(signed) => signed,
        Err(why) => return Decision::Refused { why },
    };
    let [company, person] = &rules.files;
    let by_company = by_file(reference, company);
    let named = is_named(reference, rules);
    // A key that the person chose does not widen what the company allows.
    let outside_company = company.trust.only && !named && by_company.is_none();
    signed.extend(by_company.into_iter().chain(by_file(reference, person)));
    let outside = person.trust.only && !named && signed.is_empty();
    if outside_company || outside {
        let why = Refusal::NotAllowed(reference.repository().to_owned());
        return Decision::Refused { why };
    }
    if !signed.is_empty() {
        return Decision::SignedBy(signed);
    }
    if named {
        return Decision::Trusted;
    }
    Decision::Ask {
        registry: reference.registry().to_owned(),
        reason: AskReason::Unknown(reference.repository().to_owned()),
    }
}

/// The signatures that `policy.json` wants.
fn by_policy(reference: &ImageRef, rules: &Rules) -> Result<Vec<SignatureRule>, Refusal> {
    let mut signed = Vec::new();
    let requirements = rules
        .policy
        .iter()
        .flat_map(|policy| policy.requirements(reference));
    for requirement in requirements {
        match requirement {
            Requirement::Accept => {}
            Requirement::Signed(rule) => signed.push(rule.clone()),
            Requirement::Reject => return Err(Refusal::Rejected(reference.clone())),
            Requirement::Uncheckable(wanted) => {
                return Err(Refusal::Uncheckable {
                    reference: reference.clone(),
                    wanted: wanted.clone(),
                });
            }
        }
    }
    Ok(signed)
}

/// The signature that a `config.toml` wants: that of the most exact entry with keys.
fn by_file(reference: &ImageRef, file: &ConfigFile) -> Option<SignatureRule> {
    let keyed = file
        .registries
        .iter()
        .filter(|(_, rule)| !rule.signed_by.is_empty());
    let (_, rule) = longest(keyed, reference)?;
    let keys = rule.signed_by.iter().cloned();
    Some(SignatureRule {
        keys: keys.map(KeySource::File).collect(),
        identity: Identity::Repository,
    })
}

/// Whether a list of trusted sources names it. Where a company allows only its own, the lists
/// that anybody else made do not count.
fn is_named(reference: &ImageRef, rules: &Rules) -> bool {
    let [company, person] = &rules.files;
    let covered = |scopes: &[Scope]| scopes.iter().any(|scope| scope.covers(reference));
    let by_company = covered(&company.trust.registries) || covered(&rules.company_catalog);
    if company.trust.only {
        return by_company;
    }
    let by_person = covered(&person.trust.registries);
    by_company || by_person || (!person.trust.only && covered(&rules.catalog))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::trust::Policy;

    fn file(text: &str) -> ConfigFile {
        ConfigFile::parse(text, Path::new("/etc/kennel/config.toml")).unwrap()
    }

    fn rules(company: &str, person: &str) -> Rules {
        Rules {
            files: [file(company), file(person)],
            catalog: vec![
                "docker.io/library/debian".parse().unwrap(),
                "reg.corp.example/base".parse().unwrap(),
            ],
            company_catalog: vec!["reg.corp.example/base".parse().unwrap()],
            ..Rules::default()
        }
    }

    fn with_policy(mut rules: Rules, text: &str) -> Rules {
        rules.policy = Some(Policy::parse(text, Path::new("policy.json")).unwrap());
        rules
    }

    fn of(reference: &str, rules: &Rules) -> Decision {
        decide(&reference.parse().unwrap(), rules)
    }

    fn is_refused(decision: &Decision) -> bool {
        matches!(decision, Decision::Refused { .. })
    }

    #[test]
    fn the_catalog_and_the_persons_list_are_trusted_and_others_are_asked_about() {
        let rules = rules("", "version = 1\n[trust]\nregistries = [\"quay.io/team\"]");
        assert_eq!(of("docker.io/library/debian:12", &rules), Decision::Trusted);
        assert_eq!(of("quay.io/team/x:1", &rules), Decision::Trusted);
        for reference in [
            "docker.io/library/debian-x:1",
            "docker.io/eve/debian:13",
            "quay.io/teams/x:1",
            "localhost:5000/a:1",
        ] {
            let decision = of(reference, &rules);
            assert!(
                matches!(decision, Decision::Ask { .. }),
                "{reference}: {decision:?}"
            );
            let error = decision.clone().settle(false).unwrap_err();
            assert!(error.to_string().contains("--trust"), "{error}");
            assert_eq!(decision.settle(true), Ok(Vec::new()));
        }
    }

    #[test]
    fn a_company_can_allow_only_its_own() {
        let person = "version = 1\n[trust]\nregistries = [\"quay.io\"]";
        let rules = rules(
            "version = 1\n[trust]\nonly = true\nregistries = [\"reg.corp.example/team\"]",
            person,
        );
        assert_eq!(of("reg.corp.example/team/x:1", &rules), Decision::Trusted);
        assert_eq!(of("reg.corp.example/base:1", &rules), Decision::Trusted);
        for reference in [
            "quay.io/a/b:1",
            "docker.io/library/debian:13",
            "reg.corp.example/else:1",
        ] {
            let decision = of(reference, &rules);
            assert!(is_refused(&decision), "{reference}");
            assert!(decision.settle(true).is_err(), "--trust does not help");
        }
        // Nor does a key of the person's own.
        let person = "version = 1\n[registries.\"quay.io\"]\nsigned_by = [\"mine.pem\"]";
        let rules = Rules {
            files: [rules.files[0].clone(), file(person)],
            ..rules
        };
        assert!(is_refused(&of("quay.io/a/b:1", &rules)));
    }

    #[test]
    fn a_wanted_signature_is_wanted_also_from_a_trusted_source() {
        let company = "version = 1\n[registries.\"quay.io\"]\nsigned_by = [\"a.pem\"]";
        let person = "version = 1\n[registries.\"quay.io/team\"]\nsigned_by = [\"/b.pem\"]\n[trust]\nregistries = [\"quay.io\"]";
        let keys = |reference: &str| match of(reference, &rules(company, person)) {
            Decision::SignedBy(rules) => rules.into_iter().flat_map(|rule| rule.keys).collect(),
            _ => Vec::new(),
        };
        let key = |path: &str| KeySource::File(path.into());
        // The person cannot take the company's rule away, only add to it.
        assert_eq!(
            keys("quay.io/team/x:1"),
            [key("/etc/kennel/a.pem"), key("/b.pem")]
        );
        assert_eq!(keys("quay.io/x/y:1"), [key("/etc/kennel/a.pem")]);
        assert_eq!(keys("ghcr.io/x/y:1"), []);
    }

    #[test]
    fn the_computers_policy_comes_first() {
        let text = r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {
            "docker.io": [{"type": "reject"}],
            "registry.redhat.io": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
            "quay.io/team": [{"type": "sigstoreSigned", "keyPath": "/k.pem"}]}}}"#;
        let rules = with_policy(
            rules(
                "",
                "version = 1\n[trust]\nregistries = [\"registry.redhat.io\"]",
            ),
            text,
        );
        assert!(is_refused(&of("docker.io/library/debian:13", &rules)));
        let gpg = of("registry.redhat.io/ubi9:1", &rules)
            .settle(true)
            .unwrap_err();
        assert!(
            gpg.to_string().contains("a GPG signature") && gpg.to_string().contains("skopeo copy"),
            "{gpg}"
        );
        assert!(matches!(
            of("quay.io/team/x:1", &rules),
            Decision::SignedBy(_)
        ));
        // Accepting anything by default is what distributions ship: it is no reason to trust.
        assert!(matches!(of("ghcr.io/x/y:1", &rules), Decision::Ask { .. }));
    }
}
