//! What the picker offers: the images of this computer, the last used first, then the catalog.

use kennel_model::{CatalogEntry, CatalogIcon, ImageRef, ImageSummary, PetSummary};

/// Everything that can be picked, in the order in which it is shown.
pub fn offers(
    images: &[ImageSummary],
    pets: &[PetSummary],
    catalog: &[CatalogEntry],
) -> Vec<CatalogEntry> {
    let last_used = |reference: &ImageRef| {
        let made = pets.iter().filter(|pet| pet.image == *reference);
        made.map(|pet| pet.created.as_str()).max()
    };
    let mut here: Vec<&ImageSummary> = images.iter().collect();
    here.sort_by(|one, other| last_used(&other.reference).cmp(&last_used(&one.reference)));
    let here = here
        .into_iter()
        .map(|image| on_this_computer(image, catalog));
    let is_here = |entry: &&CatalogEntry| {
        images
            .iter()
            .any(|image| image.reference == entry.reference)
    };
    let mut elsewhere: Vec<CatalogEntry> = catalog
        .iter()
        .filter(|entry| !is_here(entry))
        .cloned()
        .collect();
    elsewhere.sort_by_key(|entry| entry.name.to_lowercase());
    for entry in &mut elsewhere {
        entry.downloaded = false;
    }
    here.chain(elsewhere).collect()
}

/// An image that only its reference is known of.
pub fn by_reference(reference: ImageRef, catalog: &[CatalogEntry]) -> CatalogEntry {
    let known = catalog.iter().find(|entry| entry.reference == reference);
    known.cloned().unwrap_or_else(|| CatalogEntry {
        name: reference.short().to_owned(),
        release: String::new(),
        icon: icon(&reference, reference.short(), catalog),
        reference,
        notes: String::new(),
        aliases: Vec::new(),
        downloaded: false,
    })
}

fn on_this_computer(image: &ImageSummary, catalog: &[CatalogEntry]) -> CatalogEntry {
    let mut entry = by_reference(image.reference.clone(), catalog);
    if let Some(system) = &image.system {
        entry.icon = icon(&image.reference, system, catalog);
        // The image itself knows best, down to its release.
        entry.name.clone_from(system);
        entry.release.clear();
    }
    entry.downloaded = true;
    entry
}

/// The mark of the same repository, else of the system of the same name.
fn icon(reference: &ImageRef, name: &str, catalog: &[CatalogEntry]) -> CatalogIcon {
    let same_place = |entry: &&CatalogEntry| entry.reference.repository() == reference.repository();
    let same_name =
        |entry: &&CatalogEntry| name.to_lowercase().starts_with(&entry.name.to_lowercase());
    let known = catalog.iter().find(same_place);
    known
        .or_else(|| catalog.iter().find(same_name))
        .map(|entry| entry.icon.clone())
        .unwrap_or_default()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn entry(name: &str, reference: &str) -> CatalogEntry {
        CatalogEntry {
            name: name.to_owned(),
            ..by_reference(reference.parse().unwrap(), &[])
        }
    }

    pub fn image(reference: &str, system: Option<&str>) -> ImageSummary {
        ImageSummary {
            reference: reference.parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
            size: 1,
            layers: 1,
            created: None,
            system: system.map(str::to_owned),
            origin: None,
            disk: None,
        }
    }

    fn pet(image: &str, created: &str) -> PetSummary {
        PetSummary {
            id: "00000000000000aa".parse().unwrap(),
            name: "a".parse().unwrap(),
            state: kennel_model::PetState::Stopped,
            image: image.parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
            preset: kennel_model::Preset::default(),
            project: None,
            created: created.to_owned(),
            problem: None,
            error: None,
            restart_needed: false,
            setup_failed: None,
            alerts: Vec::new(),
            questions: Vec::new(),
        }
    }

    #[test]
    fn the_last_used_comes_first_then_what_is_here_then_the_catalog_by_name() {
        let images = [
            image("q.io/unused:1", None),
            image("q.io/early:1", None),
            image(
                "docker.io/library/debian:13",
                Some("Debian GNU/Linux 13 (trixie)"),
            ),
        ];
        let pets = [
            pet("q.io/early:1", "2026-01-01T00:00:00Z"),
            pet("docker.io/library/debian:13", "2026-02-01T00:00:00Z"),
        ];
        let catalog = [
            entry("Ubuntu", "q.io/ubuntu:1"),
            entry("Debian", "docker.io/library/debian:13"),
            entry("arch", "q.io/arch:1"),
        ];
        let offers = offers(&images, &pets, &catalog);
        let names: Vec<(&str, bool)> = offers
            .iter()
            .map(|o| (o.name.as_str(), o.downloaded))
            .collect();
        assert_eq!(
            names,
            [
                ("Debian GNU/Linux 13 (trixie)", true),
                ("early:1", true),
                ("unused:1", true),
                ("arch", false),
                ("Ubuntu", false),
            ]
        );
    }

    #[test]
    fn an_image_has_the_mark_of_its_system() {
        let mut debian = entry("Debian", "docker.io/library/debian:13");
        debian.icon.mark = "spiral".to_owned();
        let images = [image("localhost/mine:1", Some("Debian GNU/Linux 13"))];
        assert_eq!(
            offers(&images, &[], std::slice::from_ref(&debian))[0]
                .icon
                .mark,
            "spiral"
        );
        assert_eq!(
            by_reference("docker.io/library/debian:12".parse().unwrap(), &[debian])
                .icon
                .mark,
            "spiral"
        );
    }
}
