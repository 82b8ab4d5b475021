//! What the engine of a computer that has all that pets need answers.

use std::os::fd::OwnedFd;

use kennel_model::{
    AlertDefaults, AlertSettings, Choices, CommandLine, CommandState, Computer, CreateRequest,
    Denials, Finding, ImageSummary, Limit, LimitStatus, PetApp, PetDisk, PetLimits, PetProcess,
    PetProcesses, PetSample, PetSpec, PetState, PetSummary, Phrase, ReportLine, SecurityReport,
    SetupPlan, ShareSummary, Topic, TrustList, UsageSample, UserError, Verdict,
};
use kennel_protocol::{Capabilities, encode};

/// The pet's id.
pub const ID: &str = "00000000000000aa";
/// The pet's name.
pub const NAME: &str = "webshop";
/// The image that the pet was made from.
pub const IMAGE: &str = "docker.io/library/debian:13";

/// An error, with what happened and what to do.
pub fn trouble() -> UserError {
    UserError::verbatim("test", "the disk is on fire", "pour water on it")
}

/// How a dialog says [`trouble`]: heading and text.
pub const TROUBLE: (&str, &str) = ("The disk is on fire", "Pour water on it.");

/// What was chosen about the pet.
pub fn spec() -> PetSpec {
    let request = CreateRequest {
        name: None,
        image: IMAGE.to_owned(),
        choices: Choices::default(),
        setup: SetupPlan::default(),
        trust: false,
    };
    let mut spec = PetSpec::preview(request, NAME.parse().unwrap()).unwrap();
    spec.id = ID.parse().unwrap();
    spec.image.reference = IMAGE.parse().unwrap();
    spec.image.digest = digest();
    spec.created = "2026-01-01T00:00:00Z".to_owned();
    spec
}

/// The pet, which does not run.
pub fn pet() -> PetSummary {
    spec().summary(PetState::Stopped, None)
}

/// The pet, which runs.
pub fn running() -> PetSummary {
    spec().summary(PetState::Running, None)
}

/// The image on this computer.
pub fn image() -> ImageSummary {
    ImageSummary {
        reference: IMAGE.parse().unwrap(),
        digest: digest(),
        size: 50_000_000,
        layers: 1,
        created: None,
        system: Some("Debian GNU/Linux 13 (trixie)".to_owned()),
        origin: None,
        disk: None,
    }
}

fn digest() -> kennel_model::Digest {
    format!("sha256:{}", "a".repeat(64)).parse().unwrap()
}

/// What this computer has.
pub const COMPUTER: Computer = Computer {
    cores: 4,
    memory: 16 << 30,
    swap: 0,
};

/// The limits of the pet, none of which is set; where they cannot be enforced, with why.
pub fn limits(unavailable: Option<Phrase>) -> PetLimits {
    let none = || Limit {
        wanted: None,
        enforced: None,
        reason: None,
    };
    PetLimits {
        status: LimitStatus {
            cpu: none(),
            memory: none(),
            swap: none(),
            pids: none(),
            cpu_weight: none(),
            running: false,
            unavailable,
        },
        computer: COMPUTER,
    }
}

/// What holds the pet.
pub fn report() -> SecurityReport {
    SecurityReport {
        name: NAME.parse().unwrap(),
        state: PetState::Stopped,
        report: vec![ReportLine::good(
            Topic::UserNamespace,
            Phrase::verbatim("Root inside is nobody outside"),
            Phrase::verbatim("It owns nothing of yours."),
        )],
        denials: Denials::NotApplicable,
    }
}

/// An app of the pet, among the person's or not.
pub fn app(exported: bool) -> PetApp {
    PetApp {
        id: "editor.desktop".to_owned(),
        name: "Editor".to_owned(),
        icon: None,
        picture: None,
        terminal: false,
        exported,
    }
}

/// The pet at some moment.
pub fn sample(at_micros: u64) -> UsageSample {
    UsageSample {
        at_micros,
        computer: COMPUTER,
        pets: vec![PetSample {
            id: ID.parse().unwrap(),
            cpu_micros: at_micros / 2,
            memory: 100 << 20,
            processes: 3,
            throttling: None,
            io: None,
            cpu_limit: None,
            memory_limit: None,
            process_limit: None,
        }],
    }
}

/// A process of the pet.
pub fn process() -> PetProcess {
    PetProcess {
        pid: 4242,
        start_time: 1,
        age_millis: 1000,
        inside: 7,
        name: "make".to_owned(),
        command: "make all".to_owned(),
        user: "root".to_owned(),
        cpu_millis: 1,
        memory: 1 << 20,
    }
}

/// The command of the person's terminals.
pub fn command_line(state: CommandState) -> CommandLine {
    CommandLine {
        state,
        link: "/home/mia/.local/bin/kennel".into(),
        in_path: true,
    }
}

/// What is answered to a question.
pub fn answer(method: &str) -> String {
    match method {
        "ListPets" | "ListCatalog" | "Activity" | "ProposeProject" | "Terminals" | "InPet" => {
            "[]".to_owned()
        }
        "ListImages" => encode(&[image()]),
        "ListApps" | "ExportApp" => encode(&[app(false)]),
        "ListShares" => {
            let all = kennel_model::Share::ALL.map(|share| ShareSummary::of(share, true));
            encode(&all.to_vec())
        }
        "JudgeImage" => encode(&Verdict::Present),
        "CheckImage" => encode(&kennel_model::Freshness::UpToDate),
        "TrustList" | "TrustAdd" | "TrustRemove" | "TrustOnly" => encode(&TrustList::default()),
        "CommandLine" | "SetCommandLine" => encode(&command_line(CommandState::Absent)),
        "AlertDefaults" | "SetAlerts" => encode(&AlertDefaults {
            own: AlertSettings::default(),
            thresholds: kennel_model::AlertThresholds::default(),
        }),
        "ShowPet" | "RenamePet" | "ClonePet" => encode(&spec()),
        "EditPet" => encode(&kennel_model::Edited {
            spec: spec(),
            change: None,
            restart_needed: false,
            notice: None,
            limits: None,
        }),
        "PetStatus" => encode(&report()),
        "Doctor" => encode(&[Finding::found(
            kennel_model::Check::Kernel,
            Phrase::verbatim("version 6.12"),
        )]),
        "PetLimits" => encode(&limits(None)),
        "ListProcesses" => encode(&PetProcesses {
            at_micros: 1,
            processes: vec![process()],
        }),
        "PetDisk" => encode(&PetDisk { own: 1, free: 2 }),
        "Capabilities" => encode(&Capabilities {
            selinux: true,
            ..Capabilities::default()
        }),
        "AnswerQuestion" => "null".to_owned(),
        other => panic!("no example of an answer to {other}"),
    }
}

/// The two ends of a terminal.
pub fn terminal() -> (OwnedFd, OwnedFd) {
    let pty = nix::pty::openpty(None, None).unwrap();
    (pty.master, pty.slave)
}
