//! Registries that lie, attack or break, against the real client, store and extractor.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;
#[path = "registry/server.rs"]
mod server;
#[path = "registry/tls.rs"]
mod tls;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::{Lab, Quiet, Tar, digest, gzip, listing, oci};
use kennel_engine::registry::{
    ClientFiles, Endpoint, PullReport, PullRequest, RegistryError, RetryPolicy, SignatureCheck,
    SignatureLayer, pull,
};
use kennel_engine::store::{ProgressSink, StoreError};
use kennel_model::{Digest, ImageRef, Progress, SignatureState, UserError};
use serde_json::{Value, json};
use server::{Answer, Asked, End, Server};
use tls::self_signed;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Quick to give up.
fn policy() -> RetryPolicy {
    RetryPolicy {
        tries: 3,
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(5),
        longest_asked: Duration::from_secs(2),
        connect: Duration::from_millis(400),
        silence: Duration::from_millis(400),
    }
}

/// An image of one layer, its manifest edited.
#[derive(Clone)]
struct Image {
    manifest: Vec<u8>,
    config: Vec<u8>,
    layer: Vec<u8>,
}

impl Image {
    fn new(edit: impl Fn(&mut Value)) -> Self {
        // Large enough to be cut in pieces.
        let noise: Vec<u8> = (0..600_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let tar = Tar::default()
            .file("etc/os-release", b"PRETTY_NAME=\"Test 1\"\n")
            .file("noise", &noise)
            .done();
        let layer = gzip(&tar);
        let files = oci(&[("tar+gzip", layer.clone(), digest(&tar))], edit);
        Self {
            manifest: files[2].1.clone(),
            config: files[3].1.clone(),
            layer,
        }
    }

    /// An honest answer.
    fn answer(&self, asked: &Asked) -> Answer {
        let named = |bytes: &[u8]| asked.path.ends_with(digest(bytes).as_str());
        if asked.path == "/v2/test/image/manifests/1" || named(&self.manifest) {
            Answer::document(MANIFEST, &self.manifest)
        } else if named(&self.config) {
            Answer::blob(&self.config)
        } else if named(&self.layer) {
            Answer::part(&self.layer, asked)
        } else {
            Answer::status(404)
        }
    }

    fn is_layer(&self, asked: &Asked) -> bool {
        asked.path.ends_with(digest(&self.layer).as_str())
    }
}

fn reference(server: &Server) -> ImageRef {
    format!("{}/test/image:1", server.address).parse().unwrap()
}

fn request(reference: &ImageRef) -> PullRequest<'_> {
    PullRequest {
        policy: policy(),
        ..PullRequest::new(reference, ClientFiles::default())
    }
}

fn fetch(lab: &Lab, server: &Server) -> Result<PullReport, RegistryError> {
    pull(
        &lab.store,
        &request(&reference(server)),
        &lab.unpacker,
        &Quiet,
    )
}

/// The pull fails, in bounded time, and nothing is visible.
fn refused(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> String {
    let (lab, server) = (Lab::new(), Server::new(answer));
    let before = Instant::now();
    let error = fetch(&lab, &server).unwrap_err();
    assert!(before.elapsed() < Duration::from_secs(10), "{error}");
    assert!(server.asked().len() < 12, "{:?}", server.asked());
    assert!(lab.store.images().unwrap().is_empty());
    assert!(listing(&lab.dir.path().join("store/images/blobs/sha256")).is_empty());
    assert!(listing(&lab.dir.path().join("store/tmp")).is_empty());
    UserError::from(error).to_string()
}

fn refused_manifest(edit: impl Fn(&mut Value)) -> String {
    let image = Image::new(edit);
    refused(move |asked| image.answer(asked))
}

#[test]
fn an_honest_registry() {
    let image = Image::new(|_| {});
    let expected = digest(&image.manifest);
    let server = Server::new(move |asked| image.answer(asked));
    let lab = Lab::new();
    let report = fetch(&lab, &server).unwrap();
    assert_eq!(report.image.digest, expected);
    assert_eq!(report.image.system.as_deref(), Some("Test 1"));
    let origin = report.image.origin.unwrap();
    assert_eq!(origin.tag_digest, Some(expected.clone()));
    assert_eq!(origin.source, format!("{}/test/image", server.address));

    let again = fetch(&lab, &server).unwrap();
    assert_eq!((again.requests, again.fetched), (1, 0));

    let pinned: ImageRef = format!("{}/test/image@{expected}", server.address)
        .parse()
        .unwrap();
    pull(&lab.store, &request(&pinned), &lab.unpacker, &Quiet).unwrap();
    let asked = server.asked().len();
    pull(&lab.store, &request(&pinned), &lab.unpacker, &Quiet).unwrap();
    assert_eq!(
        server.asked().len(),
        asked,
        "what is pinned and there needs no network"
    );
}

#[test]
fn documents_that_can_be_read_in_two_ways() {
    let text = refused_manifest(|manifest| manifest["manifests"] = json!([]));
    assert!(text.contains("two ways"), "{text}");
    let image = Image::new(|_| {});
    let text = refused(move |asked| match image.answer(asked) {
        answer if asked.path.contains("/manifests/") => Answer::document(INDEX, &answer.body),
        answer => answer,
    });
    assert!(text.contains("two ways"), "{text}");
}

#[test]
fn one_layer_described_in_two_ways() {
    let tar = Tar::default().file("a", b"a").done();
    let layer = ("tar", tar.clone(), digest(&tar));
    let files = oci(&[layer.clone(), layer], |manifest| {
        manifest["layers"][1]["size"] = json!(1);
    });
    let image = Image {
        manifest: files[2].1.clone(),
        config: files[3].1.clone(),
        layer: tar,
    };
    let text = refused(move |asked| image.answer(asked));
    assert!(text.contains("one layer in two ways"), "{text}");
}

#[test]
fn impossible_numbers_of_layers_and_bytes() {
    let text = refused_manifest(|manifest| {
        let layer = manifest["layers"][0].clone();
        manifest["layers"] = Value::Array(vec![layer; 10_000]);
    });
    assert!(text.contains("more than 256 layers"), "{text}");
    let text = refused_manifest(|manifest| manifest["layers"][0]["size"] = json!(-1));
    assert!(text.contains("not a usable image"), "{text}");
    let text = refused_manifest(|manifest| manifest["layers"][0]["size"] = json!(u64::MAX));
    assert!(text.contains("impossible size"), "{text}");
    let text = refused_manifest(|manifest| manifest["config"]["size"] = json!(u64::MAX));
    assert!(text.contains("larger than any should be"), "{text}");
}

#[test]
fn sizes_that_are_not_true() {
    for size in [10, 10_000_000] {
        let text = refused_manifest(move |manifest| manifest["layers"][0]["size"] = json!(size));
        assert!(text.contains("another size"), "{text}");
    }
    // Without a Content-Length it shows only at the end.
    let image = Image::new(|manifest| manifest["layers"][0]["size"] = json!(10_000_000));
    let text = refused(move |asked| image.answer(asked).ending(End::Unannounced));
    assert!(text.contains("ended early"), "{text}");
    let image = Image::new(|_| {});
    let text = refused(move |asked| {
        let end = if image.is_layer(asked) {
            End::Never
        } else {
            End::Well
        };
        image.answer(asked).ending(end)
    });
    assert!(text.contains("larger than the manifest says"), "{text}");
}

#[test]
fn an_endless_document() {
    let endless = |_: &Asked| Answer::document(MANIFEST, &[b' '; 4096]).ending(End::Never);
    let text = refused(endless);
    assert!(text.contains("more than"), "{text}");
    let (lab, server) = (Lab::new(), Server::new(endless));
    fetch(&lab, &server).unwrap_err();
    // The limit, and what fits into the buffers of two sockets.
    assert!(server.endless() < 32 << 20, "{} bytes", server.endless());
}

#[test]
fn indexes_in_indexes() {
    let depth = AtomicUsize::new(0);
    let wrap = |inner: &[u8], media_type: &str| {
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
            {"mediaType": media_type, "digest": digest(inner), "size": inner.len()}]})
        .to_string()
        .into_bytes()
    };
    let image = Image::new(|_| {});
    let mut chain = vec![wrap(&image.manifest, MANIFEST)];
    for _ in 0..10 {
        chain.push(wrap(chain.last().unwrap(), INDEX));
    }
    let text = refused(move |asked| {
        depth.fetch_add(1, Ordering::Relaxed);
        if asked.path.ends_with("/manifests/1") {
            return Answer::document(INDEX, chain.last().unwrap());
        }
        let found = chain
            .iter()
            .find(|it| asked.path.ends_with(digest(it).as_str()));
        found.map_or_else(|| image.answer(asked), |it| Answer::document(INDEX, it))
    });
    assert!(text.contains("nested too deep"), "{text}");
}

#[test]
fn another_manifest_than_the_digest_names() {
    let image = Image::new(|_| {});
    let other = Image::new(|manifest| manifest["annotations"] = json!({"a": "b"}));
    let wanted = digest(&image.manifest);
    let server = Server::new(move |asked| {
        if asked.path.contains("/manifests/") {
            return Answer::document(MANIFEST, &other.manifest);
        }
        other.answer(asked)
    });
    let lab = Lab::new();
    let pinned: ImageRef = format!("{}/test/image@{wanted}", server.address)
        .parse()
        .unwrap();
    let error = pull(&lab.store, &request(&pinned), &lab.unpacker, &Quiet).unwrap_err();
    assert!(
        matches!(
            error,
            RegistryError::Store(StoreError::DigestMismatch { .. })
        ),
        "{error}"
    );
}

#[test]
fn a_silent_line_is_given_up_and_resumed() {
    let image = Image::new(|_| {});
    let size = image.layer.len();
    let copy = image.clone();
    let server = Server::new(move |asked| {
        let silent = copy.is_layer(asked) && asked.from == 0;
        let end = if silent {
            End::Silence(size / 2)
        } else {
            End::Well
        };
        copy.answer(asked).ending(end)
    });
    let lab = Lab::new();
    fetch(&lab, &server).unwrap();
    let from: Vec<usize> = server
        .asked()
        .iter()
        .filter(|it| image.is_layer(it))
        .map(|it| it.from)
        .collect();
    assert_eq!(from, [0, size / 2]);
}

#[test]
fn a_wait_beyond_reason_is_an_error() {
    let text = refused(|_| Answer::status(429).header("Retry-After", "86400"));
    assert!(text.contains("1day"), "{text}");
}

#[test]
fn a_registrys_words_are_harmless() {
    let body = br#"{"errors": [{"message": "\u001b]0;owned\u0007 \nkennel: fine"}]}"#;
    let text = refused(|_| Answer {
        status: 418,
        ..Answer::blob(body)
    });
    assert!(
        text.contains("owned") && !text.chars().any(char::is_control),
        "{text:?}"
    );
}

#[test]
fn log_ins_do_not_loop_or_leave_tls() {
    let text = refused(|asked| {
        if asked.path.starts_with("/token") {
            return Answer::blob(br#"{"token": "never good enough"}"#);
        }
        Answer::status(401).header(
            "WWW-Authenticate",
            "Bearer realm=\"http://127.0.0.1:1/token\"",
        )
    });
    assert!(
        text.contains("cannot be reached") || text.contains("log-in"),
        "{text}"
    );
    let text = refused(|_| {
        Answer::status(401).header(
            "WWW-Authenticate",
            "Bearer realm=\"http://192.0.2.1/token\"",
        )
    });
    assert!(text.contains("not safe"), "{text}");
    let text = refused(|_| Answer::status(307).header("Location", "http://192.0.2.1/v2/"));
    assert!(text.contains("away from TLS"), "{text}");
    let text = refused(|asked| Answer::status(307).header("Location", &asked.path));
    assert!(text.contains("redirect"), "{text}");
}

#[test]
fn mirrors_come_first_and_the_origin_helps_out() {
    let image = Image::new(|_| {});
    let (at_mirror, at_origin) = (image.clone(), image.clone());
    // The mirror knows the image and has lost its layer.
    let mirror = Server::new(move |asked| {
        let mut moved = asked.clone();
        moved.path = asked.path.replace("/v2/hub/", "/v2/test/");
        if at_mirror.is_layer(asked) {
            Answer::status(404)
        } else {
            at_mirror.answer(&moved)
        }
    });
    let origin = Server::new(move |asked| at_origin.answer(asked));
    let dead = Endpoint {
        location: "127.0.0.1:1/test/image".to_owned(),
        insecure: false,
    };
    let (lab, name) = (Lab::new(), reference(&origin));
    let endpoints = vec![
        dead,
        Endpoint {
            location: format!("{}/hub/image", mirror.address),
            insecure: false,
        },
        Endpoint::origin(&name),
    ];
    pull(
        &lab.store,
        &PullRequest {
            endpoints,
            ..request(&name)
        },
        &lab.unpacker,
        &Quiet,
    )
    .unwrap();
    assert!(mirror.asked().len() >= 3);
    assert_eq!(origin.asked().len(), 1, "{:?}", origin.asked());
    assert!(image.is_layer(&origin.asked()[0]));
}

#[test]
fn a_certificate_nobody_vouches_for_takes_the_word_insecure() {
    let image = Image::new(|_| {});
    let lab = Lab::new();
    let tls = self_signed(lab.dir.path());
    let server = Server::with_tls(tls, move |asked| image.answer(asked));
    let name = reference(&server);
    // Being on this computer excuses plain http, not a bad certificate.
    let error = pull(&lab.store, &request(&name), &lab.unpacker, &Quiet).unwrap_err();
    assert!(
        matches!(error, RegistryError::Certificate { .. }),
        "{error}"
    );
    let endpoints = vec![Endpoint {
        insecure: true,
        ..Endpoint::origin(&name)
    }];
    let wanted = PullRequest {
        endpoints,
        ..request(&name)
    };
    pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap();
}

#[test]
fn a_mirror_with_other_bytes_is_passed_over() {
    let image = Image::new(|_| {});
    let (at_mirror, at_origin) = (image.clone(), image.clone());
    let mirror = Server::new(move |asked| {
        let mut answer = at_mirror.answer(asked);
        if at_mirror.is_layer(asked) {
            let middle = answer.body.len() / 2;
            answer.body[middle] ^= 1;
        }
        answer
    });
    let origin = Server::new(move |asked| at_origin.answer(asked));
    let (lab, name) = (Lab::new(), reference(&origin));
    let endpoints = vec![
        Endpoint {
            location: format!("{}/test/image", mirror.address),
            insecure: false,
        },
        Endpoint::origin(&name),
    ];
    let wanted = PullRequest {
        endpoints,
        ..request(&name)
    };
    pull(&lab.store, &wanted, &lab.unpacker, &Quiet).unwrap();
    assert_eq!(origin.asked().len(), 1);
}

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
        verdict: Err(UserError::new("image-wrong-key", "no", "")),
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

/// Wants the end once something has arrived.
struct Impatient(AtomicUsize);

impl ProgressSink for Impatient {
    fn report(&self, progress: Progress) {
        if let Progress::Downloading { done, .. } = progress {
            self.0.store(done as usize, Ordering::Relaxed);
        }
    }
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[test]
fn cancelling_ends_soon_and_keeps_what_arrived() {
    let image = Image::new(|_| {});
    let half = image.layer.len() / 2;
    let copy = image.clone();
    let calls = Arc::new(AtomicUsize::new(0));
    let server = Server::new(move |asked| {
        let first = copy.is_layer(asked) && calls.fetch_add(1, Ordering::Relaxed) == 0;
        copy.answer(asked)
            .ending(if first { End::Silence(half) } else { End::Well })
    });
    let (lab, name) = (Lab::new(), reference(&server));
    let mut wanted = request(&name);
    wanted.policy.silence = Duration::from_secs(20);
    let before = Instant::now();
    let error = pull(
        &lab.store,
        &wanted,
        &lab.unpacker,
        &Impatient(AtomicUsize::new(0)),
    )
    .unwrap_err();
    assert!(
        matches!(error, RegistryError::Store(StoreError::Cancelled)),
        "{error}"
    );
    assert!(before.elapsed() < Duration::from_secs(2));
    assert!(lab.store.images().unwrap().is_empty());
    assert!(listing(&lab.dir.path().join("store/tmp")).is_empty());
    fetch(&lab, &server).unwrap();
    let last = server
        .asked()
        .into_iter()
        .rfind(|it| image.is_layer(it))
        .unwrap();
    assert_eq!(last.from, half);
}

#[test]
fn what_an_earlier_pull_left_damaged_is_not_believed() {
    let image = Image::new(|_| {});
    let copy = image.clone();
    let server = Server::new(move |asked| copy.answer(asked));
    let lab = Lab::new();
    let mut left = image.layer[..1000].to_vec();
    left[500] ^= 1;
    let name = format!("store/downloads/{}.partial", digest(&image.layer).hex());
    lab.write(&name, &left);
    fetch(&lab, &server).unwrap();
    let from: Vec<usize> = server
        .asked()
        .iter()
        .filter(|it| image.is_layer(it))
        .map(|it| it.from)
        .collect();
    assert_eq!(from, [1000, 0]);
}

#[test]
fn old_downloads_are_swept_and_new_ones_kept() {
    let lab = Lab::new();
    let old = lab.write("store/downloads/a.partial", b"old");
    std::fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(std::time::SystemTime::now() - Duration::from_secs(30 * 24 * 3600))
        .unwrap();
    let new = lab.write("store/downloads/b.partial", b"new!");
    assert_eq!(
        lab.store
            .sweep_downloads(Duration::from_secs(24 * 3600))
            .unwrap(),
        3
    );
    assert!(!old.exists() && new.exists());
    assert_eq!(lab.store.sweep_downloads(Duration::ZERO).unwrap(), 4);
    assert!(!new.exists());
}
