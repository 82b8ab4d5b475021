//! Programs of a pet that the host's desktop and command line can be given.

use serde::{Deserialize, Serialize};

use crate::PetName;

/// An app of a pet, as `kennel apps NAME --json` and the window show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetApp {
    /// The name of its desktop file, without the ending.
    pub id: String,
    /// What it calls itself, in the person's language.
    pub name: String,
    /// The name of its icon.
    #[serde(default)]
    pub icon: Option<String>,
    /// The icon itself, a PNG or SVG file in base64; for the window only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Whether it runs in a terminal.
    pub terminal: bool,
    /// Whether the host's desktop shows it.
    pub exported: bool,
}

/// What of a pet is on the host, as `kennel export list --json` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The pet's name.
    pub pet: PetName,
    /// Which kind of thing.
    pub kind: ExportKind,
    /// The app's id, or the command.
    pub name: String,
    /// The file on the host that starts it.
    pub path: std::path::PathBuf,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportKind {
    /// A desktop app.
    App,
    /// A command.
    Bin,
}
