//! Building images for tests.
#![allow(dead_code)]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use kennel_engine::extract::InProcessUnpacker;
use kennel_engine::store::{ProgressSink, Store, StoreError};
use kennel_model::{Digest, ImageSource, ImageSummary, Progress};
use sha2::{Digest as _, Sha256};

pub struct Quiet;

impl ProgressSink for Quiet {
    fn report(&self, _: Progress) {}
    fn is_cancelled(&self) -> bool {
        false
    }
}

pub struct Lab {
    pub dir: tempfile::TempDir,
    pub store: Store,
    pub unpacker: InProcessUnpacker,
}

impl Lab {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store")).unwrap();
        let mut unpacker = InProcessUnpacker::default();
        unpacker.limits.disk_reserve = 0;
        Self {
            dir,
            store,
            unpacker,
        }
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn import(&self, source: &ImageSource) -> Result<ImageSummary, StoreError> {
        self.store.import(source, None, &self.unpacker, &Quiet)
    }

    /// The source is refused, and leaves no trace.
    pub fn refused(&self, source: &ImageSource) -> StoreError {
        let before = (
            self.store.images().unwrap(),
            listing(&self.dir.path().join("store/images")),
        );
        let error = self.import(source).unwrap_err();
        let after = (
            self.store.images().unwrap(),
            listing(&self.dir.path().join("store/images")),
        );
        assert_eq!(before, after);
        assert_eq!(
            listing(&self.dir.path().join("store/tmp")),
            Vec::<PathBuf>::new()
        );
        error
    }
}

pub fn listing(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.symlink_metadata().unwrap().is_dir() {
            found.extend(listing(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

pub fn digest(bytes: &[u8]) -> Digest {
    Digest::from_sha256(&Sha256::digest(bytes).into())
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A tar that may hold names the `tar` crate would refuse to write.
#[derive(Default)]
pub struct Tar(Vec<u8>);

impl Tar {
    pub fn entry(mut self, kind: tar::EntryType, name: &str, link: &str, data: &[u8]) -> Self {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(data.len() as u64);
        header.set_mode(if kind.is_dir() { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_000_000_000);
        let raw = header.as_mut_bytes();
        raw[..name.len()].copy_from_slice(name.as_bytes());
        raw[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub fn file(self, name: &str, data: &[u8]) -> Self {
        self.entry(tar::EntryType::Regular, name, "", data)
    }

    pub fn dir(self, name: &str) -> Self {
        self.entry(tar::EntryType::Directory, name, "", b"")
    }

    pub fn symlink(self, name: &str, target: &str) -> Self {
        self.entry(tar::EntryType::Symlink, name, target, b"")
    }

    pub fn hardlink(self, name: &str, target: &str) -> Self {
        self.entry(tar::EntryType::Link, name, target, b"")
    }

    pub fn pax(self, key: &str, value: &str) -> Self {
        self.pax_bytes(key, value.as_bytes())
    }

    pub fn pax_bytes(self, key: &str, value: &[u8]) -> Self {
        let body = key.len() + value.len() + 3;
        let mut length = body + 1;
        while length != body + length.to_string().len() {
            length += 1;
        }
        let record = [format!("{length} {key}=").as_bytes(), value, b"\n"].concat();
        self.pax_raw(&record)
    }

    /// An extended header with these very bytes.
    pub fn pax_raw(self, records: &[u8]) -> Self {
        self.entry(tar::EntryType::XHeader, "pax", "", records)
    }

    /// The name of the next entry, as GNU tar writes one that is too long.
    pub fn gnu_name(self, name: &[u8]) -> Self {
        let data = [name, b"\0"].concat();
        self.entry(tar::EntryType::GNULongName, "././@LongLink", "", &data)
    }

    /// Changes the header of the last entry, which has no content.
    pub fn with_header(mut self, change: impl Fn(&mut tar::Header)) -> Self {
        let start = self.0.len() - 512;
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(&self.0[start..]);
        change(&mut header);
        header.set_cksum();
        self.0[start..].copy_from_slice(header.as_bytes());
        self
    }

    /// What was added so far, without an end mark.
    pub fn cut(self) -> Vec<u8> {
        self.0
    }

    pub fn done(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 1024]);
        self.0
    }
}

/// The files of an OCI layout with these layers (already compressed, or not).
pub fn oci(
    layers: &[(&str, Vec<u8>, Digest)],
    edit: impl Fn(&mut serde_json::Value),
) -> Vec<(String, Vec<u8>)> {
    use serde_json::json;
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let diff_ids: Vec<&str> = layers.iter().map(|layer| layer.2.as_str()).collect();
    let config = json!({"architecture": arch, "os": "linux", "config": {"Env": ["A=b"]},
        "rootfs": {"type": "layers", "diff_ids": diff_ids}})
    .to_string()
    .into_bytes();
    let described: Vec<_> = layers
        .iter()
        .map(|(kind, bytes, _)| {
            json!({
        "mediaType": format!("application/vnd.oci.image.layer.v1.{kind}"),
        "digest": digest(bytes), "size": bytes.len()})
        })
        .collect();
    let mut manifest = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(&config), "size": config.len()},
        "layers": described});
    edit(&mut manifest);
    let manifest = manifest.to_string().into_bytes();
    let index = json!({"schemaVersion": 2, "manifests": [{
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(&manifest), "size": manifest.len(),
        "annotations": {"org.opencontainers.image.ref.name": "localhost/made/here:1"}}]});
    let blob = |bytes: &[u8]| {
        (
            format!("blobs/sha256/{}", digest(bytes).hex()),
            bytes.to_vec(),
        )
    };
    let mut files = vec![
        (
            "oci-layout".to_owned(),
            br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec(),
        ),
        ("index.json".to_owned(), index.to_string().into_bytes()),
        blob(&manifest),
        blob(&config),
    ];
    files.extend(layers.iter().map(|layer| blob(&layer.1)));
    files
}

pub fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    files
        .iter()
        .fold(Tar::default(), |tar, (name, bytes)| tar.file(name, bytes))
        .done()
}
