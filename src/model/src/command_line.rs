//! Whether the person can type `kennel` in a terminal of this computer.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where the command is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandLine {
    /// What of it is there.
    pub state: CommandState,
    /// The link that can be made: `~/.local/bin/kennel`.
    pub link: PathBuf,
    /// Whether a shell looks for programs in the link's directory.
    pub in_path: bool,
}

/// What of the command is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum CommandState {
    /// A package of the system has it: no link is needed.
    OfSystem {
        /// Its path.
        program: PathBuf,
    },
    /// The link is there.
    Linked,
    /// There is none.
    Absent,
    /// A file that is not Kennel's is where the link would be.
    InTheWay,
}
