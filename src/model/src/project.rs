//! What a project file asks for: shown to the person, who agrees before anything is made or run.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Choices, CreateRequest, NetworkMode, PetName, PortForward, SetupPlan};

/// The kind of a project file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectFormat {
    /// `kennel.toml`, Kennel's own (docs/PROJECT-FILES.md).
    Kennel,
    /// `devcontainer.json` (containers.dev).
    Devcontainer,
    /// The INI file of `distrobox assemble`.
    Assemble,
    /// `toolbox.conf` of toolbox.
    Toolbox,
}

/// A place in a text file, both counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One pet that a project file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectProposal {
    /// The file, absolute.
    pub file: PathBuf,
    /// Its kind.
    pub format: ProjectFormat,
    /// The name that it gives the pet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PetName>,
    /// Where in the file that name stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_at: Option<Position>,
    /// The image, as [`crate::ImageSource`] or the catalog reads it.
    pub image: String,
    /// Where in the file the image stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_at: Option<Position>,
    /// What it chooses; the project folder is always among it.
    #[serde(default)]
    pub choices: Choices,
    /// Ports of the pet that it wants to be reached on this computer, whichever network the pet
    /// gets: one of its own needs them forwarded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwards: Vec<PortForward>,
    /// What it runs.
    #[serde(default)]
    pub setup: SetupPlan,
    /// What it says that is understood and left out, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl ProjectProposal {
    /// What to ask for once the person has agreed. `trust` is their word for an image from a
    /// source that is not trusted: another question than that about the file.
    pub fn request(self, trust: bool) -> CreateRequest {
        let network = self.network();
        let mut choices = self.choices;
        if network == NetworkMode::Private {
            for port in self.forwards {
                let chosen = choices.ports.iter();
                let mut chosen = chosen.map(|other| (other.host, other.transport));
                let unwanted = choices.no_ports.contains(&port.host);
                if !unwanted && !chosen.any(|other| other == (port.host, port.transport)) {
                    choices.ports.push(port);
                }
            }
        }
        CreateRequest {
            name: self.name,
            image: self.image,
            choices,
            setup: self.setup,
            trust,
        }
    }

    /// Every note: also what becomes of the ports that are not forwarded.
    pub fn all_notes(&self) -> Vec<String> {
        let ports: Vec<String> = self.forwards.iter().map(ToString::to_string).collect();
        let ports = ports.join(", ");
        let of_ports = match self.network() {
            _ if ports.is_empty() => None,
            NetworkMode::Host => Some(format!(
                "the pet uses this computer's network, so its ports ({ports}) are reachable here as they are"
            )),
            NetworkMode::None => Some(format!(
                "the pet has no network, so its ports ({ports}) cannot be reached"
            )),
            NetworkMode::Private => None,
        };
        self.notes.iter().cloned().chain(of_ports).collect()
    }

    fn network(&self) -> NetworkMode {
        let preset = self.choices.preset.unwrap_or_default();
        self.choices.network.unwrap_or(preset.network())
    }
}
