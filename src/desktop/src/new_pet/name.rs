//! The name that is proposed for a pet.

use std::path::Path;

use kennel_model::{CatalogEntry, PetName};

use crate::pet_name;

/// A name no pet has yet: the project folder's, else the system's, else “pet”; numbered when taken.
pub fn suggest(project: Option<&Path>, image: Option<&CatalogEntry>, taken: &[PetName]) -> String {
    let folder = project.and_then(Path::file_name);
    let base = folder
        .and_then(|folder| PetName::suggest(&folder.to_string_lossy()))
        .or_else(|| PetName::suggest(system(image?)))
        .map_or_else(|| "pet".to_owned(), |name| name.to_string());
    pet_name::free(base, taken)
}

/// The catalog's short name without its release, else the first word of the system's name
/// (“Debian GNU/Linux 13” is “Debian”).
fn system(image: &CatalogEntry) -> &str {
    let named = image.aliases.first().unwrap_or(&image.name);
    named
        .split([' ', ':'])
        .find(|word| !word.is_empty())
        .unwrap_or(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_pet::offers::tests::entry;

    fn image(name: &str, alias: Option<&str>) -> CatalogEntry {
        CatalogEntry {
            aliases: alias.map(str::to_owned).into_iter().collect(),
            ..entry(name, "localhost/base/starter:13")
        }
    }

    fn names(names: &[&str]) -> Vec<PetName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn the_folder_names_the_pet_then_the_system_then_the_image() {
        let debian = image("Debian GNU/Linux 13 (trixie)", None);
        let redhat = image("Red Hat Enterprise Linux (UBI)", Some("ubi:10"));
        let folder = Path::new("/home/me/My App!");
        assert_eq!(suggest(Some(folder), Some(&debian), &[]), "my-app");
        assert_eq!(suggest(None, Some(&debian), &[]), "debian");
        assert_eq!(suggest(None, Some(&redhat), &[]), "ubi");
        assert_eq!(
            suggest(None, Some(&image("starter:13", None)), &[]),
            "starter"
        );
        assert_eq!(suggest(None, None, &[]), "pet");
    }

    #[test]
    fn a_taken_name_gets_the_next_free_number() {
        let taken = names(&["pet", "pet-2"]);
        assert_eq!(suggest(None, None, &taken), "pet-3");
    }
}
