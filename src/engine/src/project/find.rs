//! Finding and reading a project file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use kennel_model::{ProjectFormat, ProjectProposal};

use super::error::ProjectError;
use super::{FILE_LIMIT, ProjectFacts, parse};
use crate::account::Account;

/// How many folders of `.devcontainer` are looked at.
const VARIANTS: usize = 100;

/// The project file of `folder` or, where it has none, of the nearest folder above that has. Looked at
/// are folders of the person's own, and no further up than below their home: what others put
/// above is not about this project.
pub fn find(folder: &Path, account: &Account) -> Result<PathBuf, ProjectError> {
    let read = |source| ProjectError::Read {
        path: folder.to_owned(),
        source,
    };
    let start = folder.canonicalize().map_err(read)?;
    for (index, folder) in start.ancestors().enumerate() {
        let own = folder
            .metadata()
            .is_ok_and(|status| status.uid() == account.uid);
        if index > 0 && (!own || folder == account.home) {
            break;
        }
        if let Some(file) = in_folder(folder)? {
            return Ok(file);
        }
    }
    Err(ProjectError::None(start))
}

/// The project file of `folder`: Kennel's own, else a devcontainer's (in the order of the
/// specification), else those of distrobox and toolbox.
fn in_folder(folder: &Path) -> Result<Option<PathBuf>, ProjectError> {
    // Also what cannot be read, such as a link to nowhere: passed over in silence, it would be
    // another file that is followed.
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.symlink_metadata().is_ok());
    for name in [
        "kennel.toml",
        ".devcontainer/devcontainer.json",
        ".devcontainer.json",
    ] {
        if let Some(file) = there(name) {
            return Ok(Some(file));
        }
    }
    for files in [
        variants(&folder.join(".devcontainer")),
        ["assemble.ini", "distrobox.ini"]
            .into_iter()
            .filter_map(there)
            .collect(),
        there("toolbox.conf").into_iter().collect(),
    ] {
        match files.as_slice() {
            [] => {}
            [file] => return Ok(Some(file.clone())),
            _ => {
                return Err(ProjectError::Several {
                    folder: folder.to_owned(),
                    files,
                });
            }
        }
    }
    Ok(None)
}

/// `.devcontainer/NAME/devcontainer.json`, by name.
fn variants(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .take(VARIANTS)
        .map(|entry| entry.path().join("devcontainer.json"))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// The kind of the file `path`, by its name.
fn format(path: &Path) -> ProjectFormat {
    if path.file_name().is_some_and(|name| name == "toolbox.conf") {
        return ProjectFormat::Toolbox;
    }
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match extension.as_ref() {
        "json" | "jsonc" => ProjectFormat::Devcontainer,
        "ini" => ProjectFormat::Assemble,
        _ => ProjectFormat::Kennel,
    }
}

/// The folder that the file `path` is about.
fn folder_of(path: &Path) -> &Path {
    let parent = path.parent().unwrap_or(Path::new("/"));
    let dot = Path::new(".devcontainer");
    let is_dot = |folder: &Path| folder.file_name() == Some(dot.as_os_str());
    match parent.parent() {
        Some(above) if is_dot(parent) => above,
        Some(above) if is_dot(above) => above.parent().unwrap_or(above),
        _ => parent,
    }
}

/// The pets that `path` describes: a project file, or a folder that has one.
pub fn proposals(
    path: &Path,
    account: &Account,
    environment: &BTreeMap<String, String>,
) -> Result<Vec<ProjectProposal>, ProjectError> {
    let read = |source| ProjectError::Read {
        path: path.to_owned(),
        source,
    };
    let file = if path.is_dir() {
        find(path, account)?
    } else {
        // The folder is that of the name, wherever a link leads; only its own name is made true.
        let parent = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let parent = parent.canonicalize().map_err(read)?;
        parent.join(path.file_name().unwrap_or_default())
    };
    let text = read_text(&file).map_err(|source| ProjectError::Read {
        path: file.clone(),
        source,
    })?;
    let facts = ProjectFacts {
        folder: folder_of(&file),
        home: &account.home,
        environment,
        reach: &reach,
    };
    parse(format(&file), &file, &text, &facts)
}

/// All of a regular file, which may be reached by a link.
fn read_text(path: &Path) -> io::Result<String> {
    // A FIFO would be waited for.
    let file = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| io::Error::other("it is not text in UTF-8"))?;
    // Some editors mark the encoding by an invisible first character.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The true path of something that is there and may be read.
fn reach(path: &Path) -> io::Result<PathBuf> {
    let path = path.canonicalize()?;
    rustix::fs::access(&path, rustix::fs::Access::READ_OK)?;
    Ok(path)
}
