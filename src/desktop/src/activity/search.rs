//! Which events a search finds.

use kennel_model::Event;

use super::words::title;
use crate::phrase;

/// What the person wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Every word of it must be found.
    pub text: String,
    /// Only what ran on the host.
    pub host_commands: bool,
}

impl Search {
    /// Whether `event` is wanted: every word is somewhere in its pet's name, in what it is, in a word
    /// and in the dialog's sentence, or in its text, which has the command. Case does not matter.
    pub fn finds(&self, event: &Event) -> bool {
        let (title, text) = (title(event), phrase::said(&event.text));
        let told = [&event.name, &event.event, &title, &text]
            .map(String::as_str)
            .join("\n")
            .to_lowercase();
        let mut words = self.text.split_whitespace();
        (!self.host_commands || is_host_command(event))
            && words.all(|word| told.contains(&word.to_lowercase()))
    }
}

/// Whether it is about a command that a pet ran, or wanted to run, on the host.
pub fn is_host_command(event: &Event) -> bool {
    matches!(
        event.event.as_str(),
        "host-command" | "host-command-ended" | "host-command-failed"
    )
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn event(event: &str, text: &str) -> Event {
        Event {
            time: "2026-06-30T12:00:00Z".to_owned(),
            id: kennel_model::PetId::from_random(1),
            name: "webshop".to_owned(),
            event: event.to_owned(),
            text: kennel_model::Phrase::verbatim(text),
            kind: None,
        }
    }

    fn search(text: &str, host_commands: bool) -> Search {
        Search {
            text: text.to_owned(),
            host_commands,
        }
    }

    #[test]
    fn every_word_is_in_name_kind_or_command() {
        let ran = event("host-command", "podman run --rm Alpine");
        for text in [
            "",
            "  ",
            "WEBSHOP",
            "alpine",
            "host-command",
            "podman webshop",
            "ran a command",
        ] {
            assert!(search(text, false).finds(&ran), "{text}");
            assert!(search(text, true).finds(&ran), "{text}");
        }
        for text in ["docker", "podman docker", "otherpet"] {
            assert!(!search(text, false).finds(&ran), "{text}");
        }
    }

    #[test]
    fn host_commands_alone_leave_the_rest_out() {
        for kind in ["host-command", "host-command-ended", "host-command-failed"] {
            assert!(search("", true).finds(&event(kind, "podman ps")), "{kind}");
        }
        // Also where the text looks like one.
        for kind in ["started", "changed", "console", "alert"] {
            let other = event(kind, "host-command podman ps");
            assert!(!search("podman", true).finds(&other), "{kind}");
            assert!(search("podman", false).finds(&other), "{kind}");
        }
    }
}
