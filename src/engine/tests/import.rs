//! Every form of source, and what becomes of damaged ones.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{Lab, Quiet, Tar, archive, digest, gzip, listing, oci};
use kennel_engine::store::{LayerUnpacker as _, ProgressSink, StoreError};
use kennel_model::{ImageSource, Progress};

fn system() -> Vec<u8> {
    Tar::default()
        .dir("etc/")
        .file("etc/os-release", b"PRETTY_NAME=\"Test 1\"\n")
        .file("bin/sh", b"#!")
        .done()
}

#[test]
fn oci_archive_and_directory() {
    let layer = system();
    let second = Tar::default().file("etc/.wh.os-release", b"").done();
    let files = oci(
        &[
            ("tar+gzip", gzip(&layer), digest(&layer)),
            ("tar", second.clone(), digest(&second)),
        ],
        |_| {},
    );
    let lab = Lab::new();
    let made = lab
        .import(&ImageSource::OciArchive(
            lab.write("a.tar", &archive(&files)),
        ))
        .unwrap();
    assert_eq!(made.reference.as_str(), "localhost/made/here:1");
    assert_eq!(made.system.as_deref(), Some("Test 1"));
    let zipped = Lab::new();
    zipped
        .import(&ImageSource::OciArchive(
            zipped.write("a.tar.gz", &gzip(&archive(&files))),
        ))
        .unwrap();
    let other = Lab::new();
    for (name, bytes) in &files {
        other.write(&format!("layout/{name}"), bytes);
    }
    let same = other
        .import(&ImageSource::OciDirectory(other.dir.path().join("layout")))
        .unwrap();
    assert_eq!(made, same);
    let (_, image) = other.store.image(&same.reference).unwrap();
    assert_eq!(image.layers, [digest(&layer), digest(&second)]);
    assert_eq!(image.env, ["A=b"]);
    let tree = other.store.layer_path("in-process", &digest(&layer));
    assert_eq!(std::fs::read(tree.join("bin/sh")).unwrap(), b"#!");
    assert!(listing(&other.dir.path().join("store/tmp")).is_empty());

    other
        .store
        .remove_image(&same.reference, &[digest(&layer)], &other.unpacker)
        .unwrap();
    assert!(other.store.images().unwrap().is_empty());
    assert!(tree.exists(), "a pet needs it");
    other.store.prune(&[], &other.unpacker).unwrap();
    assert!(!tree.exists());
    assert!(listing(&other.dir.path().join("store/images/blobs/sha256")).is_empty());
}

#[test]
fn docker_archive() {
    let layer = system();
    let config = String::from_utf8(
        oci(&[("tar", layer.clone(), digest(&layer))], |_| {})[3]
            .1
            .clone(),
    )
    .unwrap();
    let manifest = r#"[{"Config":"c.json","RepoTags":["debian:13"],"Layers":["x/layer.tar"]}]"#;
    let tar = Tar::default()
        .symlink("x/layer.tar", "../y/layer.tar")
        .file("y/layer.tar", &layer)
        .file("c.json", config.as_bytes())
        .file("manifest.json", manifest.as_bytes())
        .done();
    let lab = Lab::new();
    let made = lab
        .import(&ImageSource::DockerArchive(
            lab.write("My Debian.tar", &tar),
        ))
        .unwrap();
    assert_eq!(made.reference.as_str(), "localhost/my-debian:latest");
    assert_eq!(lab.store.images().unwrap(), [made]);
}

#[test]
fn rootfs_in_three_compressions() {
    let plain = system();
    let zstd = zstd::encode_all(&plain[..], 1).unwrap();
    for (name, bytes) in [
        ("r.tar", plain.clone()),
        ("r.tar.gz", gzip(&plain)),
        ("r.tar.zst", zstd),
    ] {
        let lab = Lab::new();
        let made = lab
            .import(&ImageSource::Rootfs(lab.write(name, &bytes)))
            .unwrap();
        assert_eq!(made.reference.as_str(), "localhost/r:latest");
        assert_eq!(
            lab.store.image(&made.reference).unwrap().1.layers,
            [digest(&plain)]
        );
    }
}

#[test]
fn damaged_images_leave_no_trace() {
    let layer = system();
    let good = || oci(&[("tar+gzip", gzip(&layer), digest(&layer))], |_| {});
    let lab = Lab::new();
    let whole = archive(&good());
    for cut in [100, 1500, whole.len() / 2, whole.len() - 1600] {
        lab.refused(&ImageSource::OciArchive(
            lab.write("cut.tar", &whole[..cut]),
        ));
    }
    let cut = gzip(&layer);
    let error = lab.refused(&ImageSource::Rootfs(
        lab.write("cut.tar.gz", &cut[..cut.len() - 20]),
    ));
    assert!(matches!(error, StoreError::Truncated { .. }), "{error}");
    assert!(
        kennel_model::UserError::from(error)
            .to_string()
            .contains("ends early: fetch or export it again")
    );

    let mut files = good();
    files[4].1[30] ^= 1;
    let error = lab.refused(&ImageSource::OciArchive(
        lab.write("flip.tar", &archive(&files)),
    ));
    assert!(
        matches!(error, StoreError::DigestMismatch { .. }),
        "{error}"
    );

    let files = oci(&[("tar+gzip", gzip(&layer), digest(b"else"))], |_| {});
    let error = lab.refused(&ImageSource::OciArchive(
        lab.write("diffid.tar", &archive(&files)),
    ));
    assert!(
        matches!(error, StoreError::DigestMismatch { .. }),
        "{error}"
    );

    let files = oci(&[("tar+xz", gzip(&layer), digest(&layer))], |_| {});
    let error = lab.refused(&ImageSource::OciArchive(
        lab.write("type.tar", &archive(&files)),
    ));
    assert!(matches!(error, StoreError::UnknownMediaType(_)), "{error}");

    let files = oci(&[("tar+gzip", gzip(&layer), digest(&layer))], |m| {
        m["manifests"] = serde_json::json!([]);
    });
    let error = lab.refused(&ImageSource::OciArchive(
        lab.write("both.tar", &archive(&files)),
    ));
    assert!(matches!(error, StoreError::Ambiguous(_)), "{error}");
}

struct Impatient;

impl ProgressSink for Impatient {
    fn report(&self, _: Progress) {}
    fn is_cancelled(&self) -> bool {
        true
    }
}

#[test]
fn cancelling_leaves_no_trace() {
    let lab = Lab::new();
    let source = ImageSource::Rootfs(lab.write("r.tar", &system()));
    let error = lab
        .store
        .import(&source, None, &lab.unpacker, &Impatient)
        .unwrap_err();
    assert!(matches!(error, StoreError::Cancelled));
    assert!(listing(&lab.dir.path().join("store/tmp")).is_empty());
    assert!(lab.store.images().unwrap().is_empty());
}

#[test]
fn sweep_removes_what_the_dead_left() {
    let lab = Lab::new();
    lab.write("store/tmp/0123.lock", b"");
    lab.write("store/tmp/0123/layer-0/deep/file", b"x");
    lab.store.sweep(&lab.unpacker).unwrap();
    assert!(listing(&lab.dir.path().join("store/tmp")).is_empty());
    assert_eq!(lab.unpacker.mapping_key(), "in-process");
    let _ = Quiet;
}

/// Every form is recognised by its content, whatever its name, and gives the same image.
#[test]
fn files_are_recognised_by_content() {
    let layer = system();
    let files = oci(&[("tar+gzip", gzip(&layer), digest(&layer))], |_| {});
    let reversed: Vec<_> = files.iter().rev().cloned().collect();
    let config = String::from_utf8(files[3].1.clone()).unwrap();
    let hex = digest(config.as_bytes()).hex().to_owned();
    let manifest = format!(
        r#"[{{"Config":"{hex}.json","RepoTags":["localhost/d:1"],"Layers":["{hex}/layer.tar"]}}]"#
    );
    let docker = Tar::default()
        .file(&format!("{hex}.json"), config.as_bytes())
        .file("manifest.json", manifest.as_bytes())
        .file(&format!("{hex}/layer.tar"), &layer)
        .done();
    let forms = [
        archive(&files),
        archive(&reversed),
        gzip(&archive(&files)),
        docker.clone(),
        gzip(&docker),
        layer.clone(),
        gzip(&layer),
        zstd::encode_all(&layer[..], 1).unwrap(),
    ];
    for (turn, bytes) in forms.iter().enumerate() {
        let lab = Lab::new();
        let made = lab.import(&ImageSource::File(lab.write("no-ending", bytes)));
        let made = made.unwrap_or_else(|error| panic!("form {turn}: {error}"));
        assert_eq!(made.system.as_deref(), Some("Test 1"), "form {turn}");
        assert_eq!(
            lab.store.image(&made.reference).unwrap().1.layers,
            [digest(&layer)]
        );
    }
    let lab = Lab::new();
    for (name, bytes) in &files {
        lab.write(&format!("layout/{name}"), bytes);
    }
    lab.import(&ImageSource::File(lab.dir.path().join("layout")))
        .unwrap();
}

#[test]
fn what_is_no_image_is_named() {
    let lab = Lab::new();
    std::fs::create_dir(lab.dir.path().join("empty-dir")).unwrap();
    lab.write("empty", b"");
    lab.write("text", b"a text of any length, it is not an archive\n");
    lab.write("noise", &[0x5a; 5000]);
    lab.write("nothing.tar", &[0; 1024]);
    lab.write("packed.xz", b"\xfd7zXZ\0\0\0rest");
    lab.write("packed.bz2", b"BZh91AY&SY");
    for (name, said) in [
        ("missing", "cannot use"),
        ("empty", "ends early"),
        ("empty-dir", "without an OCI layout"),
        ("text", "neither an image nor a tar"),
        ("noise", "neither an image nor a tar"),
        ("nothing.tar", "nothing in it"),
        ("packed.xz", "packed with xz"),
        ("packed.bz2", "packed with bzip2"),
    ] {
        let error = lab.refused(&ImageSource::File(lab.dir.path().join(name)));
        assert!(error.to_string().contains(said), "{name}: {error}");
    }
}

#[test]
fn other_users_cannot_look_into_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = Lab::new();
    let store = lab.dir.path().join("store");
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o755)).unwrap();
    kennel_engine::store::Store::open(store.clone()).unwrap();
    assert_eq!(
        store.metadata().unwrap().permissions().mode() & 0o777,
        0o700
    );
}
