//! Archives that grow, claim more than they have, or end early.

use std::os::unix::fs::MetadataExt as _;

use kennel_engine::extract::{ExtractError, ExtractLimits};
use kennel_model::ImageSource;

use super::common::{Lab, Tar, gzip};
use super::{limits, record, unpack, unpack_with};

#[test]
fn bombs() {
    let small = ExtractLimits {
        output_floor: 1 << 20,
        output_ratio: 20,
        entries: 50,
        ..limits()
    };
    let zeros = gzip(&Tar::default().file("z", &vec![0; 8 << 20]).done());
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
    let zeros = gzip(&vec![0u8; 64 << 20]);
    lab.refused(&ImageSource::OciArchive(lab.write("zeros.tar.gz", &zeros)));
    lab.refused(&ImageSource::File(lab.write("zeros", &zeros)));
}
