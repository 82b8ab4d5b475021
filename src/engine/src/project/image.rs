//! The image that a project file names.

use kennel_model::{ImageSource, InvalidImageRef};

use super::ProjectFacts;
use super::error::{ProjectError, Source};

/// `text` as it is asked for: a file is one of the project folder, wherever the command is run. A
/// name without a registry may be one of the catalog, which is not known here.
pub fn read(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    at: usize,
    text: &str,
) -> Result<String, ProjectError> {
    match text.parse::<ImageSource>() {
        Err(error @ (InvalidImageRef::Malformed(_) | InvalidImageRef::TooLong)) => {
            Err(source.error(at, error.to_string(), "correct the file"))
        }
        Ok(local) if local.path().is_some() => {
            let prefix = text.split_once(':').map(|(prefix, _)| prefix);
            let prefix = prefix.filter(|prefix| !prefix.contains('/'));
            let path = local.path().map(|path| facts.folder.join(path));
            let path = path.unwrap_or_default();
            Ok(format!("{}:{}", prefix.unwrap_or("file"), path.display()))
        }
        Ok(_) | Err(InvalidImageRef::NoRegistry(_)) => Ok(text.to_owned()),
    }
}

/// `text` as docker reads it: what names no registry is Docker Hub's, and without a tag the latest
/// is meant. So the person sees where it comes from.
pub fn as_docker_reads(text: &str) -> String {
    let (first, below) = text.split_once('/').unwrap_or((text, ""));
    let is_registry = !below.is_empty() && (first.contains(['.', ':']) || first == "localhost");
    let mut full = match (is_registry, below.is_empty()) {
        (true, _) => text.to_owned(),
        (false, true) => format!("docker.io/library/{text}"),
        (false, false) => format!("docker.io/{text}"),
    };
    let last = full.rsplit('/').next().unwrap_or_default();
    if !last.contains([':', '@']) {
        full.push_str(":latest");
    }
    full
}

#[cfg(test)]
mod tests {
    use super::as_docker_reads;

    #[test]
    fn a_short_name_is_docker_hubs() {
        for (text, full) in [
            ("ubuntu", "docker.io/library/ubuntu:latest"),
            ("python:3.13", "docker.io/library/python:3.13"),
            (
                "nodejs/devcontainer:nightly",
                "docker.io/nodejs/devcontainer:nightly",
            ),
            ("ghcr.io/a/b", "ghcr.io/a/b:latest"),
            ("localhost:5000/a:1", "localhost:5000/a:1"),
            ("localhost/a:1", "localhost/a:1"),
        ] {
            assert_eq!(as_docker_reads(text), full);
        }
    }
}
