//! What goes on in an open terminal.

use serde::{Deserialize, Serialize};

use crate::PetId;

/// What a shell is at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellState {
    /// The program that has its terminal now, as it is shown; `None` while the shell waits for a
    /// command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The shell's directory in the pet, absolute; `None` where it is not known or no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
}

/// One terminal that the app has open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalState {
    /// The engine's number for it.
    pub terminal: u32,
    /// Whose it is.
    pub pet: PetId,
    /// What its shell is at.
    pub shell: ShellState,
}
