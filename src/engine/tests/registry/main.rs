//! Registries that lie, attack or break, against the real client, store and extractor.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../common/mod.rs"]
mod common;
mod connections;
mod documents;
mod downloads;
mod mirrors;
mod server;
mod signatures;
mod tls;

use std::time::{Duration, Instant};

use common::{Lab, Quiet, Tar, digest, gzip, listing, oci};
use kennel_engine::registry::{
    ClientFiles, PullReport, PullRequest, RegistryError, RetryPolicy, pull,
};
use kennel_model::{ImageRef, UserError};
use serde_json::Value;
use server::{Answer, Asked, Server};

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

    /// At which byte each request for the layer began.
    fn begun_at(&self, server: &Server) -> Vec<usize> {
        let asked = server.asked();
        let of_layer = asked.iter().filter(|it| self.is_layer(it));
        of_layer.map(|it| it.from).collect()
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
