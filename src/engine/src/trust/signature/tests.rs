use base64::Engine as _;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::{EncodePublicKey as _, LineEnding};

use super::*;
use crate::trust::KeySource;

/// A key pair that is the same in every run.
fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn public(key: &SigningKey) -> KeySource {
    KeySource::Text(
        key.verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .unwrap(),
    )
}

fn digest(byte: u8) -> Digest {
    Digest::from_sha256(&[byte; 32])
}

fn payload(name: &str, digest: &Digest) -> String {
    format!(
        r#"{{"critical":{{"identity":{{"docker-reference":"{name}"}},"image":{{"docker-manifest-digest":"{digest}"}},"type":"cosign container image signature"}},"optional":null}}"#
    )
}

fn sign(key: &SigningKey, payload: &str) -> String {
    let signature: Signature = key.sign(payload.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(signature.to_der())
}

const IMAGE: &str = "quay.io/team/tools:1";

/// Verifies `signed` (document, signature) as [`IMAGE`] with digest 1, by key 7 or key 8.
fn check(
    identity: Identity,
    signed: &[(String, String)],
) -> Result<SignatureState, SignatureError> {
    check_as(IMAGE, identity, signed)
}

fn check_as(
    image: &str,
    identity: Identity,
    signed: &[(String, String)],
) -> Result<SignatureState, SignatureError> {
    let rule = SignatureRule {
        keys: vec![public(&key(7)), public(&key(8))],
        identity,
    };
    let signed: Vec<Signed<'_>> = signed
        .iter()
        .map(|(payload, signature)| Signed {
            payload: payload.as_bytes(),
            signature,
        })
        .collect();
    verify(&image.parse().unwrap(), &digest(1), &signed, &[rule])
}

/// Signed by key `seed`, for `name` with digest `about`.
fn made(seed: u8, name: &str, about: u8) -> (String, String) {
    let payload = payload(name, &digest(about));
    let signature = sign(&key(seed), &payload);
    (payload, signature)
}

#[test]
fn signed_by_an_accepted_key() {
    let state = check(Identity::Repository, &[made(8, "quay.io/team/tools", 1)]).unwrap();
    let fingerprint = PublicKey::load(&public(&key(8)))
        .unwrap()
        .fingerprint()
        .to_owned();
    assert_eq!(fingerprint.len(), 64);
    assert_eq!(
        state,
        SignatureState::Verified {
            keys: vec![fingerprint]
        }
    );
}

#[test]
fn without_rules_nothing_is_looked_at() {
    let state = verify(&IMAGE.parse().unwrap(), &digest(1), &[], &[]).unwrap();
    assert_eq!(state, SignatureState::NotRequired);
}

#[test]
fn each_refusal_has_its_own_message() {
    let unsigned = check(Identity::Repository, &[]).unwrap_err();
    let wrong = check(Identity::Repository, &[made(9, "quay.io/team/tools", 1)]).unwrap_err();
    let tampered = check(Identity::Repository, &[made(7, "quay.io/team/tools", 2)]).unwrap_err();
    let other = check(Identity::Repository, &[made(7, "quay.io/eve/tools", 1)]).unwrap_err();
    let malformed = check(Identity::Repository, &[("{}".to_owned(), "?".to_owned())]).unwrap_err();
    assert!(matches!(unsigned, SignatureError::Unsigned(_)));
    assert!(matches!(wrong, SignatureError::WrongKey(_)));
    assert!(matches!(&tampered, SignatureError::Tampered { signed, .. } if *signed == digest(2)));
    assert!(
        matches!(&other, SignatureError::OtherName { signed, .. } if signed == "quay.io/eve/tools")
    );
    assert!(matches!(malformed, SignatureError::Malformed { .. }));
    let mut said: Vec<UserError> = [unsigned, wrong, tampered, other, malformed]
        .map(UserError::from)
        .into();
    assert!(said.iter().all(|error| error.to_string().contains(IMAGE)));
    said.dedup_by(|a, b| a.kind == b.kind || a.todo == b.todo);
    assert_eq!(said.len(), 5);
}

#[test]
fn a_changed_document_no_longer_fits_its_signature() {
    let (payload, signature) = made(7, "quay.io/team/tools", 2);
    let forged = payload.replace(digest(2).as_str(), digest(1).as_str());
    let error = check(Identity::Repository, &[(forged, signature)]).unwrap_err();
    assert!(matches!(error, SignatureError::WrongKey(_)), "{error}");
}

#[test]
fn one_good_signature_among_bad_ones_is_enough() {
    let signed = [
        made(9, "quay.io/team/tools", 1),
        made(7, "quay.io/team/tools", 3),
        ("junk".to_owned(), "junk".to_owned()),
        made(7, "quay.io/team/tools", 1),
    ];
    assert!(check(Identity::Repository, &signed).is_ok());
    // Without it, the error that tells most.
    let error = check(Identity::Repository, &signed[..3]).unwrap_err();
    assert!(matches!(error, SignatureError::Tampered { .. }), "{error}");
}

#[test]
fn every_rule_has_to_be_met() {
    let rules = [7, 9].map(|seed| SignatureRule {
        keys: vec![public(&key(seed))],
        identity: Identity::Repository,
    });
    let verified = |seeds: &[u8]| {
        let made: Vec<_> = seeds
            .iter()
            .map(|seed| made(*seed, "quay.io/team/tools", 1))
            .collect();
        let signed: Vec<_> = made
            .iter()
            .map(|(payload, signature)| Signed {
                payload: payload.as_bytes(),
                signature,
            })
            .collect();
        verify(&IMAGE.parse().unwrap(), &digest(1), &signed, &rules)
    };
    assert!(matches!(verified(&[7]), Err(SignatureError::WrongKey(_))));
    assert!(matches!(verified(&[9, 7]), Ok(SignatureState::Verified { keys }) if keys.len() == 2));
}

#[test]
fn what_the_signature_must_name() {
    let fits = |image: &str, identity: Identity, name: &str| {
        check_as(image, identity, &[made(7, name, 1)]).is_ok()
    };
    let pinned = format!("quay.io/team/tools@{}", digest(1));
    let named = |text: &str| Identity::Reference(text.parse().unwrap());
    let moved = || Identity::Remapped {
        prefix: "quay.io/team".parse().unwrap(),
        signed_prefix: "vendor.example.org/x".parse().unwrap(),
    };
    assert!(fits(
        IMAGE,
        Identity::RepositoryAndTag,
        "quay.io/team/tools:1"
    ));
    assert!(!fits(
        IMAGE,
        Identity::RepositoryAndTag,
        "quay.io/team/tools:2"
    ));
    assert!(!fits(
        IMAGE,
        Identity::RepositoryAndTag,
        "quay.io/team/tools"
    ));
    assert!(fits(
        &pinned,
        Identity::RepositoryAndTag,
        "quay.io/team/tools:2"
    ));
    assert!(!fits(&pinned, Identity::Exact, "quay.io/team/tools:2"));
    assert!(fits(
        IMAGE,
        named("vendor.example.org/x:9"),
        "vendor.example.org/x:9"
    ));
    assert!(!fits(IMAGE, named("vendor.example.org/x:9"), IMAGE));
    assert!(fits(
        IMAGE,
        Identity::NamedRepository("vendor.example.org/x".to_owned()),
        "vendor.example.org/x:3"
    ));
    assert!(fits(IMAGE, moved(), "vendor.example.org/x/tools:1"));
    assert!(!fits(IMAGE, moved(), IMAGE));
    assert!(fits(
        "docker.io/library/debian:13",
        Identity::Repository,
        "index.docker.io/library/debian"
    ));
}

#[test]
fn what_is_no_signed_image_is_malformed() {
    let good = payload("quay.io/team/tools", &digest(1));
    for bad in [
        good.replace(
            "cosign container image signature",
            "atomic container signature",
        ),
        good.replace("\"critical\":{", "\"critical\":{\"expires\":1,"),
        good.replace("sha256:", "sha512:"),
        "[]".to_owned(),
    ] {
        let signature = sign(&key(7), &bad);
        let error = check(Identity::Repository, &[(bad, signature)]).unwrap_err();
        assert!(matches!(error, SignatureError::Malformed { .. }), "{error}");
    }
}

#[test]
fn what_is_no_key_is_said() {
    for pem in [
        "",
        "junk",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
        assert!(matches!(
            PublicKey::from_pem(pem, "k.pem"),
            Err(KeyError::Invalid(_))
        ));
    }
    let missing = PublicKey::load(&KeySource::File("/nonexistent/k.pem".into())).unwrap_err();
    assert!(
        UserError::from(missing)
            .to_string()
            .contains("/nonexistent/k.pem")
    );
}

/// Another program's keys and signatures are read too.
#[test]
fn openssl_signs_and_kennel_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let openssl = |arguments: &[&str]| {
        let output = std::process::Command::new("openssl")
            .current_dir(dir.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let payload = payload("quay.io/team/tools", &digest(1));
    std::fs::write(dir.path().join("payload"), &payload).unwrap();
    openssl(&[
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-out",
        "key.pem",
    ]);
    openssl(&["ec", "-in", "key.pem", "-pubout", "-out", "pub.pem"]);
    openssl(&[
        "dgst",
        "-sha256",
        "-sign",
        "key.pem",
        "-out",
        "signature",
        "payload",
    ]);
    let der = std::fs::read(dir.path().join("signature")).unwrap();
    let signature = base64::engine::general_purpose::STANDARD.encode(der);
    let rule = SignatureRule {
        keys: vec![KeySource::File(dir.path().join("pub.pem"))],
        identity: Identity::Repository,
    };
    let signed = Signed {
        payload: payload.as_bytes(),
        signature: &signature,
    };
    let state = verify(&IMAGE.parse().unwrap(), &digest(1), &[signed], &[rule]).unwrap();
    assert!(matches!(state, SignatureState::Verified { .. }));
}
