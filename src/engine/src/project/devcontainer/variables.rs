//! The variables of devcontainer.json (containers.dev, “Variables in devcontainer.json”).

use sha2::{Digest as _, Sha256};

use crate::project::ProjectFacts;
use crate::project::error::{ProjectError, Source};

/// The longest text that variables may make of another, in bytes.
const LIMIT: usize = 32 << 10;

/// What variables stand for.
pub struct Variables<'a> {
    /// The file.
    pub source: Source<'a>,
    /// The folder and the person's environment.
    pub facts: &'a ProjectFacts<'a>,
    /// The project folder in the pet.
    pub workspace: String,
}

impl Variables<'_> {
    /// `text`, which stands at byte `at`, with its variables replaced once: what they stand for is
    /// not looked at again. `${containerEnv:…}` is left for when the image is known, and what is no
    /// variable of a devcontainer for the shell.
    pub fn expand(&self, at: usize, text: &str) -> Result<String, ProjectError> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            let (before, variable) = (&rest[..start], &rest[start..=start + length]);
            expanded.push_str(before);
            match self.value(&variable[2..variable.len() - 1]) {
                Some(value) => expanded.push_str(&value),
                None => expanded.push_str(variable),
            }
            if expanded.len() > LIMIT {
                break;
            }
            rest = &rest[start + length + 1..];
        }
        expanded.push_str(rest);
        if expanded.len() > LIMIT {
            let what = "this is longer than 32 KiB with its variables";
            return Err(self.source.error(at, what, "make it shorter"));
        }
        Ok(expanded)
    }

    fn value(&self, name: &str) -> Option<String> {
        let folder = self.facts.folder;
        let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let local = || folder.to_string_lossy().into_owned();
        if let Some(wanted) = name
            .strip_prefix("localEnv:")
            .or_else(|| name.strip_prefix("env:"))
        {
            let (name, default) = wanted.split_once(':').unwrap_or((wanted, ""));
            let value = self.facts.environment.get(name);
            return Some(value.map_or(default, String::as_str).to_owned());
        }
        match name {
            "localWorkspaceFolder" => Some(local()),
            "localWorkspaceFolderBasename" => Some(base(&local())),
            "containerWorkspaceFolder" => Some(self.workspace.clone()),
            "containerWorkspaceFolderBasename" => Some(base(&self.workspace)),
            "devcontainerId" => Some(self.id()),
            _ => None,
        }
    }

    /// The same for the same file at every time, and for no other.
    fn id(&self) -> String {
        let path = self.source.path.as_os_str().as_encoded_bytes();
        let hash: [u8; 32] = Sha256::digest(path).into();
        kennel_model::Digest::from_sha256(&hash).short().to_owned()
    }
}
