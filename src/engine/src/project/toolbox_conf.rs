//! `toolbox.conf` of toolbox: a default image and nothing else (toolbox.conf(5)).

use kennel_model::{Choices, ProjectFormat, ProjectProposal, SetupPlan};

use super::error::{ProjectError, Source};
use super::node::{self, Fields};
use super::{ProjectFacts, image, toml_file};

/// The pet that toolbox would make without any option.
pub fn parse(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
) -> Result<ProjectProposal, ProjectError> {
    let mut file = Fields::new(*source, toml_file::parse(source)?, "the file")?;
    let general = file.take("general");
    file.finish()?;
    let missing = || {
        source.error(
            0,
            "the file names neither an image nor a distribution",
            "add image = \"…\" below [general]",
        )
    };
    let mut general = Fields::new(*source, general.ok_or_else(missing)?, "general")?;
    let image = general.text("image")?;
    let distribution = general.text("distro")?;
    let release = match general.take("release") {
        Some(node) => Some(node::text_or_number(source, "release", node)?),
        None => None,
    };
    general.finish()?;
    let (image_at, image) = match (image, distribution) {
        (Some((at, name)), _) => (at, image::read(source, facts, at, &name)?),
        (None, Some((at, name))) => toolbox_image(&name, release.as_deref())
            .map(|image| (at, image))
            .ok_or_else(|| {
                let what = format!("it is not known which image toolbox has for “{name}”");
                source.error(at, what, "name the image and the release")
            })?,
        (None, None) => return Err(missing()),
    };
    Ok(ProjectProposal {
        file: source.path.to_owned(),
        format: ProjectFormat::Toolbox,
        name: None,
        name_at: None,
        image,
        image_at: Some(source.position(image_at)),
        forwards: Vec::new(),
        choices: Choices {
            project: Some(facts.folder.to_owned()),
            ..Choices::default()
        },
        setup: SetupPlan::default(),
        notes: Vec::new(),
    })
}

/// The image that toolbox takes for a distribution (its pkg/utils).
fn toolbox_image(name: &str, release: Option<&str>) -> Option<String> {
    let plain = |text: &&str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    };
    let release = release.filter(plain);
    Some(match name {
        "arch" => "quay.io/toolbx/arch-toolbox:latest".to_owned(),
        "fedora" => {
            let release = release?.trim_start_matches(['f', 'F']);
            format!("registry.fedoraproject.org/fedora-toolbox:{release}")
        }
        "rhel" => {
            let (major, _) = release?.split_once('.')?;
            format!("registry.access.redhat.com/ubi{major}/toolbox:{}", release?)
        }
        "ubuntu" => format!("quay.io/toolbx/ubuntu-toolbox:{}", release?),
        _ => return None,
    })
}
