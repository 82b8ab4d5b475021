//! Why a project file was not taken: the place in it, what is wrong there, and what to do.

use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{Phrase, Position, UserError, phrase, shown};

/// Why there is no proposal. Nothing has been made then.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum ProjectError {
    /// The folder has no project file.
    None(PathBuf),
    /// The folder has several of the same rank.
    Several {
        /// The folder.
        folder: PathBuf,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// It is there but cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that cannot be followed.
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where in it.
        at: Position,
        /// What is wrong.
        what: Phrase,
        /// What the person can do.
        todo: Phrase,
    },
    /// It describes several pets and none of the wanted name.
    NoSuchSection {
        /// The file.
        path: PathBuf,
        /// The name.
        wanted: String,
        /// The names that it has.
        names: Vec<String>,
    },
}

impl ProjectError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::None(folder) => {
                phrase("{folder} has no project file").with("folder", folder.display())
            }
            Self::Several { folder, files } => {
                phrase("{folder} has several project files: {files}")
                    .with("folder", folder.display())
                    .listing("files", files.iter().map(|file| file.display().to_string()))
            }
            Self::Read { path, source } => phrase("{path} cannot be read: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
            Self::Invalid { path, at, what, .. } => phrase("{path}:{place}: {what}")
                .with("path", path.display())
                .with("place", at)
                .saying("what", what.clone()),
            Self::NoSuchSection { path, wanted, .. } => phrase("{path} describes no pet “{name}”")
                .with("path", path.display())
                .with("name", wanted),
        }
    }
}

impl From<ProjectError> for UserError {
    fn from(error: ProjectError) -> Self {
        let (kind, todo) = match &error {
            ProjectError::None(_) => (
                "no-project-file",
                phrase("name an image with --image, or write a kennel.toml there"),
            ),
            ProjectError::Several { .. } => {
                ("several-project-files", phrase("name one with --file"))
            }
            ProjectError::Read { .. } => (
                "project-file-unreadable",
                phrase("check that it is a text file that you may read"),
            ),
            ProjectError::Invalid { todo, .. } => ("bad-project-file", todo.clone()),
            ProjectError::NoSuchSection { names, .. } => (
                "no-such-section",
                phrase("it describes {names}").listing("names", names.clone()),
            ),
        };
        Self::new(kind, error.phrase(), todo).caused_by(&error)
    }
}

/// The longest that is said of what is wrong, in characters.
const WHAT_LIMIT: usize = 400;

/// `what`, which may quote any length of a stranger's text, so that it can be read.
fn abridged(what: &str) -> String {
    let mut shown = shown(what);
    if let Some((end, _)) = shown.char_indices().nth(WHAT_LIMIT) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// The text of a project file, for errors that name a place in it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file.
    pub path: &'a Path,
    /// All of it.
    pub text: &'a str,
}

impl Source<'_> {
    /// Where byte `offset` is.
    pub fn position(&self, offset: usize) -> Position {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The error of what stands at byte `offset`.
    pub fn error(
        &self,
        offset: usize,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) -> ProjectError {
        ProjectError::Invalid {
            path: self.path.to_owned(),
            at: self.position(offset),
            what: Phrase::verbatim(abridged(&what.into())),
            todo: Phrase::verbatim(todo),
        }
    }
}
