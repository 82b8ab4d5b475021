//! `kennel` run inside a pet, where a shared home may hold the host's own. It touches nothing there,
//! for what it would find is only half of the truth: the host's Kennel does what is asked, if the pet
//! may run commands on the host.

use std::ffi::OsString;

use kennel_model::UserError;

use crate::{enter, host};

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

/// `kennel` in the pet `pet`: `host-exec` runs a command on the host, everything else is run by the
/// host's Kennel. The exit status.
pub fn run(pet: &str, arguments: Vec<OsString>) -> i32 {
    let words = arguments.get(1..).unwrap_or_default();
    match words {
        [] => {
            println!("You are in the pet “{pet}”. Leave it with: exit");
            0
        }
        [verb, command @ ..] if verb == "host-exec" => match command {
            [dashes, command @ ..] if dashes == "--" && !command.is_empty() => {
                host::exec(command.to_vec())
            }
            [first, ..] if !first.as_encoded_bytes().starts_with(b"-") => {
                host::exec(command.to_vec())
            }
            _ => {
                eprintln!("kennel: no command to run on the host: kennel host-exec COMMAND");
                125
            }
        },
        _ => {
            let ours = std::iter::once(OsString::from("kennel"));
            let status = host::exec(ours.chain(words.iter().cloned()).collect());
            if words.first().is_some_and(|verb| verb == "enter") {
                enter::say_again(pet);
            }
            status
        }
    }
}

/// Why a pet without host commands has nothing done on the host.
pub fn refusal(pet: &str) -> UserError {
    UserError::verbatim(
        "no-host-commands",
        format!("the pet “{pet}” may not run commands on the host"),
        format!("leave it with “exit”, and to let it: kennel edit {pet} --host-commands on"),
    )
}

/// Why `kennel host-exec` does nothing on the host.
pub fn not_inside(command: &[OsString]) -> UserError {
    let command: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    UserError::verbatim(
        "not-inside",
        "you are on the host already",
        format!("run {}", command.join(" ")),
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
