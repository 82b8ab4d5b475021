//! Which pets a search of the desktop's finds, and what it shows of them.

use kennel_model::PetSummary;
use relm4::gtk::prelude::*;
use relm4::gtk::{gio, glib};

use crate::config;
use crate::sidebar::finds;
use crate::words;

/// The ids of the pets that the search of the list would find too, best first: the desktop has
/// room for a few.
pub fn find(terms: &[String], pets: &[PetSummary]) -> Vec<String> {
    let search = terms.join(" ");
    let mut found: Vec<_> = pets.iter().filter(|pet| finds(&search, pet)).collect();
    found.sort_by_key(|pet| (distance(terms, pet.name.as_str()), pet.name.as_str()));
    found.iter().map(|pet| pet.id.to_string()).collect()
}

/// How far a name is from what is searched: it begins so, has all of it, or is found by
/// something else.
fn distance(terms: &[String], name: &str) -> u8 {
    let name = name.to_lowercase();
    let mut terms = terms.iter().map(|term| term.to_lowercase());
    let begins = |term: String| name.starts_with(&term);
    if terms.clone().next().is_some_and(begins) && terms.clone().all(|term| name.contains(&term)) {
        0
    } else if terms.all(|term| name.contains(&term)) {
        1
    } else {
        2
    }
}

/// What is shown of a found pet: its name, its state and what the list says of it.
pub fn describe(pet: &PetSummary) -> glib::VariantDict {
    let about = glib::VariantDict::new(None);
    about.insert("id", pet.id.as_str());
    about.insert("name", pet.name.as_str());
    about.insert("description", description(pet));
    if let Some(icon) = gio::ThemedIcon::new(config::APP_ID).serialize() {
        about.insert_value("icon", &icon);
    }
    about
}

fn description(pet: &PetSummary) -> String {
    let place = match pet.project {
        Some(_) => words::project(pet),
        None => pet.image.short().to_owned(),
    };
    format!("{} · {place}", words::state(pet.state))
}

#[cfg(test)]
mod tests {
    use kennel_model::PetState;

    use super::*;
    use crate::sidebar::tests::pet;

    fn found(search: &str) -> Vec<String> {
        let pets = [
            pet("shopfront-2", "docker.io/library/fedora:43", ""),
            pet("web", "docker.io/library/debian:13", "/src/shop"),
            pet("webshop", "docker.io/library/debian:13", "/src/webshop"),
        ];
        let terms: Vec<String> = search.split_whitespace().map(str::to_owned).collect();
        let names = |id: &String| {
            let pet = pets.iter().find(|pet| pet.id.as_str() == id).unwrap();
            pet.name.to_string()
        };
        find(&terms, &pets).iter().map(names).collect()
    }

    #[test]
    fn the_nearest_name_comes_first() {
        assert_eq!(found("shop"), ["shopfront-2", "webshop", "web"]);
        assert_eq!(found("Web"), ["web", "webshop"]);
        assert_eq!(found("shop WEB"), ["webshop", "web"]);
    }

    #[test]
    fn image_and_folder_find_as_well() {
        assert_eq!(found("debian"), ["web", "webshop"]);
        assert_eq!(found("fedora"), ["shopfront-2"]);
        assert!(found("arch").is_empty());
    }

    #[test]
    fn a_result_says_what_a_person_knows_it_by() {
        let mut shop = pet("webshop", "docker.io/library/debian:13", "");
        let text = |pet: &PetSummary, key: &str| describe(pet).lookup::<String>(key).unwrap();
        assert_eq!(text(&shop, "id").as_deref(), Some(shop.id.as_str()));
        assert_eq!(text(&shop, "name").as_deref(), Some("webshop"));
        assert_eq!(
            text(&shop, "description").as_deref(),
            Some("Stopped · debian:13")
        );
        shop.state = PetState::Running;
        shop.project = Some("/src/webshop".into());
        assert_eq!(
            text(&shop, "description").as_deref(),
            Some("Running · /src/webshop")
        );
        assert!(describe(&shop).contains("icon"));
    }
}
