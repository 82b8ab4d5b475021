//! The catalog: the images that come with Kennel (`data/catalog.toml`), those of the company
//! (`/etc/kennel/catalog.d/*.toml`) and the person's own (`$XDG_CONFIG_HOME/kennel/catalog.toml`).
//!
//! A repository that the catalog names is trusted, and its short names may be used in place of
//! whole references. Searching is [`kennel_model::search`], so that the app can do it too.

use std::collections::HashSet;
use std::path::Path;

use kennel_model::{CatalogEntry, CatalogIcon, ImageRef, ImageSource, InvalidImageRef, resolve};
use serde::Deserialize;

use crate::config::{ConfigError, Places, Scope, drop_ins, parse_toml, read_optional};

/// What comes with Kennel.
const BUILT_IN: &str = include_str!("../../../../data/catalog.toml");
/// The version of catalog files that this program reads.
const VERSION: u32 = 1;

/// All entries, the person's first, then the company's, then Kennel's own: for a short name that
/// several have, and for an image that several describe, the first one counts.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The entries.
    pub entries: Vec<CatalogEntry>,
    company: Vec<Scope>,
}

impl Catalog {
    /// Reads them all.
    pub fn load(places: &Places) -> Result<Self, ConfigError> {
        let mut catalog = Self::default();
        catalog.read(&places.person.join("kennel/catalog.toml"))?;
        let own = catalog.entries.len();
        for path in drop_ins(&places.system.join("kennel/catalog.d"), "toml")? {
            catalog.read(&path)?;
        }
        catalog.company = repositories(&catalog.entries[own..]);
        catalog
            .entries
            .extend(parse(BUILT_IN, Path::new("data/catalog.toml"))?);
        let mut seen = HashSet::new();
        catalog
            .entries
            .retain(|entry| seen.insert(entry.reference.clone()));
        Ok(catalog)
    }

    fn read(&mut self, path: &Path) -> Result<(), ConfigError> {
        if let Some(text) = read_optional(path)? {
            self.entries.extend(parse(&text, path)?);
        }
        Ok(())
    }

    /// What the person means by `text`: a local source, a reference, or a short name from here.
    pub fn resolve(&self, text: &str) -> Result<ImageSource, InvalidImageRef> {
        resolve(&self.entries, text)
    }

    /// Marks the entries that are among `images`.
    pub fn mark_downloaded<'a>(&mut self, images: impl IntoIterator<Item = &'a ImageRef>) {
        let images: HashSet<&ImageRef> = images.into_iter().collect();
        for entry in &mut self.entries {
            entry.downloaded = images.contains(&entry.reference);
        }
    }

    /// The repositories of all entries: what is trusted because the catalog names it.
    pub fn repositories(&self) -> Vec<Scope> {
        repositories(&self.entries)
    }

    /// Those that the company's files name.
    pub fn company_repositories(&self) -> Vec<Scope> {
        self.company.clone()
    }
}

fn repositories(entries: &[CatalogEntry]) -> Vec<Scope> {
    let scopes = entries
        .iter()
        .map(|entry| Scope::repository_of(&entry.reference));
    let unique: std::collections::BTreeSet<Scope> = scopes.collect();
    unique.into_iter().collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default, rename = "image")]
    images: Vec<Image>,
}

/// `[[image]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    name: String,
    #[serde(default)]
    release: String,
    reference: ImageRef,
    #[serde(default)]
    icon: CatalogIcon,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    aliases: Vec<Alias>,
}

/// A short name. It must not read as a reference: that would make a registry's image another.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Alias(String);

impl TryFrom<String> for Alias {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".:_-".contains(c);
        let read = text.parse::<ImageSource>();
        if !text.is_empty()
            && text.chars().all(plain)
            && matches!(read, Err(InvalidImageRef::NoRegistry(_)))
        {
            Ok(Self(text))
        } else {
            Err(format!(
                "{text:?} is not a short name: write a word in lower case, such as debian:13"
            ))
        }
    }
}

/// Reads the text of the catalog file at `path`.
pub fn parse(text: &str, path: &Path) -> Result<Vec<CatalogEntry>, ConfigError> {
    let file: File = parse_toml(text, path)?;
    if file.version != VERSION {
        return Err(ConfigError::invalid(
            path,
            format!("this Kennel reads version {VERSION} only"),
        ));
    }
    let entry = |image: Image| CatalogEntry {
        name: image.name,
        release: image.release,
        reference: image.reference,
        icon: image.icon,
        notes: image.notes,
        aliases: image.aliases.into_iter().map(|alias| alias.0).collect(),
        downloaded: false,
    };
    Ok(file.images.into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(dir: &Path) -> Places {
        Places {
            person: dir.join("person"),
            system: dir.join("etc"),
        }
    }

    fn write(path: std::path::PathBuf, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn what_comes_with_kennel_is_sound() {
        let entries = parse(BUILT_IN, Path::new("data/catalog.toml")).unwrap();
        assert!(entries.len() >= 15);
        let mut aliases = HashSet::new();
        for entry in &entries {
            assert!(
                entry.reference.digest().is_none(),
                "{}: a release gets updates",
                entry.reference
            );
            let colour = entry.icon.colour.strip_prefix('#').unwrap_or_default();
            assert!(
                colour.len() == 6 && colour.bytes().all(|b| b.is_ascii_hexdigit()),
                "{colour}"
            );
            assert!(
                !entry.notes.is_empty() && !entry.notes.ends_with('.'),
                "{}",
                entry.title()
            );
            assert!(!entry.aliases.is_empty(), "{}", entry.title());
            for alias in &entry.aliases {
                assert!(aliases.insert(alias.clone()), "{alias} is there twice");
            }
        }
        let names: HashSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        for name in [
            "Fedora",
            "Debian",
            "Ubuntu",
            "Arch Linux",
            "Alpine",
            "Rocky Linux",
            "AlmaLinux",
        ] {
            assert!(names.contains(name), "{name}");
        }
    }

    #[test]
    fn the_persons_file_comes_first_then_the_companys() {
        let dir = tempfile::tempdir().unwrap();
        let places = places(dir.path());
        let image = |reference: &str| {
            format!(
                "version = 1\n[[image]]\nname = \"X\"\nreference = \"{reference}\"\naliases = [\"debian\", \"x\"]\n"
            )
        };
        write(
            places.system.join("kennel/catalog.d/10-team.toml"),
            &image("reg.corp.example/debian:1"),
        );
        let catalog = Catalog::load(&places).unwrap();
        let resolved = |catalog: &Catalog, text: &str| match catalog.resolve(text) {
            Ok(ImageSource::Reference(reference)) => reference.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(resolved(&catalog, "debian"), "reg.corp.example/debian:1");
        assert_eq!(
            resolved(&catalog, "debian:13"),
            "docker.io/library/debian:13"
        );
        assert_eq!(
            catalog.company_repositories(),
            ["reg.corp.example/debian".parse().unwrap()]
        );
        write(
            places.person.join("kennel/catalog.toml"),
            &image("quay.io/me/debian:2"),
        );
        let catalog = Catalog::load(&places).unwrap();
        assert_eq!(resolved(&catalog, "debian"), "quay.io/me/debian:2");
        assert_eq!(catalog.company_repositories().len(), 1);
    }

    #[test]
    fn a_bad_entry_is_refused_with_its_line() {
        for (text, why) in [
            (
                "version = 1\n[[image]]\nname = \"X\"\nreference = \"debian\"",
                "line 4",
            ),
            (
                "version = 1\n[[image]]\nname = \"X\"\nreference = \"a.b/c\"\nalias = []",
                "line 5",
            ),
            (
                "version = 1\n[[image]]\nname = \"X\"\nreference = \"a.b/c\"\naliases = [\"quay.io/x\"]",
                "not a short name",
            ),
            (
                "version = 1\n[[image]]\nname = \"X\"\nreference = \"a.b/c\"\naliases = [\"oci:x\"]",
                "not a short name",
            ),
            ("version = 2", "version 1 only"),
            ("[[image]]", "line"),
        ] {
            let error = parse(text, Path::new("c.toml")).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn downloaded_ones_are_marked() {
        let dir = tempfile::tempdir().unwrap();
        let mut catalog = Catalog::load(&places(dir.path())).unwrap();
        catalog.mark_downloaded(&["docker.io/library/debian:13".parse().unwrap()]);
        let marked: Vec<String> = catalog
            .entries
            .iter()
            .filter(|e| e.downloaded)
            .map(CatalogEntry::title)
            .collect();
        assert_eq!(marked, ["Debian 13"]);
    }
}
