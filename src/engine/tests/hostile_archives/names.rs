//! Names that lead out, are none, or are in the way of each other.

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

use kennel_engine::extract::ExtractError;
use tar::EntryType;

use super::common::Tar;
use super::unpack;

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
fn names_with_nul_and_without_end() {
    for name in [&b"a\0/../../outside"[..], b"\0", b"a\0b"] {
        for tar in [
            Tar::default().gnu_name(name).file("f", b"x"),
            Tar::default().pax_bytes("path", name).file("f", b"x"),
        ] {
            let error = unpack(&tar.done(), |_| {}).unwrap_err();
            assert!(
                matches!(error, ExtractError::BadPath { .. }),
                "{name:?}: {error}"
            );
        }
    }
    for length in [4096, 5000, 1 << 20] {
        let name = vec![b'a'; length];
        let error = unpack(
            &Tar::default().gnu_name(&name).file("f", b"x").done(),
            |_| {},
        );
        assert!(
            matches!(
                error,
                Err(ExtractError::BadPath { .. } | ExtractError::HeaderTooLarge { .. })
            ),
            "{length}: {error:?}"
        );
    }
    let error = unpack(&Tar::default().symlink("l", "").done(), |_| {}).unwrap_err();
    assert!(matches!(error, ExtractError::BadPath { .. }), "{error}");
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
fn ten_thousand_directories_deep() {
    // A name holds 2047 levels; links get further.
    let deep = "a/".repeat(2000);
    let mut tar = Tar::default().pax("path", &deep).dir("d");
    for turn in 0..5 {
        let below = if turn == 0 {
            deep.clone()
        } else {
            format!("l{}/{deep}", turn - 1)
        };
        tar = tar
            .pax("path", &format!("{below}x"))
            .dir("d")
            .pax("linkpath", &below)
            .symlink(&format!("l{turn}"), "long");
    }
    // Removed again by `unpack`, which a recursion over names or descriptors would not survive.
    unpack(&tar.done(), |root| assert!(root.join("a/a/a/a").is_dir())).unwrap();
}

#[test]
fn what_stands_in_the_way_is_replaced_and_nothing_behind_it() {
    let tar = Tar::default()
        .symlink("d", "../outside")
        .dir("d/")
        .file("d/inner", b"1")
        .file("d", b"2")
        .dir("d/")
        .hardlink("d/self", "d")
        .done();
    let error = unpack(&tar, |_| {}).unwrap_err();
    assert!(
        matches!(error, ExtractError::Io { .. }),
        "a link to a directory: {error}"
    );
    let tar = Tar::default()
        .symlink("d", "../outside")
        .dir("d/")
        .file("d/inner", b"1")
        .file("d", b"2")
        .file("f", b"old, and longer")
        .hardlink("g", "f")
        .file("f", b"new");
    unpack(&tar.done(), |root| {
        assert_eq!(std::fs::read(root.join("d")).unwrap(), b"2");
        assert_eq!(std::fs::read(root.join("f")).unwrap(), b"new");
        assert_eq!(std::fs::read(root.join("g")).unwrap(), b"old, and longer");
    })
    .unwrap();
}

#[test]
fn a_file_as_a_parent_is_an_error() {
    for tar in [
        Tar::default().file("f", b"x").file("f/g", b"y"),
        Tar::default().symlink("f", "nowhere").file("f/g", b"y"),
        Tar::default().symlink("f", "f").file("f/g", b"y"),
        Tar::default()
            .entry(EntryType::Fifo, "f", "", b"")
            .file("f/g", b"y"),
    ] {
        let error = unpack(&tar.done(), |_| {}).unwrap_err();
        assert!(matches!(error, ExtractError::Io { .. }), "{error}");
    }
}
