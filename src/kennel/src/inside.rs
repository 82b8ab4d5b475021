//! `kennel` run inside a pet, where a shared home may hold the host's own: it says where it is and
//! touches nothing, for what it would find there is only half of the truth.

use kennel_model::UserError;

/// The name of the pet that this process is in.
pub fn pet() -> Option<String> {
    name(&std::fs::read_to_string("/run/.containerenv").ok()?)
}

/// The pet's name in the text of our `/run/.containerenv`; other engines write one, too.
fn name(mark: &str) -> Option<String> {
    let value = |key: &str| {
        let mut lines = mark.lines().filter_map(|line| line.strip_prefix(key));
        lines.find_map(|rest| rest.strip_prefix("=\"")?.strip_suffix('"'))
    };
    (value("engine") == Some("kennel")).then(|| value("name").unwrap_or_default().to_owned())
}

/// Why nothing is done here.
pub fn refusal(pet: &str) -> UserError {
    UserError::new(
        "inside-a-pet",
        format!("you are in the pet “{pet}”, from where Kennel cannot be reached yet"),
        "leave it with “exit”, or open another terminal",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pet_is_a_pet() {
        assert_eq!(
            name("engine=\"kennel\"\nname=\"webshop\"\nrootless=1\n").as_deref(),
            Some("webshop")
        );
        assert_eq!(name("engine=\"podman-5.4\"\nname=\"webshop\"\n"), None);
        assert_eq!(name(""), None);
    }
}
