//! The one error a person sees: what happened, and what to do.

use serde::{Deserialize, Serialize};

use crate::{Phrase, phrase};

/// Kennel's own exit statuses, the same as a shell's and toolbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Kennel could not do it (also: root is refused).
    Kennel = 125,
    /// The command was found but could not be executed.
    NotExecutable = 126,
    /// The command was not found.
    NotFound = 127,
}

/// An error for a person. Printed as `kennel: what happened: what to do`, one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserError {
    /// A stable word for programs and translators, such as `image-not-found`.
    pub kind: String,
    /// What happened, in a sentence without a full stop.
    #[serde(flatten, with = "crate::phrase::field::what")]
    pub what: Phrase,
    /// What the person can do about it; perhaps empty.
    #[serde(flatten, with = "crate::phrase::field::todo")]
    pub todo: Phrase,
    /// The chain of causes, outermost first, for `--verbose` and the log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

impl UserError {
    /// An error with no further cause.
    pub fn new(kind: &str, what: Phrase, todo: Phrase) -> Self {
        Self {
            kind: kind.to_owned(),
            what,
            todo,
            causes: Vec::new(),
        }
    }

    /// One that nobody translates: only a terminal shows it, or it is in the person's language.
    pub fn verbatim(kind: &str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(kind, Phrase::verbatim(what), Phrase::verbatim(todo))
    }

    /// Adds the chain of causes of `error`, itself included.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Both in one sentence.
    pub fn phrase(&self) -> Phrase {
        if self.todo.is_empty() {
            return self.what.clone();
        }
        phrase("{what}: {todo}")
            .saying("what", self.what.clone())
            .saying("todo", self.todo.clone())
    }

    /// True when the person asked for the end: not worth an alarm.
    pub fn is_cancelled(&self) -> bool {
        self.kind == Self::CANCELLED
    }

    const CANCELLED: &'static str = "cancelled";

    /// The error of a job that the person cancelled.
    pub fn cancelled() -> Self {
        Self::new(
            Self::CANCELLED,
            phrase("cancelled"),
            phrase("nothing was changed"),
        )
    }
}

impl std::fmt::Display for UserError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.todo.is_empty() {
            self.what.fmt(f)
        } else {
            write!(f, "{}: {}", self.what, self.todo)
        }
    }
}

impl std::error::Error for UserError {}
