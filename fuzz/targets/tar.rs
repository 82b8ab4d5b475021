//! A hostile layer may be refused, but never reaches anything outside its directory, never
//! takes more than its limits, and what it leaves can be removed.
#![no_main]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kennel_engine::extract::{ExtractLimits, remove_tree, unpack_stage};
use libfuzzer_sys::fuzz_target;

const LIMITS: ExtractLimits = ExtractLimits {
    output_floor: 1 << 20,
    output_ratio: 200,
    entries: 200,
    path: 4096,
    header: 64 << 10,
    disk_reserve: 0,
    tolerate_chown: true,
};

fuzz_target!(|data: &[u8]| {
    let Some((first, data)) = data.split_first() else {
        return;
    };
    let mut archive = data.to_vec();
    // Random bytes never have the right checksum; most inputs get theirs repaired.
    if first % 4 != 0 {
        repair(&mut archive);
    }
    let outer = tempfile::tempdir().expect("a temporary directory");
    let (target, canary) = (outer.path().join("layer"), outer.path().join("canary"));
    std::fs::create_dir(&target).expect("mkdir");
    std::fs::write(&canary, b"untouched").expect("write");
    std::fs::set_permissions(&canary, std::fs::Permissions::from_mode(0o640)).expect("chmod");
    let report = unpack_stage(&archive[..], &target, &LIMITS);
    if let Ok(report) = report {
        assert!(report.entries <= LIMITS.entries);
    }
    remove_tree(&target).expect("what was unpacked can be removed");
    let meta = canary.symlink_metadata().expect("the canary is there");
    assert!(meta.is_file() && meta.permissions().mode() & 0o7777 == 0o640);
    assert_eq!(std::fs::read(&canary).expect("read"), b"untouched");
    assert_eq!(names(outer.path()), ["canary"]);
});

/// Gives every header a correct checksum and magic, walking as a reader would.
fn repair(archive: &mut [u8]) {
    let mut at = 0;
    while let Some(header) = archive.get_mut(at..at + 512) {
        if header[257] % 2 == 0 {
            header[257..265].copy_from_slice(b"ustar\x0000");
        } else {
            header[257..265].copy_from_slice(b"ustar  \0");
        }
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let digits: String = header[124..136]
            .iter()
            .map(|byte| char::from(*byte))
            .collect();
        let size = usize::from_str_radix(digits.trim_matches(['\0', ' ']), 8).unwrap_or(0);
        at = at
            .saturating_add(512)
            .saturating_add(size.min(1 << 30).next_multiple_of(512));
        if at.checked_add(512).is_none() {
            break;
        }
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .expect("readable")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
