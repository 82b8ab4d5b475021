//! What is done once inside a new pet, and at each start: packages and commands.

use serde::{Deserialize, Serialize};

use crate::{Phrase, quoted};

/// Who runs a command of the setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetupUser {
    /// The person, as in a terminal.
    #[default]
    Person,
    /// The pet's root, who is nobody on the host.
    Root,
}

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetupCommand {
    /// A line for `/bin/sh -c`.
    Shell(String),
    /// A program and its arguments.
    Program(Vec<String>),
}

/// One command of the setup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupStep {
    /// What it is called in the log and in errors, such as `postCreateCommand` or `setup 2`.
    pub name: String,
    /// What is run.
    pub command: SetupCommand,
    /// Who runs it.
    #[serde(default)]
    pub user: SetupUser,
    /// After how many seconds it is ended; `None` is [`SetupStep::PATIENCE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
}

impl SetupStep {
    /// How many seconds a step may take that does not say: half an hour.
    pub const PATIENCE: u64 = 30 * 60;
}

impl std::fmt::Display for SetupCommand {
    /// As it would be typed, for a person to read.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shell(line) => f.write_str(line),
            Self::Program(words) => {
                // One argument must not look like two, or like another command.
                let words: Vec<String> = words.iter().map(|word| typed(word)).collect();
                f.write_str(&words.join(" "))
            }
        }
    }
}

/// `word` as it would be typed: quoted where a shell would not take it as it is.
fn typed(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-+=.,:/@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        quoted(word)
    }
}

/// A step that did not end well; nothing after it was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedStep {
    /// What it is called.
    pub name: String,
    /// How it ended, such as “status 100”.
    #[serde(flatten, with = "crate::phrase::field::how")]
    pub how: Phrase,
}

/// Everything that is set up in a pet. It needs to be agreed to before the pet is made: a project
/// file comes from whoever wrote the project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetupPlan {
    /// The locale to make once, such as `de_DE.UTF-8`, where the image can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Packages to install once, by the names of the image's distribution.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// Commands to run once, before the packages: what makes a package manager know of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<SetupStep>,
    /// Commands to run once, in this order, after the packages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub once: Vec<SetupStep>,
    /// Commands to run at each start, after [`Self::once`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each_start: Vec<SetupStep>,
}

impl SetupPlan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.locale.is_none()
            && self.packages.is_empty()
            && self.first.is_empty()
            && self.once.is_empty()
            && self.each_start.is_empty()
    }

    /// Everything that runs once, in its order.
    pub fn once(&self) -> impl Iterator<Item = &SetupStep> {
        self.first.iter().chain(&self.once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_shown_apart() {
        let program = |words: &[&str]| {
            SetupCommand::Program(words.iter().map(|word| (*word).to_owned()).collect()).to_string()
        };
        assert_eq!(program(&["npm", "ci", "--no-audit"]), "npm ci --no-audit");
        assert_eq!(program(&["sh", "-c", "a; b", ""]), "sh -c 'a; b' ''");
    }
}
