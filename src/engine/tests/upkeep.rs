//! Looking the store over: damage is found and can be cured, and nothing that is needed goes.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use common::{Lab, Quiet, Tar, archive, digest, gzip, listing, oci};
use kennel_model::{Damage, Digest, Fault, ImagePart, ImageRef, ImageSource};

/// A store with one image of two layers, and where it was imported from.
struct Stocked {
    lab: Lab,
    source: ImageSource,
    name: ImageRef,
    /// Compressed and unpacked digests of the layers.
    layers: [(Digest, Digest); 2],
}

fn layer(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let tar = Tar::default().dir("etc/").file("etc/text", text).done();
    (gzip(&tar), tar)
}

fn stocked() -> Stocked {
    let lab = Lab::new();
    let [one, two] = [layer(b"one"), layer(b"two")];
    let files = oci(
        &[
            ("tar+gzip", one.0.clone(), digest(&one.1)),
            ("tar+gzip", two.0.clone(), digest(&two.1)),
        ],
        |_| {},
    );
    let source = ImageSource::OciArchive(lab.write("a.tar", &archive(&files)));
    let name = lab.import(&source).unwrap().reference;
    let layers = [one, two].map(|(zipped, tar)| (digest(&zipped), digest(&tar)));
    Stocked {
        lab,
        source,
        name,
        layers,
    }
}

impl Stocked {
    fn blob(&self, digest: &Digest) -> std::path::PathBuf {
        self.lab
            .dir
            .path()
            .join("store/images/blobs/sha256")
            .join(digest.hex())
    }

    fn verify(&self) -> Vec<Damage> {
        self.lab.store.verify("in-process", &Quiet).unwrap()
    }

    fn damage(&self, part: ImagePart, digest: &Digest, fault: Fault) -> Damage {
        Damage {
            image: Some(self.name.clone()),
            part,
            digest: digest.clone(),
            fault,
        }
    }

    fn flip(&self, digest: &Digest) {
        let mut bytes = std::fs::read(self.blob(digest)).unwrap();
        bytes[20] ^= 1;
        std::fs::write(self.blob(digest), bytes).unwrap();
    }
}

#[test]
fn a_whole_store_has_no_damage() {
    assert_eq!(stocked().verify(), []);
}

#[test]
fn one_flipped_bit_is_found_and_fetching_again_cures_it() {
    let stocked = stocked();
    let blob = &stocked.layers[1].0;
    stocked.flip(blob);
    let damage = stocked.verify();
    assert_eq!(
        damage,
        [stocked.damage(ImagePart::Layer, blob, Fault::Changed)]
    );
    stocked.lab.store.discard_damaged(&damage).unwrap();
    assert_eq!(
        stocked.verify(),
        [stocked.damage(ImagePart::Layer, blob, Fault::Missing)]
    );
    stocked.lab.import(&stocked.source).unwrap();
    assert_eq!(stocked.verify(), []);
}

#[test]
fn every_missing_part_is_named() {
    let stocked = stocked();
    let manifest = stocked.lab.store.images().unwrap()[0].digest.clone();
    let document: serde_json::Value =
        serde_json::from_slice(&std::fs::read(stocked.blob(&manifest)).unwrap()).unwrap();
    let config: Digest = document["config"]["digest"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let (zipped, unpacked) = &stocked.layers[0];
    std::fs::remove_dir_all(stocked.lab.store.layer_path("in-process", unpacked)).unwrap();
    std::fs::remove_file(stocked.blob(zipped)).unwrap();
    let damage = stocked.verify();
    let missing = |part, digest| stocked.damage(part, digest, Fault::Missing);
    assert_eq!(
        damage,
        [
            missing(ImagePart::Layer, zipped),
            missing(ImagePart::UnpackedLayer, unpacked)
        ]
    );

    stocked.flip(&config);
    assert!(
        stocked
            .verify()
            .contains(&stocked.damage(ImagePart::Config, &config, Fault::Changed))
    );
    std::fs::remove_file(stocked.blob(&manifest)).unwrap();
    let damage = stocked.verify();
    assert_eq!(damage[0], missing(ImagePart::Manifest, &manifest));
    // What the lost manifest named is nobody's now; only what is wrong with it is said.
    assert_eq!(damage.len(), 2);
    assert_eq!((&damage[1].image, &damage[1].digest), (&None, &config));
}

#[test]
fn discarding_touches_nothing_that_is_whole() {
    let stocked = stocked();
    stocked.flip(&stocked.layers[0].0);
    let mut expected = listing(stocked.lab.dir.path());
    expected.retain(|path| *path != stocked.blob(&stocked.layers[0].0));
    stocked
        .lab
        .store
        .discard_damaged(&stocked.verify())
        .unwrap();
    assert_eq!(listing(stocked.lab.dir.path()), expected);
    assert!(
        stocked
            .lab
            .store
            .layer_path("in-process", &stocked.layers[0].1)
            .is_dir()
    );
}

#[test]
fn an_image_that_lost_its_manifest_can_still_be_removed() {
    let stocked = stocked();
    stocked.flip(&stocked.lab.store.images().unwrap()[0].digest.clone());
    assert_eq!(stocked.verify()[0].part, ImagePart::Manifest);
    let lab = &stocked.lab;
    lab.store
        .remove_image(&stocked.name, &[], &lab.unpacker)
        .unwrap();
    assert_eq!(stocked.verify(), []);
}

#[test]
fn prune_leaves_what_a_pet_needs() {
    let stocked = stocked();
    let needed = [stocked.layers[1].1.clone()];
    stocked
        .lab
        .store
        .remove_image(&stocked.name, &needed, &stocked.lab.unpacker)
        .unwrap();
    stocked
        .lab
        .store
        .prune(&needed, &stocked.lab.unpacker)
        .unwrap();
    let there = |n: usize| {
        stocked
            .lab
            .store
            .layer_path("in-process", &stocked.layers[n].1)
            .join("etc/text")
    };
    assert_eq!(std::fs::read(there(1)).unwrap(), b"two");
    assert!(!there(0).exists(), "no pet needs it");
}

#[test]
fn disk_use_tells_own_from_shared() {
    let stocked = stocked();
    let images = |pets: &[Digest]| {
        let lab = &stocked.lab;
        lab.store
            .images_with_disk_use("in-process", pets, &lab.unpacker)
            .unwrap()
    };
    let alone = images(&[])[0].disk.unwrap();
    assert_eq!(alone.shared, 0);
    assert!(alone.own > images(&[])[0].size, "unpacked layers count too");
    let with_pet = images(&[stocked.layers[0].1.clone()])[0].disk.unwrap();
    assert!(with_pet.shared > 0 && with_pet.total() == alone.total());
    // Under a second name everything is shared: deleting one name frees nothing.
    let second: ImageRef = "localhost/second:1".parse().unwrap();
    stocked
        .lab
        .store
        .import(
            &stocked.source,
            Some(&second),
            &stocked.lab.unpacker,
            &Quiet,
        )
        .unwrap();
    assert!(images(&[]).iter().all(|image| image.disk.unwrap().own == 0));
}
