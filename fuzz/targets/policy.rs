//! Configuration of other programs and people, and signatures of strangers. The first byte says
//! what the rest is. Whatever is accepted also decides, and in the way the words promise.
#![no_main]

use std::path::Path;

use kennel_engine::config::{ConfigFile, endpoints};
use kennel_engine::trust::{
    Decision, Identity, KeySource, Policy, PublicKey, Rules, SignatureRule, Signed, decide, verify,
};
use kennel_model::{ImageRef, search};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJj7Y4Q6wjzD4E9y8nEGUrZGH87Tj
CtghFUOxF/2WFeGJUdkwVlISAgs1zWfARhpHeW3b8CevT55mURo44c9jtA==
-----END PUBLIC KEY-----
";

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let path = Path::new("/etc/kennel/file");
    let mut rules = Rules::default();
    match kind % 6 {
        0 => match ConfigFile::parse(text, path) {
            Ok(file) => rules.files[0] = file,
            Err(error) => return assert_eq!(error.to_string().lines().count(), 1, "{error}"),
        },
        1 => drop(rules.registries.add(text, path)),
        2 => rules.policy = Policy::parse(text, path).ok(),
        3 => return catalog(text, path),
        4 => return signature(text),
        _ => return drop(PublicKey::from_pem(text, "key")),
    }
    judge(&rules);
});

fn judge(rules: &Rules) {
    for text in [
        "docker.io/debian:13",
        "quay.io/team/x@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "a.corp.example:5000/x/y/z",
    ] {
        let reference: ImageRef = text.parse().expect("a reference");
        let decision = decide(&reference, rules);
        if rules.files[0].trust.only {
            assert!(!matches!(decision, Decision::Ask { .. }), "only means only");
        }
        if let Decision::SignedBy(signed) = &decision {
            assert!(
                signed.iter().all(|rule| !rule.keys.is_empty()),
                "a rule without a key"
            );
        }
        let _ = decision.settle(true);
        if let Ok(places) = endpoints(&reference, &rules.files, &rules.registries) {
            assert!(!places.is_empty());
        }
    }
}

fn catalog(text: &str, path: &Path) {
    if let Ok(entries) = kennel_engine::catalog::parse(text, path) {
        assert!(search(&entries, "").len() == entries.len());
        for entry in &entries {
            assert!(
                search(&entries, &entry.name).contains(&entry),
                "found by its own name"
            );
        }
    }
}

/// The document up to the last line, and the signature in it.
fn signature(text: &str) {
    let (payload, signature) = text.rsplit_once('\n').unwrap_or((text, ""));
    let signed = Signed {
        payload: payload.as_bytes(),
        signature,
    };
    let rule = SignatureRule {
        keys: vec![KeySource::Text(KEY.to_owned())],
        identity: Identity::Repository,
    };
    let reference: ImageRef = "quay.io/team/x:1".parse().expect("a reference");
    let digest = kennel_model::Digest::from_sha256(&[0; 32]);
    // Nobody has the key: nothing may ever be accepted.
    verify(&reference, &digest, &[signed], &[rule]).expect_err("a forged signature");
}
