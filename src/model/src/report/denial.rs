//! What a security module refused a pet.

use serde::{Deserialize, Serialize};

use crate::{Phrase, phrase};

/// One refusal. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// When, RFC 3339.
    pub time: String,
    /// The program, as the kernel names it: at most 15 bytes.
    pub program: String,
    /// What it wanted: permissions of SELinux, such as `read` and `open`.
    pub wanted: Vec<String>,
    /// The kind of thing, such as `file` or `tcp_socket`.
    pub class: String,
    /// Its name or path, where the kernel tells it.
    pub object: Option<String>,
    /// Its type in the policy, such as `user_home_t`.
    pub object_type: Option<String>,
    /// Whether it was refused; else it was only written down, as SELinux was permissive.
    pub refused: bool,
}

impl Denial {
    /// In one line, without the time: “cat: read file “shadow” (shadow_t)”.
    pub fn describe(&self) -> Phrase {
        let mut text = format!(
            "{}: {} {}",
            self.program,
            self.wanted.join(", "),
            self.class
        );
        if let Some(object) = &self.object {
            text.extend([" “", object, "”"]);
        }
        if let Some(object_type) = &self.object_type {
            text.extend([" (", object_type, ")"]);
        }
        if self.refused {
            Phrase::verbatim(text)
        } else {
            phrase("{what}, written down but not refused").with("what", text)
        }
    }
}

/// What is known of refusals. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Denials {
    /// SELinux is not on: there are none.
    NotApplicable,
    /// The pet does not run, so that nothing tells which would be its own.
    NotRunning,
    /// The log cannot be read.
    Unreadable {
        /// Why.
        reason: String,
        /// The command that changes it, where there is one.
        command: Option<String>,
    },
    /// Those of the last day, newest first, ten at most.
    Read {
        /// They.
        last: Vec<Denial>,
    },
}
