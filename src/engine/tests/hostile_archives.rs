//! Archives that want out, hide things or blow up.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod common;

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use common::{Lab, Tar, listing};
use kennel_engine::extract::{ExtractError, ExtractLimits, UnpackReport, unpack_stage};
use kennel_model::ImageSource;
use proptest::prelude::*;
use tar::EntryType;

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

#[test]
fn names_that_lead_out() {
    for name in ["../outside", "a/../../outside", ".."] {
        let error = unpack(&Tar::default().file(name, b"evil").done(), |_| {}).unwrap_err();
        assert!(matches!(error, ExtractError::PathEscapes { .. }), "{error}");
    }
    unpack(&Tar::default().file("/etc/x", b"fine").done(), |root| {
        assert!(root.join("etc/x").exists());
    })
    .unwrap();
    unpack(
        &Tar::default()
            .symlink("up", "..")
            .file("up/outside", b"evil")
            .done(),
        |root| {
            assert_eq!(std::fs::read(root.join("outside")).unwrap(), b"evil");
        },
    )
    .unwrap();
    unpack(
        &Tar::default()
            .symlink("out", "../outside")
            .file("out", b"mine")
            .done(),
        |root| {
            assert!(root.join("out").symlink_metadata().unwrap().is_file());
        },
    )
    .unwrap();
    assert!(
        unpack(
            &Tar::default()
                .symlink("e", "/nowhere")
                .file("e/x", b"")
                .done(),
            |_| {}
        )
        .is_err()
    );
    assert!(
        unpack(
            &Tar::default().symlink("/.", "/etc").file("x", b"").done(),
            |_| {}
        )
        .is_err()
    );
    assert!(unpack(&Tar::default().hardlink("h", "../outside").done(), |_| {}).is_err());
    let linked = Tar::default()
        .symlink("up", "..")
        .hardlink("h", "up/outside")
        .file("h", b"evil")
        .done();
    assert!(unpack(&linked, |_| {}).is_err());
    let link = Tar::default()
        .symlink("l", "../outside")
        .hardlink("h", "l")
        .file("h", b"evil")
        .done();
    unpack(&link, |root| {
        assert_eq!(std::fs::read(root.join("h")).unwrap(), b"evil");
    })
    .unwrap();
}

#[test]
fn whiteouts() {
    let tar = Tar::default()
        .dir("d/")
        .file("d/.wh..wh..opq", b"")
        .file("d/.wh.gone", b"")
        .file(".wh.new", b"")
        .file("new/x", b"");
    unpack(&tar.done(), |root| {
        let gone = root.join("d/gone").symlink_metadata().unwrap();
        assert!(gone.file_type().is_char_device() || gone.len() == 0);
        assert!(gone.rdev() == 0);
        assert_eq!(
            xattr(&root.join("d"), "user.overlay.opaque"),
            Some(b"y".to_vec())
        );
        assert_eq!(
            xattr(&root.join("new"), "user.overlay.opaque"),
            Some(b"y".to_vec())
        );
    })
    .unwrap();
    assert!(unpack(&Tar::default().file("a/.wh...", b"").done(), |_| {}).is_err());
}

fn xattr(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut value = vec![0; 256];
    let length = rustix::fs::lgetxattr(path, name, &mut value).ok()?;
    value.truncate(length);
    Some(value)
}

#[test]
fn injected_attributes_are_dropped() {
    let tar = Tar::default()
        .pax("SCHILY.xattr.user.overlay.opaque", "y")
        .dir("d/")
        .pax("SCHILY.xattr.user.kept", "v")
        .file("f", b"x");
    unpack(&tar.done(), |root| {
        assert_eq!(xattr(&root.join("d"), "user.overlay.opaque"), None);
        assert_eq!(xattr(&root.join("f"), "user.kept"), Some(b"v".to_vec()));
    })
    .unwrap();
}

#[test]
fn long_names_modes_and_times() {
    let long = format!("{}/file", ["x".repeat(100).as_str(); 5].join("/"));
    let tar = Tar::default()
        .pax("path", &long)
        .file("short", b"x")
        .dir("d/")
        .file("d/f", b"")
        .entry(EntryType::Fifo, "p", "", b"");
    unpack(&tar.done(), |root| {
        assert!(root.join(&long).exists());
        assert_eq!(root.join("d").metadata().unwrap().mtime(), 1_000_000_000);
        assert_eq!(root.join("d").metadata().unwrap().mode() & 0o7777, 0o755);
        assert!(
            root.join("p")
                .symlink_metadata()
                .unwrap()
                .file_type()
                .is_fifo()
        );
    })
    .unwrap();
}

#[test]
fn bombs() {
    let small = ExtractLimits {
        output_floor: 1 << 20,
        output_ratio: 20,
        entries: 50,
        ..limits()
    };
    let zeros = common::gzip(&Tar::default().file("z", &vec![0; 8 << 20]).done());
    assert!(matches!(
        unpack_with(&zeros, &small, |_| {}),
        Err(ExtractError::TooLarge { .. })
    ));
    let many = (0..60)
        .fold(Tar::default(), |tar, n| tar.file(&n.to_string(), b""))
        .done();
    assert!(matches!(
        unpack_with(&many, &small, |_| {}),
        Err(ExtractError::TooManyEntries { .. })
    ));
    let pax = Tar::default()
        .pax("comment", &"c".repeat(3 << 20))
        .file("f", b"")
        .done();
    assert!(matches!(
        unpack(&pax, |_| {}),
        Err(ExtractError::HeaderTooLarge { .. })
    ));
    let long = Tar::default()
        .pax("path", &"a/".repeat(3000))
        .file("f", b"")
        .done();
    assert!(matches!(
        unpack(&long, |_| {}),
        Err(ExtractError::BadPath { .. })
    ));
    let full = ExtractLimits {
        disk_reserve: u64::MAX,
        ..limits()
    };
    assert!(matches!(
        unpack_with(&Tar::default().file("f", b"x").done(), &full, |_| {}),
        Err(ExtractError::DiskFull)
    ));
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
