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
fn a_sparse_file_may_not_claim_more_than_its_archive_or_the_limit() {
    let huge = u64::MAX.to_string();
    let sparse = |size: &str, map: &str, data: &[u8]| {
        Tar::default()
            .pax_raw(
                &[("GNU.sparse.size", size), ("GNU.sparse.map", map)]
                    .iter()
                    .flat_map(|(key, value)| record(key, value))
                    .collect::<Vec<u8>>(),
            )
            .file("f", data)
            .done()
    };
    unpack(&sparse("1000000", "10,2,999998,2", b"abcd"), |root| {
        let meta = root.join("f").metadata().unwrap();
        assert_eq!((meta.len(), meta.blocks() < 100), (1_000_000, true));
        let bytes = std::fs::read(root.join("f")).unwrap();
        assert_eq!(
            (&bytes[10..12], &bytes[999_998..]),
            (&b"ab"[..], &b"cd"[..])
        );
        assert!(bytes[12..999_998].iter().all(|byte| *byte == 0));
    })
    .unwrap();
    for (size, map, data) in [
        ("10", "8,4", &b"abcd"[..]),      // beyond its size
        ("100", "0,4,2,4", b"abcdefgh"),  // overlapping
        ("100", "50,4,0,4", b"abcdefgh"), // backwards
        ("100", "0,40", b"abcd"),         // more than is stored
        ("100", "0,2", b"abcd"),          // less
        ("100", "0,4,", b"abcd"),
        ("100", "-1,4", b"abcd"),
        ("100", &format!("{huge},4"), b"abcd"),
    ] {
        let error = unpack(&sparse(size, map, data), |_| {}).unwrap_err();
        assert!(
            matches!(error, ExtractError::Damaged { .. }),
            "{size} {map}: {error}"
        );
    }
    let error = unpack(&sparse(&huge, "0,4", b"abcd"), |_| {}).unwrap_err();
    assert!(matches!(error, ExtractError::TooLarge { .. }), "{error}");
    // Form 1.0 with a map that never ends.
    let fields = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.realsize", "9"),
    ];
    let records: Vec<u8> = fields
        .iter()
        .flat_map(|(key, value)| record(key, value))
        .collect();
    let map = [b"99999999\n".as_slice(), &b"1\n".repeat(1 << 20)].concat();
    let error = unpack(
        &Tar::default().pax_raw(&records).file("f", &map).done(),
        |_| {},
    );
    assert!(
        matches!(error, Err(ExtractError::HeaderTooLarge { .. })),
        "{error:?}"
    );
}

/// One PAX record.
fn record(key: &str, value: &str) -> Vec<u8> {
    let tar = Tar::default().pax(key, value).cut();
    let length = tar[512..].iter().rposition(|byte| *byte == b'\n').unwrap();
    tar[512..=512 + length].to_vec()
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
fn an_archive_cut_anywhere_is_noticed() {
    let whole = Tar::default().file("a", &[1; 700]).file("b", b"x").done();
    for cut in (1..whole.len()).step_by(37) {
        match unpack(&whole[..cut], |_| {}) {
            Err(ExtractError::Truncated) => {}
            // Between two entries only the missing end mark tells.
            Ok(report) => {
                assert_eq!(report.complete, cut >= whole.len() - 512, "{cut}");
                assert!(report.complete || cut % 512 == 0, "{cut}");
            }
            other => panic!("{cut}: {other:?}"),
        }
    }
    let lab = Lab::new();
    let cut = Tar::default().file("a", &[1; 700]).cut();
    let error = lab.refused(&ImageSource::Rootfs(lab.write("cut.tar", &cut)));
    assert!(error.to_string().contains("ends early"), "{error}");
}

#[test]
fn what_was_inflated_for_nothing_is_removed() {
    let lab = Lab::new();
    // 64 MiB of zeros in a few KiB: inflated to look for an image, and there is none.
    let zeros = common::gzip(&vec![0u8; 64 << 20]);
    lab.refused(&ImageSource::OciArchive(lab.write("zeros.tar.gz", &zeros)));
    lab.refused(&ImageSource::File(lab.write("zeros", &zeros)));
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
