//! Who judges an image before any of it is fetched.

use kennel_engine::registry::{PullRequest, RegistryError, SignatureCheck, SignatureLayer, pull};
use kennel_model::{Digest, SignatureState, UserError};
use serde_json::json;

use super::common::{Lab, Quiet, digest};
use super::server::{Answer, Server};
use super::{Image, MANIFEST, fetch, reference, request};

struct Judge {
    verdict: Result<SignatureState, UserError>,
    seen: std::cell::RefCell<Vec<(Digest, Vec<SignatureLayer>)>>,
}

impl SignatureCheck for Judge {
    fn check(
        &self,
        manifest: &Digest,
        signatures: &[SignatureLayer],
    ) -> Result<SignatureState, UserError> {
        self.seen
            .borrow_mut()
            .push((manifest.clone(), signatures.to_vec()));
        self.verdict.clone()
    }
}

#[test]
fn signatures_are_judged_before_a_layer_is_fetched() {
    let image = Image::new(|_| {});
    let payload = b"{\"critical\": {}}".to_vec();
    let signatures = json!({"schemaVersion": 2, "layers": [{
        "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
        "digest": digest(&payload), "size": payload.len(),
        "annotations": {"dev.cosignproject.cosign/signature": "c2lnbmVk"}}]})
    .to_string()
    .into_bytes();
    let (copy, blob) = (image.clone(), payload.clone());
    let tag = format!("/manifests/sha256-{}.sig", digest(&image.manifest).hex());
    let server = Server::new(move |asked| {
        if asked.path.ends_with(&tag) {
            Answer::document(MANIFEST, &signatures)
        } else if asked.path.ends_with(digest(&blob).as_str()) {
            Answer::blob(&blob)
        } else {
            copy.answer(asked)
        }
    });
    let (lab, name) = (Lab::new(), reference(&server));
    let no = Judge {
        verdict: Err(UserError::verbatim("image-wrong-key", "no", "")),
        seen: Vec::new().into(),
    };
    let wanted = PullRequest {
        check_signature: Some(&no),
        ..request(&name)
    };
    let error = pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap_err();
    assert!(matches!(error, RegistryError::Refused(_)), "{error}");
    assert!(!server.asked().iter().any(|it| image.is_layer(it)));
    assert!(lab.store.images().unwrap().is_empty());
    let seen = SignatureLayer {
        payload,
        signature: "c2lnbmVk".to_owned(),
    };
    assert_eq!(
        no.seen.into_inner(),
        [(digest(&image.manifest), vec![seen])]
    );

    let good = SignatureState::Verified {
        keys: vec!["k".to_owned()],
    };
    let yes = Judge {
        verdict: Ok(good.clone()),
        seen: Vec::new().into(),
    };
    let wanted = PullRequest {
        check_signature: Some(&yes),
        ..request(&name)
    };
    // Pulled before without a rule: what is known now is remembered with it.
    fetch(&lab, &server).unwrap();
    let report = pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap();
    assert_eq!(report.fetched, 0);
    assert_eq!(report.image.origin.unwrap().signature, good);
    let (kept, _) = lab.store.image(&name).unwrap();
    assert_eq!(kept.origin.unwrap().signature, good);
}
