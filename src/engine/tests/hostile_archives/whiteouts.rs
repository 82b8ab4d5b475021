//! What hides files of lower layers, and what it may not hide.

use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

use kennel_engine::extract::ExtractError;

use super::common::Tar;
use super::{unpack, xattr};

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
}

#[test]
fn whiteouts_of_nothing_and_of_the_parent() {
    for name in ["a/.wh.", "a/.wh..", "a/.wh...", ".wh.", ".wh..."] {
        let error = unpack(&Tar::default().file(name, b"").done(), |_| {}).unwrap_err();
        assert!(
            matches!(error, ExtractError::BadPath { .. }),
            "{name}: {error}"
        );
    }
    // Files of aufs itself hide nothing.
    let tar = Tar::default()
        .file("plnk", b"kept")
        .file(".wh..wh.plnk", b"")
        .file(".wh..wh..opq", b"");
    unpack(&tar.done(), |root| {
        assert_eq!(std::fs::read(root.join("plnk")).unwrap(), b"kept");
        assert_eq!(xattr(root, "user.overlay.opaque"), Some(b"y".to_vec()));
    })
    .unwrap();
}

#[test]
fn a_whiteout_hides_lower_layers_and_not_its_own() {
    // Own entries before and after it, a directory and a file each.
    let tar = Tar::default()
        .file("before/x", b"mine")
        .file(".wh.before", b"")
        .file("file-before", b"mine")
        .file(".wh.file-before", b"")
        .file(".wh.file-after", b"")
        .file("file-after", b"mine")
        .symlink("away", "outside-of-it")
        .file(".wh.away", b"");
    unpack(&tar.done(), |root| {
        assert_eq!(std::fs::read(root.join("before/x")).unwrap(), b"mine");
        assert!(xattr(&root.join("before"), "user.overlay.opaque").is_some());
        for name in ["file-before", "file-after"] {
            assert_eq!(std::fs::read(root.join(name)).unwrap(), b"mine");
        }
        assert!(root.join("away").is_symlink());
    })
    .unwrap();
}

#[test]
fn a_whiteout_through_a_link_stays_inside() {
    let tar = Tar::default()
        .symlink("up", "../..")
        .file("up/.wh.outside", b"");
    unpack(&tar.done(), |root| {
        assert_eq!(root.join("outside").symlink_metadata().unwrap().rdev(), 0);
    })
    .unwrap();
}
