//! The catalog: images that are known to make good pets, and finding one of them.

use serde::{Deserialize, Serialize};

use crate::{ImageRef, ImageSource, InvalidImageRef};

/// An image that a person can pick by name: `kennel image catalog --json`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogEntry {
    /// The system's name, such as `Fedora`.
    pub name: String,
    /// Its release, such as `43`; empty for one that only rolls on.
    #[serde(default)]
    pub release: String,
    /// Where it is.
    pub reference: ImageRef,
    /// The mark that is drawn for it.
    #[serde(default)]
    pub icon: CatalogIcon,
    /// A sentence for people who do not know it.
    #[serde(default)]
    pub notes: String,
    /// Short names that mean it, such as `fedora` and `fedora:43`; lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether this computer has it already.
    #[serde(default)]
    pub downloaded: bool,
}

/// A mark of the project's own: a shape and a colour, nobody's trademark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogIcon {
    /// The shape's name, such as `spiral`.
    pub mark: String,
    /// `#rrggbb`.
    pub colour: String,
}

impl Default for CatalogIcon {
    fn default() -> Self {
        Self {
            mark: "box".to_owned(),
            colour: "#77767b".to_owned(),
        }
    }
}

impl CatalogEntry {
    /// Name and release, for people.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.release)
            .trim_end()
            .to_owned()
    }

    /// How well the entry answers one word; smaller is better.
    fn rank(&self, word: &str) -> Option<Rank> {
        let (name, release) = (self.name.to_lowercase(), self.release.to_lowercase());
        if self.aliases.iter().any(|alias| alias == word) || name == word {
            Some(Rank::Whole)
        } else if name.starts_with(word)
            || release.starts_with(word)
            || self.aliases.iter().any(|alias| alias.starts_with(word))
        {
            Some(Rank::Start)
        } else if name.contains(word) {
            Some(Rank::Name)
        } else if self.reference.as_str().to_lowercase().contains(word) {
            Some(Rank::Reference)
        } else if self.notes.to_lowercase().contains(word) {
            Some(Rank::Notes)
        } else {
            None
        }
    }
}

/// Where a word was found, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Whole,
    Start,
    Name,
    Reference,
    Notes,
}

/// The entries that answer every word of `query`, best first and otherwise in their order. An
/// empty query is answered by all. Upper and lower case are the same; nothing is guessed.
pub fn search<'a>(entries: &'a [CatalogEntry], query: &str) -> Vec<&'a CatalogEntry> {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<(Rank, &CatalogEntry)> = entries
        .iter()
        .filter_map(|entry| {
            // As good as its worst word.
            let ranks = words.iter().map(|word| entry.rank(word));
            let worst = ranks.collect::<Option<Vec<Rank>>>()?.into_iter().max();
            Some((worst.unwrap_or(Rank::Whole), entry))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// What the person means by `text`: a local source, a whole reference, or a short name of the
/// catalog. A short name that the catalog does not have is refused, never guessed.
pub fn resolve(entries: &[CatalogEntry], text: &str) -> Result<ImageSource, InvalidImageRef> {
    match text.parse() {
        Err(InvalidImageRef::NoRegistry(_)) => {
            let name = text.to_lowercase();
            entries
                .iter()
                .find(|entry| entry.aliases.contains(&name))
                .map(|entry| ImageSource::Reference(entry.reference.clone()))
                .ok_or_else(|| InvalidImageRef::NoRegistry(text.to_owned()))
        }
        parsed => parsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, release: &str, reference: &str, aliases: &[&str]) -> CatalogEntry {
        CatalogEntry {
            name: name.to_owned(),
            release: release.to_owned(),
            reference: reference.parse().unwrap(),
            icon: CatalogIcon::default(),
            notes: "Made for toolboxes".to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            downloaded: false,
        }
    }

    fn entries() -> Vec<CatalogEntry> {
        vec![
            entry(
                "Ubuntu",
                "24.04",
                "quay.io/toolbx/ubuntu-toolbox:24.04",
                &["ubuntu", "ubuntu:24.04"],
            ),
            entry(
                "Fedora",
                "43",
                "registry.fedoraproject.org/fedora-toolbox:43",
                &["fedora", "fedora:43"],
            ),
            entry(
                "Fedora",
                "42",
                "registry.fedoraproject.org/fedora-toolbox:42",
                &["fedora:42"],
            ),
            entry(
                "Debian",
                "13",
                "docker.io/library/debian:13",
                &["debian", "debian:13"],
            ),
        ]
    }

    fn titles(query: &str) -> Vec<String> {
        search(&entries(), query)
            .iter()
            .map(|entry| entry.title())
            .collect()
    }

    #[test]
    fn search_ranks_names_before_references() {
        assert_eq!(titles("FED"), ["Fedora 43", "Fedora 42"]);
        assert_eq!(titles("fedora 42"), ["Fedora 42"]);
        assert_eq!(
            titles("toolbox"),
            ["Ubuntu 24.04", "Fedora 43", "Fedora 42", "Debian 13"]
        );
        assert_eq!(titles("docker.io"), ["Debian 13"]);
        assert_eq!(titles("").len(), 4);
        assert_eq!(titles("fedorra"), Vec::<String>::new());
    }

    #[test]
    fn a_short_name_of_the_catalog_is_a_reference() {
        let resolved = |text: &str| match resolve(&entries(), text) {
            Ok(ImageSource::Reference(reference)) => reference.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(resolved("debian"), "docker.io/library/debian:13");
        assert_eq!(
            resolved("Fedora:42"),
            "registry.fedoraproject.org/fedora-toolbox:42"
        );
        assert_eq!(resolved("quay.io/a/b"), "quay.io/a/b:latest");
    }

    #[test]
    fn a_name_that_the_catalog_lacks_is_never_guessed() {
        for text in ["debian:12", "library/debian", "debia", ""] {
            let refused = resolve(&entries(), text);
            assert_eq!(refused, Err(InvalidImageRef::NoRegistry(text.to_owned())));
        }
    }
}
