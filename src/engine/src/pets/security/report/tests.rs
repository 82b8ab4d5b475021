//! The rules, one table a topic: what the kernel says, and what a person reads.

mod confinement;
mod limits;
mod reach;

use kennel_model::{
    Denial, Denials, HomeMode, ImageOrigin, Limit, LimitStatus, PetSpec, Phrase, Preset, Rating,
    ReportLine, ShareSummary, SignatureState, Topic,
};

use super::super::facts::{Facts, ImageFacts, ImageSourceTrust, Obstacle};
use super::super::kernel::{Namespaces, Security, Selinux, SelinuxMode, UserNamespace};
use super::report;

const OWN: &str = "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023";
const CONTAINER: &str = "unconfined_u:unconfined_r:container_t:s0:c12,c345";

/// Everything that a report may depend on, to be changed before it is made.
struct Case {
    spec: PetSpec,
    security: Option<Security>,
    shares: Vec<ShareSummary>,
    image: ImageFacts,
    limits: LimitStatus,
    obstacle: Option<Obstacle>,
    denials: Denials,
    restart_needed: bool,
    network_problem: Option<Phrase>,
}

impl Case {
    /// A running pet as `preset` makes it, on a computer that has all that holds pets.
    fn new(preset: Preset) -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let is_sealed = preset == Preset::Sealed;
        let label = if is_sealed { CONTAINER } else { OWN };
        let private = words(&["user", "mnt", "pid", "ipc", "uts", "cgroup"]);
        let network = words(&["net"]);
        let namespaces = if is_sealed {
            Namespaces {
                private: [private, network].concat(),
                shared: Vec::new(),
            }
        } else {
            Namespaces {
                private,
                shared: network,
            }
        };
        let limit = |held| Limit {
            wanted: Some(held),
            enforced: Some(held),
            reason: None,
        };
        Self {
            spec: PetSpec {
                host_commands: preset.host_commands(),
                ..spec(preset)
            },
            security: Some(Security {
                selinux: Selinux {
                    container: false,
                    mode: SelinuxMode::Enforcing,
                    policy: Some("targeted".to_owned()),
                    label: Some(label.to_owned()),
                },
                apparmor: None,
                userns: UserNamespace {
                    uids: Vec::new(),
                    root_is: Some(100_000),
                },
                seccomp: "filter".to_owned(),
                no_new_privs: is_sealed,
                capabilities: Vec::new(),
                namespaces,
            }),
            shares: preset
                .shares()
                .iter()
                .map(|&share| ShareSummary::of(share, true))
                .collect(),
            image: ImageFacts {
                origin: Some(origin(SignatureState::Verified {
                    keys: vec!["0123456789abcdef0123".to_owned()],
                })),
                source: ImageSourceTrust::Trusted,
            },
            limits: LimitStatus {
                running: true,
                cpu: limit(500),
                memory: limit(256_000_000),
                swap: no_limit(),
                pids: limit(100),
                cpu_weight: Limit {
                    enforced: Some(100),
                    ..no_limit()
                },
                unavailable: None,
            },
            obstacle: None,
            denials: Denials::Read { last: Vec::new() },
            restart_needed: false,
            network_problem: None,
        }
    }

    fn security(&mut self) -> &mut Security {
        self.security.as_mut().unwrap()
    }

    fn report(&self) -> Vec<ReportLine> {
        let selinux = self.security.as_ref();
        report(&Facts {
            spec: &self.spec,
            restart_needed: self.restart_needed,
            selinux: selinux.map_or(SelinuxMode::Disabled, |it| it.selinux.mode),
            own_label: Some(OWN.to_owned()),
            uid: 1000,
            security: self.security.as_ref(),
            network_problem: self.network_problem.as_ref(),
            shares: &self.shares,
            image: self.image.clone(),
            limits: &self.limits,
            obstacle: self.obstacle.clone(),
            denials: &self.denials,
        })
    }

    /// The verdicts on `topic`, and its facts in one text.
    fn of(&self, topic: Topic) -> (Vec<Rating>, String) {
        let lines = self.report().into_iter();
        let these: Vec<ReportLine> = lines.filter(|line| line.topic == topic).collect();
        let facts: Vec<String> = these.iter().map(|line| line.fact.to_string()).collect();
        (
            these.iter().map(|line| line.verdict).collect(),
            facts.join("; "),
        )
    }

    #[track_caller]
    fn assert(&self, topic: Topic, verdict: Rating, words: &str) {
        let (verdicts, facts) = self.of(topic);
        assert_eq!(verdicts, [verdict], "{facts}");
        assert!(facts.contains(words), "“{facts}” lacks “{words}”");
    }
}

fn no_limit() -> Limit {
    Limit {
        wanted: None,
        enforced: None,
        reason: None,
    }
}

fn origin(signature: SignatureState) -> ImageOrigin {
    ImageOrigin {
        source: "quay.io/team/base".to_owned(),
        tag_digest: None,
        fetched: "2026-01-01T00:00:00Z".to_owned(),
        signature,
    }
}

fn spec(preset: Preset) -> PetSpec {
    let digest = format!("sha256:{}", "ab".repeat(32));
    serde_json::from_value(serde_json::json!({
        "version": 1, "id": "0123456789abcdef", "name": "web",
        "image": {"reference": "quay.io/team/base:1", "digest": digest, "layers": []},
        "preset": preset, "home": preset.home(), "network": preset.network(),
        "shares": preset.shares(), "privilege": preset.privilege(),
        "confinement": preset.confinement(), "created": "2026-01-01T00:00:00Z",
    }))
    .unwrap()
}

#[test]
fn a_sealed_pet_where_all_is_had_is_good_throughout() {
    for line in Case::new(Preset::Sealed).report() {
        assert_eq!(line.verdict, Rating::Good, "{line:?}");
    }
}

#[test]
fn a_comfortable_pet_hides_none_of_its_risks() {
    let case = Case::new(Preset::Comfortable);
    case.assert(Topic::Home, Rating::Risk, "Your home folder is shared");
    let (verdicts, facts) = case.of(Topic::Shares);
    for way_out in ["The session bus", "Windows (X11)", "Virtual machines"] {
        assert!(facts.contains(way_out), "{facts}");
    }
    assert_eq!(verdicts.last(), Some(&Rating::Note));
    case.assert(Topic::Network, Rating::Note, "network of this computer");
    case.assert(
        Topic::HostCommands,
        Rating::Risk,
        "commands on this computer",
    );
    case.assert(Topic::Selinux, Rating::Note, "your own label, unconfined_t");
    case.assert(Topic::Sudo, Rating::Note, "sudo gives root inside");
}

#[test]
fn every_line_is_a_fact_and_a_sentence() {
    for preset in Preset::ALL {
        for line in Case::new(preset).report() {
            assert!(!line.fact.to_string().ends_with('.'), "{line:?}");
            assert!(line.meaning.to_string().ends_with('.'), "{line:?}");
            assert!(
                line.change
                    .is_none_or(|it| it.how.to_string().ends_with('.'))
            );
        }
    }
}

#[test]
fn refusals_are_counted_or_it_is_said_why_not() {
    let denial = Denial {
        time: "2026-01-01T00:00:00Z".into(),
        program: "cat".into(),
        wanted: vec!["read".into()],
        class: "file".into(),
        object: None,
        object_type: None,
        refused: true,
    };
    let mut case = Case::new(Preset::Sealed);
    case.assert(Topic::Denials, Rating::Good, "nothing in the last day");
    case.denials = Denials::Read { last: vec![denial] };
    case.assert(Topic::Denials, Rating::Note, "1 refusal in");
    case.denials = Denials::Unreadable {
        reason: "your account may not read the journal".into(),
        command: Some("sudo usermod".into()),
    };
    case.assert(Topic::Denials, Rating::Note, "not readable: your account");
    case.denials = Denials::NotApplicable;
    assert!(case.of(Topic::Denials).0.is_empty());
}

#[test]
fn a_stopped_pet_is_told_as_far_as_it_can_be() {
    let mut case = Case::new(Preset::Comfortable);
    case.security = None;
    case.denials = Denials::NotRunning;
    for limit in [
        &mut case.limits.cpu,
        &mut case.limits.memory,
        &mut case.limits.pids,
    ] {
        limit.enforced = None;
        limit.reason = Some(Phrase::verbatim("it does not run"));
    }
    case.assert(Topic::State, Rating::Note, "It does not run");
    case.assert(Topic::Home, Rating::Risk, "shared");
    case.assert(Topic::Network, Rating::Note, "of this computer");
    for topic in [
        Topic::UserNamespace,
        Topic::Sudo,
        Topic::SystemCalls,
        Topic::CpuLimit,
    ] {
        assert!(case.of(topic).0.is_empty(), "{topic:?}");
    }
    assert_eq!(case.spec.home, HomeMode::Shared);
}

#[test]
fn an_edit_that_waits_for_a_restart_is_said() {
    let mut case = Case::new(Preset::Sealed);
    case.restart_needed = true;
    case.assert(Topic::State, Rating::Note, "changed after it was started");
}
