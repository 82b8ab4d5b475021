//! What the pet is to be made from.

use std::path::{Path, PathBuf};

use gettextrs::gettext;
use kennel_model::CatalogEntry;

/// The person's choice.
#[derive(Debug)]
pub enum Choice {
    /// Nothing yet.
    None,
    /// An image of this computer or of a registry.
    Image(CatalogEntry),
    /// An image in a file.
    File(PathBuf),
}

impl Choice {
    /// The chosen image, if it is not a file.
    pub fn image(&self) -> Option<&CatalogEntry> {
        match self {
            Self::Image(entry) => Some(entry),
            Self::None | Self::File(_) => None,
        }
    }

    /// The chosen file.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::None | Self::Image(_) => None,
        }
    }

    /// What the engine is told, as `kennel_model::ImageSource` reads it.
    pub fn source(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Image(entry) => Some(entry.reference.to_string()),
            Self::File(path) => Some(format!("file:{}", path.display())),
        }
    }

    /// The title of the row that shows it.
    pub fn title(&self) -> String {
        self.image()
            .map_or_else(|| gettext("No Image Selected"), CatalogEntry::title)
    }

    /// What is said below: the whole reference, which tells where it is from.
    pub fn subtitle(&self) -> String {
        match self.image() {
            Some(entry) => entry.reference.to_string(),
            None => gettext("There is no image on this computer yet."),
        }
    }
}
