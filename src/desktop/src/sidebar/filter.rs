//! Which pets a search finds.

use kennel_model::PetSummary;

/// Whether every word of `search` is somewhere in what the list tells of `pet`: its name, its
/// image and its project folder. Nothing searched finds all.
pub fn finds(search: &str, pet: &PetSummary) -> bool {
    let project = pet.project.as_deref().map(|path| path.to_string_lossy());
    let told = format!(
        "{}\n{}\n{}",
        pet.name,
        pet.image,
        project.unwrap_or_default()
    )
    .to_lowercase();
    search
        .split_whitespace()
        .all(|word| told.contains(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::super::order::tests::pet;
    use super::*;

    #[test]
    fn every_word_must_be_found_in_name_image_or_project() {
        let shop = pet(
            "webshop",
            "docker.io/library/debian:13",
            "/home/mia/src/Shop",
        );
        for found in ["", "  ", "WEB", "debian shop", "src/shop web"] {
            assert!(finds(found, &shop), "{found}");
        }
        for missed in ["fedora", "web fedora"] {
            assert!(!finds(missed, &shop), "{missed}");
        }
    }
}
