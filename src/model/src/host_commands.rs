//! Which commands of the host a pet may run, and by which names.

use serde::{Deserialize, Serialize};

/// Whether programs in a pet may run commands on the host, as the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostCommands {
    /// They may: the pet can do whatever the person can.
    On,
    /// The person is asked before each, but for those that they allowed for good.
    Ask,
    /// They may not, and there is nothing inside that could be asked.
    #[default]
    Off,
}

impl HostCommands {
    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Ask => "ask",
            Self::Off => "off",
        }
    }
}

/// A command of a pet that waits for the person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostQuestion {
    /// Which, among those of its pet.
    pub number: u32,
    /// The command as it would be typed.
    pub command: String,
    /// Where it would run.
    pub directory: String,
    /// Variables that were asked for by name, `NAME=value`; a name alone is taken away.
    pub variables: Vec<String>,
    /// When it was asked, RFC 3339.
    pub asked: String,
}

impl HostQuestion {
    /// Whether it can be answered for good: with variables of its own the same command may mean
    /// something else each time.
    pub fn can_be_always(&self) -> bool {
        self.variables.is_empty()
    }
}

/// What the person says to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostAnswer {
    /// It may run this time.
    Once,
    /// It may run, and the same command at any time.
    Always,
    /// It may not run.
    Deny,
}

impl HostAnswer {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Once, Self::Always, Self::Deny];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Always => "always",
            Self::Deny => "deny",
        }
    }

    /// The answer that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word)
    }
}

/// The name of a program of the host that a pet has too, where it has none of that name itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProgramName(String);

/// What a program's name cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not the name of a program: letters, digits and . _ + - without a path")]
pub struct InvalidProgramName(String);

impl ProgramName {
    /// The longest name a file can have.
    const LONGEST: usize = 255;

    /// As it is typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Those that every pet with host commands has from the start.
    pub fn usual() -> Vec<Self> {
        [
            "buildah",
            "docker",
            "docker-compose",
            "flatpak",
            "gio",
            "gnome-open",
            "journalctl",
            "notify-send",
            "podman",
            "podman-compose",
            "rpm-ostree",
            "skopeo",
            "systemctl",
            "toolbox",
            "xdg-open",
        ]
        .map(|name| Self(name.to_owned()))
        .into()
    }
}

impl std::str::FromStr for ProgramName {
    type Err = InvalidProgramName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
        let names_a_file = !matches!(text, "" | "." | "..") && text.len() <= Self::LONGEST;
        // Kennel's own are in the same directory.
        let ours = matches!(text, "kennel" | "flatpak-spawn");
        if names_a_file && !ours && !text.starts_with('-') && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidProgramName(text.to_owned()))
        }
    }
}

impl TryFrom<String> for ProgramName {
    type Error = InvalidProgramName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProgramName> for String {
    fn from(name: ProgramName) -> Self {
        name.0
    }
}

impl std::fmt::Display for ProgramName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_a_plain_name() {
        for good in ["podman", "g++", "python3.13", "a_b-c"] {
            assert!(good.parse::<ProgramName>().is_ok(), "{good}");
        }
        for bad in ["", "..", "a/b", "-x", "a b", "kennel", "flatpak-spawn", "ü"] {
            assert!(bad.parse::<ProgramName>().is_err(), "{bad}");
        }
        for usual in ProgramName::usual() {
            assert!(usual.as_str().parse::<ProgramName>().is_ok());
        }
    }
}
