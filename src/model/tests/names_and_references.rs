//! Texts that people and registries write: whatever is accepted prints as itself and is safe
//! where it is used.

use kennel_model::{Digest, ImageRef, ImageSource, PetId, PetName, parse_bytes, parse_cpus};
use proptest::prelude::*;

/// Parses, prints and parses again; also through JSON.
fn prints_as_itself<T>(text: &str) -> Result<(), TestCaseError>
where
    T: std::str::FromStr + std::fmt::Display + PartialEq + std::fmt::Debug,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let json = serde_json::to_string(text).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let from_json = serde_json::from_str::<T>(&json).ok();
    let Ok(value) = text.parse::<T>() else {
        prop_assert_eq!(from_json, None, "JSON accepts what FromStr refuses");
        return Ok(());
    };
    prop_assert!(
        value
            .to_string()
            .parse::<T>()
            .is_ok_and(|again| again == value)
    );
    prop_assert_eq!(
        serde_json::to_string(&value).ok(),
        Some(format!("{:?}", value.to_string()))
    );
    prop_assert_eq!(from_json, Some(value));
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_refused_or_prints_as_itself(text in "\\PC{0,80}|[a-z0-9._:@/-]{0,80}") {
        prints_as_itself::<PetName>(&text)?;
        prints_as_itself::<PetId>(&text)?;
        prints_as_itself::<Digest>(&text)?;
        prints_as_itself::<ImageRef>(&text)?;
    }

    #[test]
    fn a_pet_name_is_safe_in_a_path_a_unit_and_a_mount_option(text in "[ -~]{0,70}") {
        let expected = (1..=63).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.chars().all(|c| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '-')
            });
        prop_assert_eq!(text.parse::<PetName>().is_ok(), expected);
    }

    #[test]
    fn a_suggested_name_is_a_name(text in "\\PC{0,100}") {
        if let Some(name) = PetName::suggest(&text) {
            prop_assert_eq!(name.as_str().parse::<PetName>(), Ok(name));
        }
    }

    #[test]
    fn an_id_from_a_random_number_is_an_id(number in any::<u64>()) {
        let id = PetId::from_random(number);
        prop_assert_eq!(id.as_str().parse::<PetId>(), Ok(id));
    }

    #[test]
    fn a_digest_of_bytes_is_a_digest(bytes in any::<[u8; 32]>()) {
        let digest = Digest::from_sha256(&bytes);
        prop_assert_eq!(digest.as_str().parse::<Digest>(), Ok(digest.clone()));
        prop_assert_eq!(digest.hex().len(), 64);
        prop_assert!(digest.hex().starts_with(digest.short()));
    }

    #[test]
    fn a_whole_reference_is_accepted(
        registry in "([a-z][a-z0-9]{0,8}\\.){1,3}[a-z]{2,5}(:[1-9][0-9]{0,3})?|localhost",
        path in "[a-z0-9]{1,10}(/[a-z0-9]{1,10}){0,3}",
        tag in "[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}",
        digest in any::<[u8; 32]>(),
    ) {
        let digest = Digest::from_sha256(&digest);
        for text in [
            format!("{registry}/{path}:{tag}"),
            format!("{registry}/{path}@{digest}"),
            format!("{registry}/{path}:{tag}@{digest}"),
        ] {
            prop_assert_eq!(text.parse::<ImageRef>().map(|it| it.to_string()), Ok(text));
        }
        let bare = format!("{registry}/{path}");
        prop_assert_eq!(bare.parse::<ImageRef>().map(|it| it.to_string()), Ok(format!("{bare}:latest")));
    }

    #[test]
    fn a_reference_never_leads_out_of_a_directory(text in "[a-z0-9./:@-]{1,60}") {
        if let Ok(reference) = text.parse::<ImageRef>() {
            prop_assert!(!reference.as_str().split('/').any(|part| matches!(part, "" | "." | "..")));
        }
    }

    #[test]
    fn a_path_is_a_file_and_a_prefix_says_what_it_is(path in "[a-z0-9/._ -]{1,40}") {
        for start in ["/", "./", "../"] {
            let text = format!("{start}{path}");
            let expected = ImageSource::File(text.clone().into());
            prop_assert_eq!(text.parse(), Ok(expected.clone()));
            prop_assert_eq!(format!("file:{text}").parse(), Ok(expected));
        }
        prop_assert_eq!(
            format!("oci-archive:{path}").parse(),
            Ok(ImageSource::OciArchive(path.into()))
        );
    }

    #[test]
    fn sizes_are_what_was_typed(number in 1u64..4096, unit in 0usize..5) {
        let (letter, factor) = [("", 1), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1u64 << 40)][unit];
        let long = if letter.is_empty() { "B".to_owned() } else { format!("{letter}iB") };
        for text in [format!("{number}{letter}"), format!("{number}{}", letter.to_lowercase()), format!(" {number} {long}")] {
            prop_assert_eq!(parse_bytes(&text), Ok(number * factor), "{}", text);
        }
    }

    #[test]
    fn any_size_is_refused_or_positive(text in "\\PC{0,20}|[-+0-9.eEkmgtibKMGTIB ]{0,12}") {
        if let Ok(bytes) = parse_bytes(&text) {
            prop_assert!(bytes > 0);
        }
        if let Ok(millis) = parse_cpus(&text) {
            prop_assert!((10..=10_000_000).contains(&millis));
        }
    }
}

#[test]
fn limits_that_would_mean_no_limit_are_refused() {
    for text in [
        "0", "-1", "inf", "nan", "infinity", "1e400", "", "M", "1MM", "1BB",
    ] {
        assert!(parse_bytes(text).is_err(), "{text}");
        assert!(parse_cpus(text).is_err(), "{text}");
    }
}
