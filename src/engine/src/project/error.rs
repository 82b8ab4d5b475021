//! Why a project file was not taken: the place in it, what is wrong there, and what to do.

use std::path::{Path, PathBuf};

use kennel_model::{Position, UserError};

/// Why there is no proposal. Nothing has been made then.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The folder has no project file.
    #[error("{} has no project file", .0.display())]
    None(PathBuf),
    /// The folder has several of the same rank.
    #[error("{} has several project files: {}", folder.display(), list(files))]
    Several {
        /// The folder.
        folder: PathBuf,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// It is there but cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It says something that cannot be followed.
    #[error("{}:{at}: {what}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where in it.
        at: Position,
        /// What is wrong.
        what: String,
        /// What the person can do.
        todo: String,
    },
    /// It describes several pets and none of the wanted name.
    #[error("{} describes no pet “{wanted}”", path.display())]
    NoSuchSection {
        /// The file.
        path: PathBuf,
        /// The name.
        wanted: String,
        /// The names that it has.
        names: Vec<String>,
    },
}

fn list(files: &[PathBuf]) -> String {
    let names = files.iter().map(|file| file.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

impl From<ProjectError> for UserError {
    fn from(error: ProjectError) -> Self {
        let (kind, todo) = match &error {
            ProjectError::None(_) => (
                "no-project-file",
                "name an image with --image, or write a kennel.toml there".to_owned(),
            ),
            ProjectError::Several { .. } => {
                ("several-project-files", "name one with --file".to_owned())
            }
            ProjectError::Read { .. } => (
                "project-file-unreadable",
                "check that it is a text file that you may read".to_owned(),
            ),
            ProjectError::Invalid { todo, .. } => ("bad-project-file", todo.clone()),
            ProjectError::NoSuchSection { names, .. } => (
                "no-such-section",
                format!("it describes {}", names.join(", ")),
            ),
        };
        Self::new(kind, error.to_string(), todo).caused_by(&error)
    }
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
            what: what.into(),
            todo: todo.into(),
        }
    }
}
