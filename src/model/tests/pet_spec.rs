//! `pet.json`: what is written is read back the same; what is not understood is refused.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;

use kennel_model::{
    Bound, Change, Choices, Confinement, Conflict, CreateRequest, Digest, HomeMode, LimitChoices,
    Mount, NetworkMode, PetId, PetImage, PetName, PetSpec, Preset, Privilege, SPEC_VERSION,
    SetupPlan, Share,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn path() -> impl Strategy<Value = PathBuf> {
    "(/[^/\\p{C}]{1,20}){1,4}".prop_map(PathBuf::from)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(|bytes| Digest::from_sha256(&bytes))
}

fn image() -> impl Strategy<Value = PetImage> {
    let reference = "[a-z]{1,8}\\.[a-z]{2,4}/[a-z]{1,10}:[a-z0-9]{1,8}";
    (
        reference,
        digest(),
        vec(digest(), 1..5),
        vec("[A-Z]{1,5}=\\PC{0,10}", 0..3),
    )
        .prop_map(|(reference, digest, layers, env)| PetImage {
            reference: reference.parse().unwrap(),
            digest,
            layers,
            env,
        })
}

fn request() -> impl Strategy<Value = CreateRequest> {
    let mount = (path(), path(), any::<bool>()).prop_map(|(source, target, read_only)| Mount {
        source,
        target,
        read_only,
    });
    let limits = (
        option::of((10u64..100_000).prop_map(Bound::At)),
        option::of((1u64..1 << 62).prop_map(Bound::At)),
        option::of(Just(Bound::Unlimited)),
    )
        .prop_map(|(cpu_millis, memory, pids)| LimitChoices {
            cpu_millis,
            memory,
            swap: memory,
            pids,
            cpu_weight: pids,
        });
    let shares = || subsequence(Share::ALL.to_vec(), 0..=Share::ALL.len());
    (
        (
            option::of("[a-z0-9][a-z0-9_.-]{0,20}".prop_map(|name| name.parse().unwrap())),
            option::of(select(Preset::ALL.to_vec())),
            option::of(path()),
            option::of(select(vec![HomeMode::Shared, HomeMode::Private])),
            option::of(select(vec![
                NetworkMode::Host,
                NetworkMode::Private,
                NetworkMode::None,
            ])),
        ),
        (
            shares(),
            shares(),
            vec(mount, 0..3),
            limits,
            btree_map("[A-Z_]{1,8}", "\\PC{0,12}", 0..3),
        ),
    )
        .prop_map(
            |((name, preset, project, home, network), (share, no_share, mounts, limits, env))| {
                CreateRequest {
                    name,
                    image: "localhost/debian:13".to_owned(),
                    choices: Choices {
                        preset,
                        project,
                        home,
                        network,
                        share,
                        no_share,
                        mounts,
                        limits,
                        env,
                        ..Choices::default()
                    },
                    setup: SetupPlan::default(),
                    trust: false,
                }
            },
        )
}

fn spec() -> impl Strategy<Value = PetSpec> {
    (request(), image(), any::<u64>()).prop_map(|(request, image, id)| {
        let name: PetName = request
            .name
            .clone()
            .unwrap_or_else(|| "pet".parse().unwrap());
        let created = "2026-01-02T03:04:05Z".to_owned();
        PetSpec::from_request(request, PetId::from_random(id), name, image, created).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(spec in spec(), request in request()) {
        let text = serde_json::to_string_pretty(&spec).unwrap();
        prop_assert_eq!(serde_json::from_str::<PetSpec>(&text).unwrap(), spec);
        let text = serde_json::to_string(&request).unwrap();
        prop_assert_eq!(serde_json::from_str::<CreateRequest>(&text).unwrap(), request);
    }

    /// A field of a later version may be a restriction: to pass over it would be to drop it.
    #[test]
    fn an_unknown_field_is_refused_everywhere(spec in spec(), field in "new_[a-z]{1,10}") {
        let whole = serde_json::to_value(&spec).unwrap();
        for place in ["", "/image", "/limits", "/mounts/0"] {
            let mut value = whole.clone();
            let Some(object) = value.pointer_mut(place).and_then(|it| it.as_object_mut()) else {
                prop_assert_eq!(place, "/mounts/0");
                continue;
            };
            object.insert(field.clone(), true.into());
            prop_assert!(serde_json::from_value::<PetSpec>(value).is_err(), "in {:?}", place);
        }
    }

    #[test]
    fn a_missing_field_is_never_guessed(spec in spec()) {
        let whole = serde_json::to_value(&spec).unwrap();
        for field in ["version", "id", "name", "image", "preset", "home", "network", "shares", "privilege", "confinement"] {
            let mut value = whole.clone();
            value.as_object_mut().unwrap().remove(field);
            prop_assert!(serde_json::from_value::<PetSpec>(value).is_err(), "without {}", field);
        }
    }

    /// What a person takes away stays away, whatever the preset or a flag gives.
    #[test]
    fn a_share_taken_away_is_not_there(request in request(), image in image()) {
        let taken = request.choices.no_share.clone();
        let asked = request.choices.share.clone();
        let preset = request.choices.preset.unwrap_or_default();
        let spec = PetSpec::from_request(
            request, PetId::from_random(1), "pet".parse().unwrap(), image, String::new(),
        ).unwrap();
        for share in Share::ALL {
            let expected = (asked.contains(&share) || preset.shares().contains(&share)) && !taken.contains(&share);
            prop_assert_eq!(spec.shares.contains(&share), expected, "{}", share);
        }
        prop_assert_eq!(spec.version, SPEC_VERSION);
    }
}

fn sealed() -> PetSpec {
    let request: CreateRequest = serde_json::from_value(serde_json::json!({
        "name": "pet", "image": "localhost/debian:13", "choices": { "preset": "sealed" },
    }))
    .unwrap();
    let image = PetImage {
        reference: "localhost/debian:13".parse().unwrap(),
        digest: Digest::from_sha256(&[0; 32]),
        layers: Vec::new(),
        env: Vec::new(),
    };
    let name = "pet".parse().unwrap();
    PetSpec::from_request(request, PetId::from_random(1), name, image, String::new()).unwrap()
}

fn choices(value: serde_json::Value) -> Choices {
    serde_json::from_value(value).unwrap()
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let before = sealed();
    let after = before
        .clone()
        .edited(choices(
            serde_json::json!({ "network": "private", "ports": ["8080:80"] }),
        ))
        .unwrap();
    assert_eq!(after.ports.len(), 1);
    assert_eq!(after.change_since(&before), Some(Change::AtNextStart));
    let back = after
        .edited(choices(
            serde_json::json!({ "network": "none", "no_ports": [8080] }),
        ))
        .unwrap();
    assert_eq!(back, before);
    assert_eq!(back.change_since(&before), None);
}

#[test]
fn an_edit_with_a_preset_takes_all_its_rows() {
    let comfortable = sealed()
        .edited(choices(
            serde_json::json!({ "preset": "comfortable", "no_share": ["x11"] }),
        ))
        .unwrap();
    assert_eq!(comfortable.home, HomeMode::Shared);
    assert_eq!(comfortable.privilege, Privilege::Sudo);
    assert_eq!(comfortable.confinement, Confinement::Light);
    assert!(
        comfortable.shares.contains(&Share::Wayland) && !comfortable.shares.contains(&Share::X11)
    );
}

#[test]
fn only_limits_hold_at_once() {
    let before = sealed();
    let limited = before
        .clone()
        .edited(choices(
            serde_json::json!({ "limits": { "memory": { "at": 1 << 30 } } }),
        ))
        .unwrap();
    assert_eq!(limited.change_since(&before), Some(Change::AtOnce));
    let without = limited
        .clone()
        .edited(choices(
            serde_json::json!({ "limits": { "memory": "unlimited" } }),
        ))
        .unwrap();
    assert_eq!(without.limits.memory, None);
}

#[test]
fn choices_that_do_not_go_together_are_refused() {
    let refused = |value| sealed().edited(choices(value)).unwrap_err();
    assert_eq!(
        refused(serde_json::json!({ "privilege": "sudo" })),
        Conflict::SudoNeedsCapabilities
    );
    assert_eq!(
        refused(serde_json::json!({ "init": "image" })),
        Conflict::InitNeedsPrivilege
    );
    assert!(matches!(
        refused(serde_json::json!({ "ports": ["80"] })),
        Conflict::PortsNeedPrivateNetwork(_)
    ));
}

#[test]
fn the_label_follows_the_preset_unless_it_is_chosen() {
    use kennel_model::{McsPair, ProcessLabel, Unusable};
    assert_eq!(sealed().process_label(), ProcessLabel::Container);
    assert!(sealed().unusable_in_container_label().is_empty());
    // A spec of before there was this row.
    let mut old = serde_json::to_value(sealed()).unwrap();
    old.as_object_mut().unwrap().remove("process_label");
    let old: PetSpec = serde_json::from_value(old).unwrap();
    assert_eq!(old.process_label(), ProcessLabel::Container);
    let chosen = old
        .clone()
        .edited(choices(serde_json::json!({ "process_label": "person" })))
        .unwrap();
    assert_eq!(chosen.process_label(), ProcessLabel::Person);
    assert_eq!(chosen.change_since(&old), Some(Change::AtNextStart));
    let comfortable = chosen
        .edited(choices(serde_json::json!({ "preset": "comfortable" })))
        .unwrap();
    assert_eq!(comfortable.process_label(), ProcessLabel::Person);
    assert_eq!(
        comfortable.unusable_in_container_label().first(),
        Some(&Unusable::Home)
    );
    // Categories are given, not chosen: no restart is due for them.
    let given = PetSpec {
        mcs: McsPair::new(1, 2).ok(),
        ..sealed()
    };
    assert_ne!(given.change_since(&sealed()), Some(Change::AtNextStart));
}

#[test]
fn the_command_line_has_the_last_word_over_a_project_file() {
    let file: Choices = serde_json::from_value(serde_json::json!({
        "preset": "project", "network": "none", "share": ["ssh-agent"], "no_share": ["audio"],
        "mounts": [{ "source": "/a", "target": "/data" }, { "source": "/b", "target": "/b" }],
        "ports": ["8080:80"], "limits": { "memory": { "at": 4 }, "pids": { "at": 9 } },
        "env": { "A": "file", "B": "file" },
    }))
    .unwrap();
    let typed: Choices = serde_json::from_value(serde_json::json!({
        "network": "host", "share": ["audio"], "no_share": ["ssh-agent"],
        "mounts": [{ "source": "/c", "target": "/data" }],
        "limits": { "memory": "unlimited" }, "env": { "A": "typed" },
    }))
    .unwrap();
    let merged = typed.over(file);
    let want: Choices = serde_json::from_value(serde_json::json!({
        "preset": "project", "network": "host", "share": ["audio"], "no_share": ["ssh-agent"],
        "mounts": [{ "source": "/c", "target": "/data" }, { "source": "/b", "target": "/b" }],
        "ports": ["8080:80"], "limits": { "memory": "unlimited", "pids": { "at": 9 } },
        "env": { "A": "typed", "B": "file" },
    }))
    .unwrap();
    assert_eq!(merged, want);
}

#[test]
fn what_a_file_says_is_taken_away_by_the_command_line() {
    let chosen: Choices = serde_json::from_value(serde_json::json!({
        "project": "/src", "hostname": "box", "workdir": "/src", "ulimits": ["nofile=1", "core=0"],
    }))
    .unwrap();
    let none: Choices = serde_json::from_value(serde_json::json!({
        "no_project": true, "no_hostname": true, "no_workdir": true, "no_ulimits": ["nofile"],
    }))
    .unwrap();
    let left = none.clone().over(chosen.clone());
    assert_eq!(
        (left.project, left.hostname, left.workdir),
        (None, None, None)
    );
    assert_eq!(left.ulimits, chosen.ulimits[1..]);
    // Another one in the same breath stays.
    let both = Choices {
        workdir: Some("/new".into()),
        ..none
    };
    assert_eq!(both.over(chosen).workdir, Some("/new".into()));
}
