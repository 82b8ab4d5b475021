//! Attributes, records and devices that an archive has no right to.

use kennel_engine::extract::ExtractError;
use tar::EntryType;

use super::common::Tar;
use super::{unpack, xattr};

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
fn a_record_cannot_hide_in_the_value_of_another() {
    let tar = Tar::default()
        .pax("SCHILY.xattr.user.note", "x\n20 path=../outside\n")
        .file("f", b"x");
    unpack(&tar.done(), |root| {
        let note = xattr(&root.join("f"), "user.note").unwrap();
        assert_eq!(note, b"x\n20 path=../outside\n");
    })
    .unwrap();
    for records in [
        "7 a=b\n",
        "5 a=b\n",
        "x a=b\n",
        "6 ab\n",
        "6 a=bX",
        "99999999999999999999 a=b\n",
    ] {
        let tar = Tar::default().pax_raw(records.as_bytes()).file("f", b"x");
        let error = unpack(&tar.done(), |_| {}).unwrap_err();
        assert!(
            matches!(error, ExtractError::Damaged { .. }),
            "{records:?}: {error}"
        );
    }
}

#[test]
fn devices_are_not_made() {
    let device = |kind| {
        Tar::default()
            .entry(kind, "null", "", b"")
            .with_header(|header| {
                header.set_device_major(1).unwrap();
                header.set_device_minor(3).unwrap();
            })
            .file("after", b"x")
            .done()
    };
    for kind in [EntryType::Char, EntryType::Block] {
        unpack(&device(kind), |root| {
            assert!(root.join("null").symlink_metadata().is_err());
            assert!(root.join("after").exists());
        })
        .unwrap();
    }
}
