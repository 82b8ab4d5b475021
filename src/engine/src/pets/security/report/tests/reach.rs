//! Network, folders, shares, and who vouches for the image.

use std::path::PathBuf;

use kennel_model::{NetworkMode, Preset, Rating, Share, ShareSummary, SignatureState, Topic};

use super::{Case, origin};
use crate::pets::security::facts::{ImageFacts, ImageSourceTrust};

#[test]
fn each_network_in_its_words() {
    let mut case = Case::new(Preset::Sealed);
    case.spec.network = NetworkMode::Private;
    case.assert(Topic::Network, Rating::Good, "of its own");
    case.network_problem = Some(kennel_model::Phrase::verbatim("pasta is not installed"));
    case.assert(Topic::Network, Rating::Note, "pasta is not installed");
    case.network_problem = None;
    case.spec.ports = vec!["8080:80".parse().unwrap()];
    let (verdicts, facts) = case.of(Topic::Network);
    assert_eq!(verdicts, [Rating::Good, Rating::Note], "{facts}");
}

#[test]
fn folders_and_a_hostile_name() {
    let mut case = Case::new(Preset::Sealed);
    case.spec.project = Some(PathBuf::from("/home/me/a\u{1b}[2Jb"));
    case.assert(Topic::Folders, Rating::Note, "a\\u{1b}[2Jb");
}

#[test]
fn a_share_that_this_computer_has_not_is_left_out() {
    let mut case = Case::new(Preset::Sealed);
    case.shares = vec![ShareSummary::of(Share::X11, false)];
    case.assert(Topic::Shares, Rating::Good, "Nothing else");
}

#[test]
fn who_vouches_for_the_image() {
    for (source, signature, verdict, signed) in [
        (
            ImageSourceTrust::Trusted,
            SignatureState::NotRequired,
            Rating::Good,
            vec![Rating::Note],
        ),
        (
            ImageSourceTrust::Asked,
            SignatureState::NotRequired,
            Rating::Note,
            vec![Rating::Note],
        ),
        (
            ImageSourceTrust::Local,
            SignatureState::NotRequired,
            Rating::Note,
            vec![],
        ),
        (
            ImageSourceTrust::Refused,
            SignatureState::NotRequired,
            Rating::Note,
            vec![Rating::Note],
        ),
    ] {
        let mut case = Case::new(Preset::Sealed);
        case.image = ImageFacts {
            origin: Some(origin(signature)),
            source,
        };
        case.assert(Topic::Image, verdict, "pinned to abababababab");
        assert_eq!(case.of(Topic::Signature).0, signed, "{source:?}");
    }
    let mut unknown = Case::new(Preset::Sealed);
    unknown.image.origin = None;
    unknown.assert(Topic::Signature, Rating::Note, "not known");
}
