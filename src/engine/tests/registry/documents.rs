//! Documents that lie, contradict each other or never end.

use std::sync::atomic::{AtomicUsize, Ordering};

use kennel_engine::registry::{RegistryError, pull};
use kennel_engine::store::StoreError;
use kennel_model::ImageRef;
use serde_json::{Value, json};

use super::common::{Lab, Quiet, Tar, digest, oci};
use super::server::{Answer, Asked, End, Server};
use super::{INDEX, Image, MANIFEST, fetch, refused, request};

fn refused_manifest(edit: impl Fn(&mut Value)) -> String {
    let image = Image::new(edit);
    refused(move |asked| image.answer(asked))
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
