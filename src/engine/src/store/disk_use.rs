//! How much of the disk each image needs, and how much of that it needs alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use kennel_model::{Digest, DiskUse, ImageRef, ImageSummary};

use super::index::name_of;
use super::{Store, StoreError};

/// Measures trees that may have files of mapped owners.
pub trait TreeMeasurer {
    /// The bytes that each of `trees` occupies on the disk; a missing one occupies none.
    fn tree_bytes(&self, trees: &[PathBuf]) -> Result<Vec<u64>, StoreError>;
}

/// Something that several may need: a blob or an unpacked layer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Blob(Digest),
    Layer(Digest),
}

/// What one image needs, with sizes in bytes.
type Needs = HashMap<Part, u64>;

impl Store {
    /// The images, each with the disk space it needs. `pets_need` are the diffIDs of pets'
    /// layers, which deleting an image does not free.
    pub fn images_with_disk_use(
        &self,
        mapping_key: &str,
        pets_need: &[Digest],
        measurer: &dyn TreeMeasurer,
    ) -> Result<Vec<ImageSummary>, StoreError> {
        let sizes = self.layer_sizes(mapping_key, measurer)?;
        let mut needs: Vec<(ImageRef, Needs)> = Vec::new();
        for entry in self.read_index()?.manifests {
            let (Some(name), Ok((manifest, config))) = (name_of(&entry), self.read_image(&entry))
            else {
                continue; // images() passes it over too
            };
            let blobs = manifest.layers.iter().chain([&manifest.config, &entry]);
            let blobs = blobs.map(|blob| (Part::Blob(blob.digest.clone()), blob.size));
            let layers = config.rootfs.diff_ids.into_iter().map(|id| {
                let bytes = sizes.get(id.hex()).copied().unwrap_or(0);
                (Part::Layer(id), bytes)
            });
            needs.push((name, blobs.chain(layers).collect()));
        }
        let elsewhere: HashSet<Part> = pets_need.iter().cloned().map(Part::Layer).collect();
        let mut disk = disk_use(&needs, &elsewhere);
        let mut images = self.images()?;
        for image in &mut images {
            image.disk = disk.remove(&image.reference);
        }
        Ok(images)
    }

    /// The bytes of each unpacked layer, by the hexadecimal digits of its diffID. A layer never
    /// changes, so that each is measured once and the figure kept in `layer-sizes-<mapping>.json`.
    fn layer_sizes(
        &self,
        mapping_key: &str,
        measurer: &dyn TreeMeasurer,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let dir = self.root.join("layers").join(mapping_key);
        let kept = self.root.join(format!("layer-sizes-{mapping_key}.json"));
        let there = super::sweep::names(&dir)?;
        let known: BTreeMap<String, u64> = std::fs::read(&kept)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let mut sizes: BTreeMap<String, u64> = known
            .iter()
            .filter(|(name, _)| there.contains(*name))
            .map(|(name, bytes)| (name.clone(), *bytes))
            .collect();
        let fresh: Vec<&String> = there
            .iter()
            .filter(|name| !sizes.contains_key(*name))
            .collect();
        if !fresh.is_empty() {
            let trees: Vec<PathBuf> = fresh.iter().map(|name| dir.join(name)).collect();
            let measured = measurer.tree_bytes(&trees)?;
            sizes.extend(fresh.into_iter().cloned().zip(measured));
        }
        if sizes != known {
            let json = serde_json::to_vec(&sizes)
                .map_err(|error| StoreError::bad(&kept, error.to_string()))?;
            crate::files::replace(&kept, &json).map_err(|error| StoreError::io(&kept, error))?;
        }
        Ok(sizes)
    }
}

/// What is an image's own is needed by no other image and is not in `elsewhere`.
fn disk_use(needs: &[(ImageRef, Needs)], elsewhere: &HashSet<Part>) -> HashMap<ImageRef, DiskUse> {
    let mut users: HashMap<&Part, usize> = elsewhere.iter().map(|part| (part, 1)).collect();
    for part in needs.iter().flat_map(|(_, needs)| needs.keys()) {
        *users.entry(part).or_default() += 1;
    }
    let measure = |needs: &Needs| {
        let mut total = DiskUse::default();
        for (part, bytes) in needs {
            let side = if users[part] > 1 {
                &mut total.shared
            } else {
                &mut total.own
            };
            *side = side.saturating_add(*bytes);
        }
        total
    };
    needs
        .iter()
        .map(|(name, needs)| (name.clone(), measure(needs)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::from_sha256(&[byte; 32])
    }

    fn needs(blobs: &[(u8, u64)], layers: &[(u8, u64)]) -> Needs {
        let blobs = blobs
            .iter()
            .map(|(id, bytes)| (Part::Blob(digest(*id)), *bytes));
        let layers = layers
            .iter()
            .map(|(id, bytes)| (Part::Layer(digest(*id)), *bytes));
        blobs.chain(layers).collect()
    }

    #[test]
    fn what_another_image_or_a_pet_needs_is_shared() {
        let name = |text: &str| text.parse::<ImageRef>().unwrap();
        let images = [
            (
                name("a.b/one:1"),
                needs(&[(1, 10), (2, 20)], &[(3, 100), (4, 200)]),
            ),
            (name("a.b/two:1"), needs(&[(1, 10), (5, 50)], &[(3, 100)])),
            (name("a.b/none:1"), needs(&[(6, 7)], &[])),
        ];
        let found = disk_use(&images, &HashSet::from([Part::Layer(digest(4))]));
        let of = |text: &str| found[&name(text)];
        assert_eq!(
            of("a.b/one:1"),
            DiskUse {
                own: 20,
                shared: 310
            }
        );
        assert_eq!(
            of("a.b/two:1"),
            DiskUse {
                own: 50,
                shared: 110
            }
        );
        assert_eq!(of("a.b/none:1"), DiskUse { own: 7, shared: 0 });
        assert_eq!(of("a.b/one:1").total(), 330);
    }

    #[test]
    fn sizes_that_lie_do_not_overflow() {
        let name: ImageRef = "a.b/c:1".parse().unwrap();
        let found = disk_use(
            &[(name.clone(), needs(&[(1, u64::MAX), (2, 9)], &[]))],
            &HashSet::new(),
        );
        assert_eq!(found[&name].total(), u64::MAX);
    }
}
