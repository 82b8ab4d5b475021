//! What holds a pet, told to its person: lines that each say how it is, what it means and how to
//! change it.

mod denial;
mod text;

use serde::{Deserialize, Serialize};

use crate::{PetName, PetState, Phrase};

pub use denial::{Denial, Denials};
pub use text::{Look, report_text};

/// How good something is for who does not trust what runs in the pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// It holds the pet.
    Good,
    /// Worth knowing; it may be as it should be.
    Note,
    /// It lets the pet out, or is not as it was asked for.
    Risk,
}

impl Rating {
    /// The word shown to a person and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Risk => "risk",
        }
    }
}

/// What a line is about; the order is that of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// That it does not run, so that some things cannot be told.
    State,
    /// SELinux.
    Selinux,
    /// AppArmor.
    Apparmor,
    /// What the kernel refused it lately.
    Denials,
    /// Who its root is on this computer.
    UserNamespace,
    /// What it has of its own and what it shares with this computer.
    Namespaces,
    /// Whether a program inside can become root there.
    Sudo,
    /// The parts of root's power that are left.
    Capabilities,
    /// Whether system calls are filtered.
    SystemCalls,
    /// The home folder.
    Home,
    /// The project folder, and further folders and files.
    Folders,
    /// The network.
    Network,
    /// Commands on this computer.
    HostCommands,
    /// Something of this computer that was given to it.
    Shares,
    /// The image that it was made from.
    Image,
    /// Who signed that image.
    Signature,
    /// Processor time.
    CpuLimit,
    /// Memory and swap.
    MemoryLimit,
    /// Number of processes.
    ProcessLimit,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What the kernel holds it with.
    Held,
    /// What it can reach.
    Reach,
    /// Where it came from.
    Origin,
    /// How much it may use.
    Limits,
}

impl Section {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Held, Self::Reach, Self::Origin, Self::Limits];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Held => "What holds it",
            Self::Reach => "What it can reach",
            Self::Origin => "Where it came from",
            Self::Limits => "How much it may use",
        }
    }
}

impl Topic {
    /// The part of the report that it belongs to.
    pub fn section(self) -> Section {
        match self {
            Self::State
            | Self::Selinux
            | Self::Apparmor
            | Self::Denials
            | Self::UserNamespace
            | Self::Namespaces
            | Self::Sudo
            | Self::Capabilities
            | Self::SystemCalls => Section::Held,
            Self::Home | Self::Folders | Self::Network | Self::HostCommands | Self::Shares => {
                Section::Reach
            }
            Self::Image | Self::Signature => Section::Origin,
            Self::CpuLimit | Self::MemoryLimit | Self::ProcessLimit => Section::Limits,
        }
    }
}

/// Where something is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyPlace {
    /// In the pet's settings.
    Settings,
    /// On this computer, perhaps by its administrator.
    Computer,
}

/// How something can be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// A sentence.
    #[serde(flatten, with = "crate::phrase::field::how")]
    pub how: Phrase,
    /// Where.
    pub place: RemedyPlace,
    /// Commands that do it, to be copied; nothing runs them by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

/// One line of the report. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLine {
    /// What it is about.
    pub topic: Topic,
    /// How good it is.
    pub verdict: Rating,
    /// How it is, in a few words.
    #[serde(flatten, with = "crate::phrase::field::fact")]
    pub fact: Phrase,
    /// What that means, in a sentence.
    #[serde(flatten, with = "crate::phrase::field::meaning")]
    pub meaning: Phrase,
    /// How to change it, where it can be and somebody may want it.
    pub change: Option<Remedy>,
}

impl ReportLine {
    /// A line without a change.
    pub fn new(topic: Topic, verdict: Rating, fact: Phrase, meaning: Phrase) -> Self {
        Self {
            topic,
            verdict,
            fact,
            meaning,
            change: None,
        }
    }

    /// Something that holds the pet.
    pub fn good(topic: Topic, fact: Phrase, meaning: Phrase) -> Self {
        Self::new(topic, Rating::Good, fact, meaning)
    }

    /// Something worth knowing.
    pub fn note(topic: Topic, fact: Phrase, meaning: Phrase) -> Self {
        Self::new(topic, Rating::Note, fact, meaning)
    }

    /// Something that lets the pet out.
    pub fn risk(topic: Topic, fact: Phrase, meaning: Phrase) -> Self {
        Self::new(topic, Rating::Risk, fact, meaning)
    }

    /// With `command`, which changes the pet's settings.
    #[must_use]
    pub fn set_by(mut self, how: Phrase, command: impl Into<String>) -> Self {
        self.change = Some(Remedy {
            how,
            place: RemedyPlace::Settings,
            commands: vec![command.into()],
        });
        self
    }

    /// With what can be done on this computer, if anything.
    #[must_use]
    pub fn mended_by(mut self, how: Phrase, commands: Vec<String>) -> Self {
        self.change = Some(Remedy {
            how,
            place: RemedyPlace::Computer,
            commands,
        });
        self
    }
}

/// What the window reads of `kennel status NAME --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityReport {
    /// The pet's name.
    pub name: PetName,
    /// What it is doing.
    pub state: PetState,
    /// The lines, by section.
    pub report: Vec<ReportLine>,
    /// What the kernel refused it lately.
    pub denials: Denials,
}

impl SecurityReport {
    /// How many lines are `rating`.
    pub fn count(&self, rating: Rating) -> usize {
        let these = self.report.iter().filter(|line| line.verdict == rating);
        these.count()
    }

    /// The worst verdict.
    pub fn worst(&self) -> Rating {
        let verdicts = self.report.iter().map(|line| line.verdict);
        verdicts.max().unwrap_or(Rating::Good)
    }
}
