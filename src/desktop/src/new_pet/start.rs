//! What the dialog begins with: a folder or file that was dropped on the window or opened with
//! it, or an image that was pasted. It is filled in only: the person creates the pet.

use std::path::{Path, PathBuf};

use kennel_model::{ImageRef, UserError};
use relm4::gtk::gio;
use relm4::gtk::prelude::*;

use crate::chosen_file::Chosen;

/// What is filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    /// What is usual.
    #[default]
    Usual,
    /// This project folder.
    Folder(PathBuf),
    /// The image in this file, or in this directory of an OCI layout.
    File(PathBuf),
    /// This image.
    Reference(ImageRef),
}

impl Start {
    /// From something on the disk, which this process sees at `seen` and the engine at `on_host`; a
    /// project file stands for its folder.
    pub fn at(seen: &Path, on_host: &Path) -> Self {
        if seen.is_dir() {
            return if seen.join("oci-layout").is_file() {
                Self::File(on_host.to_owned())
            } else {
                Self::Folder(on_host.to_owned())
            };
        }
        match project_of(on_host) {
            Some(folder) => Self::Folder(folder.to_owned()),
            None => Self::File(on_host.to_owned()),
        }
    }

    /// From something that was dropped or opened.
    ///
    /// # Errors
    ///
    /// When it is not known where the folder is that a pet would have for good. An image is read
    /// once, and what the portal shows of it can be read by the engine, too.
    pub fn of_chosen(chosen: Chosen) -> Result<Self, UserError> {
        match chosen.on_host {
            Ok(on_host) => Ok(Self::at(&chosen.seen, &on_host)),
            Err(error) => match Self::at(&chosen.seen, &chosen.seen) {
                Self::Folder(_) => Err(error),
                image => Ok(image),
            },
        }
    }

    /// From text of the clipboard: a path, a file's address or an image reference, alone on its
    /// line. `None` for other text.
    pub fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.contains('\n') {
            return None;
        }
        let path = if text.starts_with("file:") {
            gio::File::for_uri(text).path()
        } else if let Some(below) = text.strip_prefix("~/") {
            Some(relm4::gtk::glib::home_dir().join(below))
        } else {
            Some(PathBuf::from(text)).filter(|path| path.is_absolute())
        };
        match path {
            Some(path) => path.exists().then(|| Self::at(&path, &path)),
            None => {
                let reference = text.strip_prefix("docker://").unwrap_or(text);
                reference.parse().ok().map(Self::Reference)
            }
        }
    }
}

/// The folder whose project file this is; the names are those of docs/PROJECT-FILES.md.
fn project_of(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    match file.file_name()?.to_str()? {
        "kennel.toml" | ".devcontainer.json" | "assemble.ini" | "distrobox.ini" => Some(folder),
        "devcontainer.json" => {
            let mut above = folder.ancestors();
            let own = above.find(|path| path.ends_with(".devcontainer"));
            own.and_then(Path::parent)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &str) -> Start {
        Start::Folder(path.into())
    }

    #[test]
    fn a_project_file_stands_for_its_folder_and_another_file_is_an_image() {
        let at = |path: &str| Start::at(path.as_ref(), path.as_ref());
        assert_eq!(at("/none/shop/kennel.toml"), folder("/none/shop"));
        let nested = "/none/shop/.devcontainer/web/devcontainer.json";
        assert_eq!(at(nested), folder("/none/shop"));
        assert_eq!(at("/usr"), folder("/usr"));
        assert_eq!(
            at("/none/debian.tar"),
            Start::File("/none/debian.tar".into())
        );
    }

    #[test]
    fn in_a_sandbox_the_path_is_the_hosts_and_the_kind_is_what_is_seen() {
        let of = |seen: &str, on_host: &str| {
            let (seen, on_host) = (seen.into(), Ok(on_host.into()));
            Start::of_chosen(Chosen { seen, on_host }).unwrap()
        };
        // A folder here, and nothing at the host's path.
        assert_eq!(of("/usr", "/none/shop"), folder("/none/shop"));
        // A single file's document has no folder: only the host's path tells which it is in.
        let document = "/run/user/1000/doc/2a7b/kennel.toml";
        assert_eq!(of(document, "/none/shop/kennel.toml"), folder("/none/shop"));
    }

    #[test]
    fn without_the_hosts_path_only_an_image_will_do() {
        let of = |seen: &str| {
            Start::of_chosen(Chosen {
                seen: seen.into(),
                on_host: Err(UserError::verbatim("document", "it cannot be found", "")),
            })
        };
        assert_eq!(
            of("/usr").unwrap_err().what.to_string(),
            "it cannot be found"
        );
        assert!(of("/run/user/1000/doc/2a7b/kennel.toml").is_err());
        let image = "/run/user/1000/doc/2a7b/debian.tar";
        assert_eq!(of(image), Ok(Start::File(image.into())));
    }

    #[test]
    fn pasted_text_is_a_path_an_address_or_an_image_and_else_nothing() {
        let usr = Some(Start::Folder("/usr".into()));
        assert_eq!(Start::of_text(" /usr\n"), usr);
        assert_eq!(Start::of_text("file:///usr"), usr);
        let image = "docker.io/library/debian:13";
        let reference = Some(Start::Reference(image.parse().unwrap()));
        assert_eq!(Start::of_text(image), reference);
        assert_eq!(
            Start::of_text("docker://docker.io/library/debian:13"),
            reference
        );
        for other in [
            "",
            "hello world",
            "/none/such",
            "a\nb",
            "https://example.org/a",
        ] {
            assert_eq!(Start::of_text(other), None, "{other}");
        }
    }
}
