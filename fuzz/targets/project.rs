//! Project files of strangers. The first byte says which format the rest is. A mistake is one line
//! that names a place, and nothing that is accepted is larger than what it was made from allows.
#![no_main]

use std::collections::BTreeMap;
use std::path::Path;

use kennel_engine::project::{ProjectFacts, parse};
use kennel_model::{ProjectFormat, SetupCommand, UserError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let format = match kind % 4 {
        0 => ProjectFormat::Kennel,
        1 => ProjectFormat::Devcontainer,
        2 => ProjectFormat::Assemble,
        _ => ProjectFormat::Toolbox,
    };
    let environment = BTreeMap::from([("BIG".to_owned(), "x".repeat(10_000))]);
    let facts = ProjectFacts {
        folder: Path::new("/home/ada/src/webshop"),
        home: Path::new("/home/ada"),
        environment: &environment,
        reach: &|path| Ok(path.to_owned()),
    };
    match parse(
        format,
        Path::new("/home/ada/src/webshop/file"),
        text,
        &facts,
    ) {
        Ok(pets) => {
            assert!(!pets.is_empty());
            for pet in pets {
                for step in pet.setup.once().chain(&pet.setup.each_start) {
                    if let SetupCommand::Shell(line) = &step.command {
                        assert!(line.len() <= 64 << 10, "a line of {} bytes", line.len());
                    }
                }
                assert!(pet.setup.packages.iter().all(|name| !name.starts_with('-')));
                for mount in &pet.choices.mounts {
                    assert!(mount.target.is_absolute());
                }
                let json = serde_json::to_string(&pet).expect("a proposal is JSON");
                let read: kennel_model::ProjectProposal =
                    serde_json::from_str(&json).expect("it is read");
                assert_eq!(read, pet);
            }
        }
        Err(error) => {
            assert!(!UserError::from(error).what.is_empty());
        }
    }
});
