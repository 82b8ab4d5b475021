//! What the page says about each reason, and which commands mend it.

use gettextrs::gettext;
use kennel_model::{UserError, phrase};
use kennel_protocol::client::StartError;

use crate::error;
use crate::words::gettext_f;

/// What the page says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// The heading.
    pub title: String,
    /// What happened and what follows.
    pub text: String,
    /// What to type; often nothing.
    pub commands: Vec<String>,
    /// What the button does.
    pub way: Way,
}

/// The way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// It may work now.
    #[default]
    TryAgain,
    /// Only another start of the app can help: a sandbox never changes.
    Close,
}

impl Way {
    /// The button's text.
    pub fn label(self) -> String {
        match self {
            Self::TryAgain => gettext("Try Again"),
            Self::Close => gettext("Close Kennel"),
        }
    }
}

impl Reason {
    /// Explains `error`.
    pub fn of(error: &StartError) -> Self {
        match error {
            StartError::NotPermitted { app } => Self {
                title: gettext("Kennel May Not Leave Its Sandbox"),
                text: gettext(
                    "Pets live outside Kennel’s sandbox, and its permission to start programs there was taken away. Give it back and start Kennel again. Your pets keep running.",
                ),
                commands: vec![format!(
                    "flatpak override --user --talk-name=org.freedesktop.Flatpak {app}"
                )],
                way: Way::Close,
            },
            StartError::NoSessionHelper(_) => Self {
                title: gettext("Flatpak’s Helper Does Not Answer"),
                text: gettext(
                    "Kennel starts your pets with the help of Flatpak’s session helper, which is part of Flatpak, and it does not run. Your pets keep running.",
                ),
                commands: vec![
                    "systemctl --user restart flatpak-session-helper.service".to_owned(),
                ],
                way: Way::TryAgain,
            },
            StartError::Replaced { app } => Self {
                title: gettext("Kennel Was Updated"),
                text: gettext(
                    "This window belongs to a version that is no longer installed. Close it and start Kennel again. Your pets keep running.",
                ),
                commands: vec![format!("flatpak run {app}")],
                way: Way::Close,
            },
            StartError::OtherVersion { how, app } => Self {
                title: gettext("Kennel Was Updated"),
                text: gettext_f(
                    "Kennel’s window and its engine have different versions: {how}. Close the window and start Kennel again. Your pets keep running.",
                    &[("how", how)],
                ),
                commands: vec![match app {
                    Some(app) => format!("flatpak run {app}"),
                    None => "kennel-desktop".to_owned(),
                }],
                way: Way::Close,
            },
            StartError::OtherArchitecture {
                app,
                made_for,
                computer,
            } => Self {
                title: gettext("Kennel Is for Another Computer"),
                text: gettext_f(
                    "This Kennel is made for {made_for}, and this computer is {computer}. Install the one for it.",
                    &[("made_for", made_for), ("computer", computer)],
                ),
                commands: vec![format!("flatpak install --arch={computer} {app}")],
                way: Way::Close,
            },
            StartError::Ended(error) => Self::plain(error),
            StartError::NotStarted { .. }
            | StartError::Connection(_)
            | StartError::StrangeSandbox(_)
            | StartError::HostCommand(_) => Self::plain(&because(error)),
        }
    }

    /// Says `error` as it is.
    pub fn plain(error: &UserError) -> Self {
        Self {
            title: gettext("Your Pets Cannot Be Shown"),
            text: error::both(error),
            commands: Vec::new(),
            way: Way::TryAgain,
        }
    }
}

/// The error with the last of its causes, which says most.
fn because(error: &StartError) -> UserError {
    let mut source = std::error::Error::source(error);
    let mut last = None;
    while let Some(cause) = source {
        last = Some(cause.to_string());
        source = cause.source();
    }
    let what = match last {
        Some(cause) => phrase("{what} ({cause})")
            .saying("what", error.phrase())
            .with("cause", cause),
        None => error.phrase(),
    };
    let todo = phrase("check that Kennel is installed completely");
    UserError::new("engine-not-started", what, todo)
}

#[cfg(test)]
mod tests {
    use kennel_protocol::flatpak::HostCommandError;

    use super::*;

    #[test]
    fn what_was_taken_away_can_be_given_back() {
        let app = "io.github.kennel.Kennel".to_owned();
        let reason = Reason::of(&StartError::NotPermitted { app });
        assert_eq!(
            reason.commands,
            ["flatpak override --user --talk-name=org.freedesktop.Flatpak io.github.kennel.Kennel"]
        );
        // A sandbox keeps the permissions it started with.
        assert_eq!(reason.way, Way::Close);
    }

    /// Each with the command that mends it, and the button that fits.
    #[test]
    fn every_reason_names_its_command() {
        let app = || "io.github.kennel.Kennel".to_owned();
        let silent = HostCommandError::BusLost;
        let other_version = |app| StartError::OtherVersion {
            how: "the engine speaks version 3 of the protocol and this app version 2".to_owned(),
            app,
        };
        for (error, title, command, way) in [
            (
                StartError::NoSessionHelper(silent),
                "Flatpak’s Helper Does Not Answer",
                "systemctl --user restart flatpak-session-helper.service",
                Way::TryAgain,
            ),
            (
                StartError::Replaced { app: app() },
                "Kennel Was Updated",
                "flatpak run io.github.kennel.Kennel",
                Way::Close,
            ),
            (
                other_version(Some(app())),
                "Kennel Was Updated",
                "flatpak run io.github.kennel.Kennel",
                Way::Close,
            ),
            (
                other_version(None),
                "Kennel Was Updated",
                "kennel-desktop",
                Way::Close,
            ),
            (
                StartError::OtherArchitecture {
                    app: app(),
                    made_for: "x86_64".to_owned(),
                    computer: "aarch64".to_owned(),
                },
                "Kennel Is for Another Computer",
                "flatpak install --arch=aarch64 io.github.kennel.Kennel",
                Way::Close,
            ),
        ] {
            let reason = Reason::of(&error);
            assert_eq!(reason.title, title);
            assert_eq!(reason.commands, [command]);
            assert_eq!(reason.way, way, "{title}");
            assert!(!reason.text.is_empty());
        }
        let versions = Reason::of(&other_version(None)).text;
        assert!(versions.contains("version 3"), "{versions}");
    }

    #[test]
    fn an_engine_that_says_why_is_quoted() {
        let said = UserError::verbatim(
            "engine",
            "the disk is full",
            "free some space and try again",
        );
        let reason = Reason::of(&StartError::Ended(said));
        assert_eq!(
            reason.text,
            "The disk is full. Free some space and try again."
        );
        assert_eq!(reason.way, Way::TryAgain);
    }

    #[test]
    fn a_missing_program_is_named_with_its_cause() {
        let error = StartError::NotStarted {
            program: "/usr/bin/kennel".into(),
            source: std::io::Error::from_raw_os_error(2),
        };
        let text = Reason::of(&error).text;
        assert!(text.contains("/usr/bin/kennel"), "{text}");
        assert!(text.contains("No such file"), "{text}");
    }
}
