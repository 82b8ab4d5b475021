//! Image references, image sources, digests, names and sizes: whatever is accepted reads back as
//! itself and keeps to its grammar.
#![no_main]

use kennel_model::{Digest, ImageRef, ImageSource, PetName, parse_bytes, parse_cpus};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = text.parse::<ImageRef>() {
        let again: ImageRef = reference
            .as_str()
            .parse()
            .expect("an accepted reference is one");
        assert_eq!(reference, again);
        assert!(
            reference.as_str().starts_with(text),
            "only a tag may be added"
        );
        assert!(reference.as_str().is_ascii());
        assert!(
            !reference.repository().contains(".."),
            "no part leads upwards"
        );
        assert!(reference.as_str().starts_with(reference.repository()));
        assert!(reference.repository().starts_with(reference.registry()));
        assert!(!reference.short().is_empty() && !reference.short().contains('/'));
    }
    if let Ok(ImageSource::Reference(reference)) = text.parse() {
        assert_eq!(text.parse(), Ok(reference));
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.as_str(), text);
        assert_eq!(digest.hex().len(), 64);
    }
    if let Ok(name) = text.parse::<PetName>() {
        assert_eq!(name.as_str(), text);
        assert!(!text.contains(['/', '\0', ',', ':', '=']));
    }
    let _ = parse_bytes(text);
    let _ = parse_cpus(text);
});
