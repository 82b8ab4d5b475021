//! Mounts of project files.

use std::path::{Component, Path, PathBuf};

use kennel_model::Mount;

use super::ProjectFacts;
use super::error::{ProjectError, Source};

/// `text` as a path of the host that is there and may be read: absolute, `~/…`, or relative to the
/// project folder.
pub fn source_path(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    at: usize,
    text: &str,
) -> Result<PathBuf, ProjectError> {
    let path = match text.strip_prefix("~/") {
        Some(rest) => facts.home.join(rest),
        None if text == "~" => facts.home.to_owned(),
        None => facts.folder.join(text),
    };
    (facts.reach)(&path).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => format!("{} is not there", path.display()),
            _ => format!("{} cannot be mounted: {error}", path.display()),
        };
        source.error(at, what, "make it, or correct the mount")
    })
}

/// `text` as a path in the pet.
pub fn target_path(source: &Source<'_>, at: usize, text: &str) -> Result<PathBuf, ProjectError> {
    let path = Path::new(text);
    let plain = path
        .components()
        .all(|part| !matches!(part, Component::ParentDir));
    if path.is_absolute() && plain && path != Path::new("/") {
        Ok(path.to_owned())
    } else {
        let what = format!("“{text}” is not an absolute path in the pet");
        Err(source.error(at, what, "begin it with a slash"))
    }
}

/// `SRC[:DST][:ro]`, as on the command line; also `:rw`, and options after it that only say how
/// the files are labelled.
pub fn short_form(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    at: usize,
    text: &str,
) -> Result<Mount, ProjectError> {
    let mut parts = text.split(':');
    let path = source_path(source, facts, at, parts.next().unwrap_or_default())?;
    let mut mount = Mount {
        target: path.clone(),
        source: path,
        read_only: false,
    };
    for part in parts {
        match part {
            _ if part.starts_with('/') => mount.target = target_path(source, at, part)?,
            "ro" => mount.read_only = true,
            "rw" | "z" | "Z" | "rslave" | "rshared" | "rprivate" => {}
            options if options.split(',').any(|option| option == "ro") => mount.read_only = true,
            _ => {
                let what = format!("“{text}” is not SRC[:DST][:ro]");
                return Err(source.error(at, what, "the path in the pet begins with a slash"));
            }
        }
    }
    Ok(mount)
}
