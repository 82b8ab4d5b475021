//! Manifests, indexes and image configurations as a registry or an archive may send them.
//! The first byte picks the media type they are said to have.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else {
        return;
    };
    kennel_engine::store::fuzzing::document(*kind, bytes);
});
