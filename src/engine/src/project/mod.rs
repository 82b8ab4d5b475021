//! Project files: what a folder says about its pet. Each format has a parser that turns a text
//! into a [`ProjectProposal`] and touches nothing; [`find`] finds and reads the file.
//!
//! A project file comes from whoever wrote the project. So nothing is done with a proposal before
//! the person has seen and accepted it, and everything in it is bounded.

mod assemble;
mod devcontainer;
mod error;
mod find;
mod image;
mod kennel_toml;
mod mounts;
mod node;
mod packages;
mod toml_file;
mod toolbox_conf;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use kennel_model::{ProjectFormat, ProjectProposal};

pub use error::ProjectError;
pub use find::{find, proposals};

use error::Source;

/// The largest project file that is read, in bytes.
pub const FILE_LIMIT: u64 = 1 << 20;

/// What a parser may know beside the text.
pub struct ProjectFacts<'a> {
    /// The project folder, absolute.
    pub folder: &'a Path,
    /// The person's home.
    pub home: &'a Path,
    /// The person's environment.
    pub environment: &'a BTreeMap<String, String>,
    /// The true path of something of the host that the person may read.
    pub reach: &'a dyn Fn(&Path) -> io::Result<PathBuf>,
}

/// The pets that `text`, the content of `path`, describes: one, or several for an assemble file.
///
/// # Errors
///
/// The first thing in it that cannot be followed.
pub fn parse(
    format: ProjectFormat,
    path: &Path,
    text: &str,
    facts: &ProjectFacts<'_>,
) -> Result<Vec<ProjectProposal>, ProjectError> {
    let source = Source { path, text };
    match format {
        ProjectFormat::Kennel => kennel_toml::parse(&source, facts).map(|one| vec![one]),
        ProjectFormat::Devcontainer => devcontainer::parse(&source, facts).map(|one| vec![one]),
        ProjectFormat::Assemble => assemble::parse(&source, facts),
        ProjectFormat::Toolbox => toolbox_conf::parse(&source, facts).map(|one| vec![one]),
    }
}

#[cfg(test)]
mod tests;
