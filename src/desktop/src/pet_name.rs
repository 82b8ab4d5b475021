//! A pet's name as a person types it: a free one near it, and what is wrong with it.

use gettextrs::gettext;
use kennel_model::{InvalidName, PetName};

use crate::words::gettext_f;

/// `base`, numbered where a pet has it already.
pub fn free(base: String, taken: &[PetName]) -> String {
    let is_free = |name: &String| !taken.iter().any(|other| other.as_str() == name);
    (2..)
        .map(|number| format!("{base}-{number}"))
        .find(is_free)
        .filter(|_| !is_free(&base))
        .unwrap_or(base)
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

    fn names(names: &[&str]) -> Vec<PetName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn the_reason_names_the_character() {
        assert!(problem("a/b", &[]).unwrap().contains("“/”"));
        assert!(problem("a b", &[]).unwrap().contains("spaces"));
        assert!(problem("a", &names(&["a"])).is_some());
        assert_eq!(problem("b", &names(&["a"])), None);
    }
}
