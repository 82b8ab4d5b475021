//! Archives that want out, hide things or blow up.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod attributes;
#[path = "../common/mod.rs"]
mod common;
mod names;
mod sizes;
mod whiteouts;

use std::path::Path;

use common::{Lab, Tar, listing};
use kennel_engine::extract::{ExtractError, ExtractLimits, UnpackReport, unpack_stage};
use kennel_model::ImageSource;
use proptest::prelude::*;

fn limits() -> ExtractLimits {
    ExtractLimits {
        tolerate_chown: true,
        disk_reserve: 0,
        ..ExtractLimits::default()
    }
}

/// Unpacks into `in/` of a fresh directory and checks that nothing else in it changed.
fn unpack_with(
    tar: &[u8],
    limits: &ExtractLimits,
    look: impl FnOnce(&Path),
) -> Result<UnpackReport, ExtractError> {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("in");
    std::fs::create_dir(&target).unwrap();
    std::fs::write(dir.path().join("outside"), b"safe").unwrap();
    let outcome = unpack_stage(tar, &target, limits);
    look(&target);
    kennel_engine::extract::remove_tree(&target).unwrap();
    assert_eq!(listing(dir.path()), [dir.path().join("outside")]);
    assert_eq!(std::fs::read(dir.path().join("outside")).unwrap(), b"safe");
    outcome
}

fn unpack(tar: &[u8], look: impl FnOnce(&Path)) -> Result<UnpackReport, ExtractError> {
    unpack_with(tar, &limits(), look)
}

fn xattr(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 256];
    let length = rustix::fs::lgetxattr(path, name, &mut value).ok()?;
    value.truncate(length);
    Some(value)
}

/// One PAX record.
fn record(key: &str, value: &str) -> Vec<u8> {
    let tar = Tar::default().pax(key, value).cut();
    let length = tar[512..].iter().rposition(|byte| *byte == b'\n').unwrap();
    tar[512..=512 + length].to_vec()
}

#[test]
fn a_hostile_root_file_system_leaves_no_trace() {
    let lab = Lab::new();
    let tar = Tar::default().file("ok", b"x").file("../evil", b"x").done();
    lab.refused(&ImageSource::Rootfs(lab.write("r.tar", &tar)));
    assert!(!lab.dir.path().join("store/tmp/evil").exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_sequence_of_entries_gets_out(
        steps in prop::collection::vec((0u8..5, "[ab./]{1,8}", "(\\.\\./|/|[ab]/){0,3}(outside|a|b|\\.\\.)"), 1..12)
    ) {
        let tar = steps.iter().fold(Tar::default(), |tar, (kind, name, link)| match kind {
            0 => tar.file(name, b"evil"),
            1 => tar.dir(name),
            2 => tar.symlink(name, link),
            3 => tar.hardlink(name, link),
            _ => tar.file(&format!("{name}/outside"), b"evil"),
        });
        let _ = unpack(&tar.done(), |_| {});
    }

    #[test]
    fn noise_never_panics(noise in prop::collection::vec(any::<u8>(), 0..4096)) {
        let _ = unpack(&noise, |_| {});
    }
}
