//! The pet's name: a free one to propose, and what is wrong with the one that was typed.

use std::path::Path;

use gettextrs::gettext;
use kennel_model::{ImageSummary, InvalidName, PetName};

use crate::words::gettext_f;

/// A name no pet has yet: the project folder's, else the system's, else “pet”; numbered when taken.
pub fn suggest(project: Option<&Path>, image: Option<&ImageSummary>, taken: &[PetName]) -> String {
    let folder = project.and_then(Path::file_name);
    let base = folder
        .and_then(|folder| PetName::suggest(&folder.to_string_lossy()))
        .or_else(|| PetName::suggest(system(image?)))
        .map_or_else(|| "pet".to_owned(), |name| name.to_string());
    let is_free = |name: &String| !taken.iter().any(|other| other.as_str() == name);
    (2..)
        .map(|number| format!("{base}-{number}"))
        .find(is_free)
        .filter(|_| !is_free(&base))
        .unwrap_or(base)
}

/// The first word of the system's name (“Debian GNU/Linux 13” is “Debian”), else the image's own.
fn system(image: &ImageSummary) -> &str {
    let short = image.reference.short();
    let named = image.system.as_deref().unwrap_or(short);
    named
        .split([' ', ':'])
        .find(|word| !word.is_empty())
        .unwrap_or(short)
}

/// What is wrong with the name, in a sentence; `None` when it can be used.
pub fn problem(name: &str, taken: &[PetName]) -> Option<String> {
    match name.parse::<PetName>() {
        Ok(name) if taken.contains(&name) => Some(gettext("Another pet has this name already.")),
        Ok(_) => None,
        Err(InvalidName::Empty) => Some(gettext("A pet needs a name.")),
        Err(InvalidName::TooLong) => Some(gettext("A name has at most 63 characters.")),
        Err(InvalidName::BadStart) => Some(gettext(
            "A name starts with a lower-case letter or a digit.",
        )),
        Err(InvalidName::BadCharacter(' ')) => Some(gettext(
            "A name has no spaces: use lower-case letters, digits, “-”, “_” and “.”.",
        )),
        Err(InvalidName::BadCharacter(character)) => Some(gettext_f(
            "“{character}” cannot be part of a name: use lower-case letters, digits, “-”, “_” and “.”.",
            &[("character", &character.to_string())],
        )),
        Err(InvalidName::BadId) => Some(gettext("Choose another name.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(system: Option<&str>) -> ImageSummary {
        ImageSummary {
            reference: "localhost/base/starter:13".parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
            size: 1,
            layers: 1,
            created: None,
            system: system.map(str::to_owned),
            origin: None,
            disk: None,
        }
    }

    fn names(names: &[&str]) -> Vec<PetName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn the_folder_names_the_pet_then_the_system_then_the_image() {
        let debian = image(Some("Debian GNU/Linux 13 (trixie)"));
        let folder = Path::new("/home/me/My App!");
        assert_eq!(suggest(Some(folder), Some(&debian), &[]), "my-app");
        assert_eq!(suggest(None, Some(&debian), &[]), "debian");
        assert_eq!(suggest(None, Some(&image(None)), &[]), "starter");
        assert_eq!(suggest(None, None, &[]), "pet");
    }

    #[test]
    fn a_taken_name_gets_the_next_free_number() {
        let taken = names(&["pet", "pet-2"]);
        assert_eq!(suggest(None, None, &taken), "pet-3");
    }

    #[test]
    fn the_reason_names_the_character() {
        assert!(problem("a/b", &[]).unwrap().contains("“/”"));
        assert!(problem("a b", &[]).unwrap().contains("spaces"));
        assert!(problem("a", &names(&["a"])).is_some());
        assert_eq!(problem("b", &names(&["a"])), None);
    }
}
