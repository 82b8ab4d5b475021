//! What the dialog begins with: a folder or file that was dropped on the window or opened with
//! it, or an image that was pasted. It is filled in only: the person creates the pet.

use std::path::{Path, PathBuf};

use kennel_model::ImageRef;
use relm4::gtk::gio;
use relm4::gtk::prelude::*;

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
    /// From something on the disk; a project file stands for its folder.
    pub fn at(path: &Path) -> Self {
        if path.is_dir() {
            return if path.join("oci-layout").is_file() {
                Self::File(path.to_owned())
            } else {
                Self::Folder(path.to_owned())
            };
        }
        match project_of(path) {
            Some(folder) => Self::Folder(folder.to_owned()),
            None => Self::File(path.to_owned()),
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
            Some(path) => path.exists().then(|| Self::at(&path)),
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

    #[test]
    fn a_project_file_stands_for_its_folder_and_another_file_is_an_image() {
        let folder = |path: &str| Start::Folder(path.into());
        assert_eq!(
            Start::at(Path::new("/none/shop/kennel.toml")),
            folder("/none/shop")
        );
        let nested = Path::new("/none/shop/.devcontainer/web/devcontainer.json");
        assert_eq!(Start::at(nested), folder("/none/shop"));
        assert_eq!(Start::at(Path::new("/usr")), folder("/usr"));
        let archive = Path::new("/none/debian.tar");
        assert_eq!(Start::at(archive), Start::File(archive.into()));
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
