//! `kennel image …`: the images on this computer, and those that it could have.

use std::path::Path;
use std::time::SystemTime;

use kennel_engine::pets::{Kennel, KennelError};
use kennel_engine::trust::{Decision, decide};
use kennel_model::{CatalogEntry, Damage, ImageRef, ImageSource, ImageSummary, UserError, search};

use super::definition::ImageVerb;
use super::output::{age, confirm, megabytes, print_json, table};
use super::progress::TerminalProgress;
use crate::cancel;

/// Does it, and returns the exit status.
pub fn run(kennel: &Kennel, verb: ImageVerb) -> Result<i32, UserError> {
    match verb {
        ImageVerb::Import { source, name } => {
            let source = match source.parse() {
                // What is to be imported is here: any other word is a file's name.
                Err(_) => ImageSource::File(source.into()),
                Ok(ImageSource::Reference(_)) if Path::new(&source).exists() => {
                    ImageSource::File(source.into())
                }
                Ok(source) => source,
            };
            cancel::watch();
            let progress = TerminalProgress::new();
            let store = kennel.store()?;
            let image = store.import(&source, name.as_ref(), &kennel.unpacker(), &progress);
            progress.clear();
            println!("{}", image.map_err(KennelError::from)?.reference);
        }
        ImageVerb::Pull { image, trust } => {
            cancel::watch();
            let progress = TerminalProgress::new();
            let report = kennel.pull(&image, trust, &progress);
            progress.clear();
            println!("{}", report?.image.reference);
        }
        ImageVerb::Check { image, json } => super::check::run(kennel, image.as_deref(), json)?,
        ImageVerb::List { json } => list(&kennel.images()?, json)?,
        ImageVerb::Catalog { words, json } => catalog(kennel, &words.join(" "), json)?,
        ImageVerb::Verify {
            repair,
            trust,
            json,
        } => return verify(kennel, repair.then_some(trust), json),
        ImageVerb::Rm { image, yes } => {
            confirm(yes, &format!("Delete the image {image}?"))?;
            kennel
                .store()?
                .remove_image(&image, &kennel.layers_of_pets()?, &kennel.unpacker())
                .map_err(KennelError::from)?;
        }
        ImageVerb::Prune { yes } => {
            confirm(yes, "Delete what no image and no pet needs?")?;
            let freed = kennel.prune()?;
            println!("{} MB freed", freed / 1_000_000);
        }
    }
    Ok(0)
}

fn list(images: &[ImageSummary], json: bool) -> Result<(), UserError> {
    if json {
        return print_json(&images);
    }
    if images.is_empty() {
        println!("No images yet. “kennel image catalog” shows what there is.");
        return Ok(());
    }
    let now = SystemTime::now();
    let rows = images.iter().map(|image| {
        // Without a measurement only the compressed parts are known.
        let (size, own) = match image.disk {
            Some(disk) => (disk.total(), megabytes(disk.own)),
            None => (image.size, "not known".to_owned()),
        };
        [
            image.reference.to_string(),
            image.system.clone().unwrap_or_default(),
            megabytes(size),
            own,
            image
                .created
                .as_deref()
                .and_then(|created| age(created, now))
                .unwrap_or_default(),
        ]
    });
    table(["NAME", "SYSTEM", "SIZE", "OWN", "AGE"], rows);
    Ok(())
}

/// What the catalog has and this computer's rules do not refuse.
fn catalog(kennel: &Kennel, query: &str, json: bool) -> Result<(), UserError> {
    let (mut catalog, rules) = (kennel.catalog()?, kennel.rules()?);
    let images = kennel.store()?.images().map_err(KennelError::from)?;
    catalog.mark_downloaded(images.iter().map(|image| &image.reference));
    let allowed = |entry: &&CatalogEntry| {
        !matches!(decide(&entry.reference, &rules), Decision::Refused { .. })
    };
    let found: Vec<&CatalogEntry> = search(&catalog.entries, query)
        .into_iter()
        .filter(allowed)
        .collect();
    if json {
        return print_json(&found);
    }
    if found.is_empty() {
        println!("Nothing in the catalog answers “{query}”.");
        return Ok(());
    }
    let rows = found.into_iter().map(|entry| {
        [
            entry.title(),
            entry.aliases.first().cloned().unwrap_or_default(),
            if entry.downloaded { "yes" } else { "" }.to_owned(),
            entry.reference.to_string(),
        ]
    });
    table(["NAME", "SHORT NAME", "DOWNLOADED", "REFERENCE"], rows);
    Ok(())
}

/// Status 0 when all is well, 1 when something is damaged.
/// `repair`: whether to fetch again, and then whether from sources that are not trusted.
fn verify(kennel: &Kennel, repair: Option<bool>, json: bool) -> Result<i32, UserError> {
    cancel::watch();
    let progress = TerminalProgress::new();
    let mut outcome = kennel.verify_images(&progress);
    if let (Ok(damage), Some(trust)) = (&outcome, repair) {
        outcome = kennel.repair_images(damage, trust, &progress, |problem| {
            eprintln!("kennel: note: {problem}");
        });
    }
    progress.clear();
    let damage = outcome?;
    if json {
        print_json(&damage)?;
    } else {
        for one in &damage {
            println!("{}", describe(one));
        }
    }
    if damage.is_empty() {
        if !json {
            println!("Every image is whole.");
        }
        return Ok(0);
    }
    eprintln!("kennel: the image store is damaged: {}", cure(&damage));
    Ok(1)
}

fn describe(damage: &Damage) -> String {
    let image = damage
        .image
        .as_ref()
        .map_or("no image", |image| image.as_str());
    let (part, fault) = (damage.part.as_str(), damage.fault.as_str());
    format!("{image}: {part} {} {fault}", damage.digest.short())
}

/// What to do about it.
fn cure(damage: &[Damage]) -> String {
    let mut images: Vec<&str> = damage
        .iter()
        .filter_map(|one| one.image.as_ref())
        .map(ImageRef::as_str)
        .collect();
    images.sort_unstable();
    images.dedup();
    match images.as_slice() {
        [] => "remove what no image needs with “kennel image prune”".to_owned(),
        [one] => format!("remove it with “kennel image rm {one}”, then fetch or import it again"),
        several => format!(
            "remove these images with “kennel image rm”, then fetch or import them again: {}",
            several.join(", ")
        ),
    }
}
