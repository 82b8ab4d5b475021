//! Which terminals were open when the window closed, so that they open again with the next one.
//!
//! A pet's are opened when its page is first looked at, in the directories they were in, if the pet
//! still runs. What ran in them has ended; a shell is what comes back.

use std::collections::BTreeMap;

use kennel_model::{PetId, TerminalState};
use relm4::gtk::prelude::*;

use crate::settings;

const KEY: &str = "terminals";

/// A pet's id, and the directory of each of its terminals; an empty one is the pet's own choice.
type Kept = BTreeMap<String, Vec<String>>;

/// Remembers the terminals that are open, and those of the other `pets` that were not opened again.
pub fn remember(open: &[TerminalState], pets: &[PetId]) {
    if let Some(settings) = settings::load() {
        let kept = after(settings.get::<Kept>(KEY), open, pets);
        // What cannot be written is not remembered, which is no reason to stay open.
        let _ = settings.set(KEY, &kept);
    }
}

/// The directories of the terminals of `pet`, which are not remembered any more.
pub fn take(pet: &PetId) -> Vec<String> {
    let Some(settings) = settings::load() else {
        return Vec::new();
    };
    let mut kept = settings.get::<Kept>(KEY);
    let directories = kept.remove(pet.as_str());
    if directories.is_some() {
        let _ = settings.set(KEY, &kept);
    }
    directories.unwrap_or_default()
}

fn after(mut before: Kept, open: &[TerminalState], pets: &[PetId]) -> Kept {
    before.retain(|id, _| pets.iter().any(|pet| pet.as_str() == id));
    for state in open {
        let directory = state.shell.directory.clone().unwrap_or_default();
        let of_pet = before.entry(state.pet.to_string()).or_default();
        of_pet.push(directory);
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;
    use kennel_model::ShellState;

    #[test]
    fn a_pet_that_was_not_looked_at_keeps_its_own_and_one_that_is_gone_does_not() {
        let [shop, api, gone] = [1, 2, 3].map(PetId::from_random);
        let before = [(&api, "/srv"), (&gone, "/")]
            .map(|(id, directory)| (id.to_string(), vec![directory.to_owned()]))
            .into();
        let open = [Some("/home/ada/src"), None].map(|directory| TerminalState {
            terminal: 1,
            pet: shop.clone(),
            shell: ShellState {
                command: None,
                directory: directory.map(str::to_owned),
            },
        });
        let kept = after(before, &open, &[shop.clone(), api.clone()]);
        assert_eq!(kept[shop.as_str()], ["/home/ada/src", ""]);
        assert_eq!(kept[api.as_str()], ["/srv"]);
        assert_eq!(kept.len(), 2);
    }
}
