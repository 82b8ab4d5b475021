//! `kennel image …`: the images on this computer.

use std::path::Path;

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{Digest, ImageSource, UserError};

use super::definition::ImageVerb;
use super::output::{confirm, print_json};
use super::progress::TerminalProgress;
use crate::cancel;

/// Does it.
pub fn run(kennel: &Kennel, verb: ImageVerb) -> Result<(), UserError> {
    let store = kennel.store()?;
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
        ImageVerb::List { json } => {
            let images = store.images().map_err(KennelError::from)?;
            if json {
                return print_json(&images);
            }
            for image in images {
                println!(
                    "{:<50} {}  {:>6} MB",
                    image.reference,
                    image.digest.short(),
                    image.size / 1_000_000
                );
            }
        }
        ImageVerb::Rm { image, yes } => {
            confirm(yes, &format!("Delete the image {image}?"))?;
            store
                .remove_image(&image, &needed(kennel)?, &kennel.unpacker())
                .map_err(KennelError::from)?;
        }
        ImageVerb::Prune { yes } => {
            confirm(yes, "Delete what no image and no pet needs?")?;
            let downloads = store
                .sweep_downloads(std::time::Duration::ZERO)
                .map_err(KennelError::from)?;
            let freed = downloads
                + store
                    .prune(&needed(kennel)?, &kennel.unpacker())
                    .map_err(KennelError::from)?;
            println!("{} MB freed", freed / 1_000_000);
        }
    }
    Ok(())
}

/// The layers that pets need.
fn needed(kennel: &Kennel) -> Result<Vec<Digest>, UserError> {
    Ok(kennel
        .pets()?
        .into_iter()
        .flat_map(|pet| pet.image.layers)
        .collect())
}
