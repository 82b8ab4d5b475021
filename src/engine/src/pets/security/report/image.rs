//! Where the image came from, and who vouches for it.

use kennel_model::{ReportLine, SignatureState, Topic, phrase, shown};

use super::super::facts::ImageSourceTrust;
use super::Facts;

pub fn lines(facts: &Facts<'_>) -> Vec<ReportLine> {
    let mut lines = vec![source(facts)];
    lines.extend(signature(facts));
    lines
}

fn source(facts: &Facts<'_>) -> ReportLine {
    let image = &facts.spec.image;
    let digest = image.digest.hex();
    let fact = phrase("Made from {image}, pinned to {digest}")
        .with("image", &image.reference)
        .with("digest", digest.get(..12).unwrap_or(digest));
    let from = facts
        .image
        .origin
        .as_ref()
        .map(|origin| shown(&origin.source));
    let (is_good, meaning) = match facts.image.source {
        ImageSourceTrust::Local => (
            false,
            phrase(
                "It was made or brought to this computer as a file: who gave you that vouches for it.",
            ),
        ),
        ImageSourceTrust::Trusted => (
            true,
            phrase(
                "Its source is one that you trust, and a name that moves on changes nothing here.",
            ),
        ),
        ImageSourceTrust::Signed => (
            true,
            phrase(
                "Its source is trusted with a signature, and a name that moves on changes nothing here.",
            ),
        ),
        ImageSourceTrust::Asked => (
            false,
            phrase(
                "Its source is not among those that you trust: you agreed to it when you made the pet.",
            ),
        ),
        ImageSourceTrust::Refused => (
            false,
            phrase("The rules of this computer would refuse its source today."),
        ),
        ImageSourceTrust::Unknown => (
            false,
            phrase(
                "Whether its source is trusted is not known, as the rules about that do not read.",
            ),
        ),
    };
    let line = if is_good {
        ReportLine::good
    } else {
        ReportLine::note
    };
    let meaning = match from {
        Some(from) => phrase("{meaning} It came from {source}.")
            .saying("meaning", meaning)
            .with("source", from),
        None => meaning,
    };
    line(Topic::Image, fact, meaning)
}

fn signature(facts: &Facts<'_>) -> Option<ReportLine> {
    // A file has no place where a signature would be.
    let is_local = facts.image.source == ImageSourceTrust::Local;
    Some(match facts.image.signature() {
        Some(signed @ SignatureState::Verified { .. }) => ReportLine::good(
            Topic::Signature,
            phrase("Its image is {signed}").saying("signed", signed.phrase()),
            phrase("It is to the byte what the holder of that key signed."),
        ),
        _ if is_local => return None,
        Some(SignatureState::NotRequired) => ReportLine::note(
            Topic::Signature,
            phrase("Nothing asks for a signature of its image"),
            phrase("Its registry vouches for it, and nobody beside."),
        ),
        None => ReportLine::note(
            Topic::Signature,
            phrase("Whether its image was signed is not known"),
            phrase(
                "The image is no longer in the store, or came there before that was written down.",
            ),
        ),
    })
}
