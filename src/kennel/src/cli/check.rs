//! `kennel image check`: whether registries have newer images.

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{Freshness, ImageRef, ImageSource, ImageSummary, UserError};
use serde::Serialize;

use super::output::print_json;

/// One image and the answer about it.
#[derive(Serialize)]
struct Checked {
    reference: ImageRef,
    #[serde(flatten)]
    freshness: Freshness,
}

/// Asks about the image that `text` names, or about all that were fetched; says each answer at once.
pub fn run(kennel: &Kennel, text: Option<&str>, json: bool) -> Result<(), UserError> {
    let images = match text {
        Some(text) => vec![named(kennel, text)?],
        None => fetched(kennel)?,
    };
    if images.is_empty() && !json {
        println!("No image on this computer came from a registry.");
        return Ok(());
    }
    let answers = images.into_iter().map(|reference| Checked {
        freshness: kennel.freshness(&reference),
        reference,
    });
    if json {
        return print_json(&answers.collect::<Vec<_>>());
    }
    for answer in answers {
        println!("{}", line(&answer));
    }
    Ok(())
}

fn named(kennel: &Kennel, text: &str) -> Result<ImageRef, UserError> {
    match kennel.image_source(text)? {
        ImageSource::Reference(reference) => {
            let store = kennel.store()?;
            store.image(&reference).map_err(KennelError::from)?;
            Ok(reference)
        }
        _ => Err(UserError::verbatim(
            "bad-reference",
            format!("{text} is a file, not an image of a registry"),
            "name an image that “kennel image list” shows",
        )),
    }
}

fn fetched(kennel: &Kennel) -> Result<Vec<ImageRef>, UserError> {
    let images = kennel.store()?.images().map_err(KennelError::from)?;
    let was_fetched = |image: &ImageSummary| {
        let origin = image.origin.as_ref();
        origin.is_some_and(|origin| origin.tag_digest.is_some())
    };
    Ok(images
        .into_iter()
        .filter(was_fetched)
        .map(|image| image.reference)
        .collect())
}

fn line(checked: &Checked) -> String {
    let reference = &checked.reference;
    match &checked.freshness {
        Freshness::UpToDate => format!("{reference}: up to date"),
        Freshness::Newer { .. } => format!(
            "{reference}: a newer image is available: fetch it with “kennel image pull {reference}”; \
             pets stay as they are"
        ),
        Freshness::Unknown { error } => format!("{reference}: could not ask: {error}"),
    }
}
