//! The pet: what a person asked for (spec), and what is shown of it (summary).

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    AlertKind, AlertSettings, Confinement, Digest, FailedStep, HomeMode, HostCommands, HostName,
    HostQuestion, ImageRef, McsPair, NetworkMode, PetId, PetName, PortForward, Preset, Privilege,
    ProcessLabel, ProgramName, SetupPlan, Share, Ulimit, UserError,
};

/// The version of `pet.json` that this program writes and reads.
pub const SPEC_VERSION: u32 = 1;

/// `pets/<id>/pet.json`: everything needed to start the pet, readable by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PetSpec {
    /// [`SPEC_VERSION`]; a reader of another version refuses.
    pub version: u32,
    /// Stable identity.
    pub id: PetId,
    /// The name a person chose; mutable.
    pub name: PetName,
    /// What it was made from.
    pub image: PetImage,
    /// The starting point of what it can reach.
    pub preset: Preset,
    /// Whose home it sees.
    pub home: HomeMode,
    /// Which network it sees.
    pub network: NetworkMode,
    /// What of the host it is given.
    pub shares: Vec<Share>,
    /// The project folder, absolute, mounted at its own path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<PathBuf>,
    /// Further directories and files of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// Wanted limits; what is enforced is read back from the kernel.
    #[serde(default)]
    pub limits: Limits,
    /// When the person is told about it, where that is otherwise than for all pets.
    #[serde(default, skip_serializing_if = "AlertSettings::is_empty")]
    pub alerts: AlertSettings,
    /// Extra environment of every command.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Whether programs inside may gain privileges.
    pub privilege: Privilege,
    /// How much programs inside are held back.
    pub confinement: Confinement,
    /// Whether programs inside may run commands of the host.
    #[serde(default)]
    pub host_commands: HostCommands,
    /// Programs of the host that are in the pet by their names, where it has none of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host_programs: Vec<ProgramName>,
    /// Whose label its processes have where SELinux is on; `None` is the preset's
    /// ([`PetSpec::process_label`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_label: Option<ProcessLabel>,
    /// The categories of its files and processes under the label of containers, since it first had
    /// that; no other pet of the person has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcs: Option<McsPair>,
    /// Its host name, where it is not its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<HostName>,
    /// Ports of the host that lead into its own network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortForward>,
    /// Limits of each of its processes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ulimits: Vec<Ulimit>,
    /// What its PID 1 is.
    #[serde(default)]
    pub init: InitMode,
    /// Where a shell begins when the caller's own directory is not in the pet; absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workdir: Option<PathBuf>,
    /// What is set up in it, once and at each start.
    #[serde(default, skip_serializing_if = "SetupPlan::is_empty")]
    pub setup: SetupPlan,
    /// When it was made, RFC 3339.
    pub created: String,
}

/// The image a pet was made from, pinned by digest: a moved tag changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PetImage {
    /// How the person named it.
    pub reference: ImageRef,
    /// The manifest's digest.
    pub digest: Digest,
    /// The layers' diffIDs, lowest first.
    pub layers: Vec<Digest>,
    /// The image's own environment, `KEY=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
}

/// A directory or file of the host, bound into the pet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// Absolute path on the host.
    pub source: PathBuf,
    /// Absolute path in the pet.
    pub target: PathBuf,
    /// Whether the pet may only read it.
    #[serde(default)]
    pub read_only: bool,
}

/// What a pet's PID 1 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InitMode {
    /// Kennel's own: it reaps and ends, nothing else.
    #[default]
    Kennel,
    /// The image's own, such as systemd, for background services.
    Image,
}

/// What a person wants a pet to be held to; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Processor time in thousandths of a core: 1500 is one and a half cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_millis: Option<u64>,
    /// Memory in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Swap space in bytes, beside the memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<u64>,
    /// Number of processes and threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pids: Option<u64>,
    /// Its share of the processor when several want it, from 1 to 10 000; `None` is 100, what
    /// everything has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_weight: Option<u64>,
}

/// What a pet is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PetState {
    /// Its PID 1 runs.
    Running,
    /// Nothing of it runs.
    Stopped,
    /// It is being made or started.
    Creating,
    /// Its last start failed; the log says why.
    Failed,
}

impl PetState {
    /// The word shown to a person and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Creating => "creating",
            Self::Failed => "failed",
        }
    }
}

/// A pet in a list: `kennel list --json` and the window's sidebar. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetSummary {
    /// Stable identity.
    pub id: PetId,
    /// Its name.
    pub name: PetName,
    /// What it is doing.
    pub state: PetState,
    /// How the person named its image.
    pub image: ImageRef,
    /// The image's manifest digest.
    pub digest: Digest,
    /// Its preset.
    pub preset: Preset,
    /// Its project folder.
    pub project: Option<PathBuf>,
    /// When it was made, RFC 3339.
    pub created: String,
    /// Why the last start failed, when `state` is `failed`, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The same for an app, which says it in the person's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<UserError>,
    /// Whether it runs, and goes on as it was before an edit until it is restarted.
    #[serde(default)]
    pub restart_needed: bool,
    /// The step of its setup that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_failed: Option<FailedStep>,
    /// What the person is told about it now.
    #[serde(default)]
    pub alerts: Vec<AlertKind>,
    /// Commands of its programs that wait for the person's word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<HostQuestion>,
}

impl PetSpec {
    /// The host name inside.
    pub fn host_name(&self) -> HostName {
        self.hostname
            .clone()
            .unwrap_or_else(|| HostName::from(&self.name))
    }

    /// The summary of this pet in `state`.
    pub fn summary(&self, state: PetState, error: Option<UserError>) -> PetSummary {
        PetSummary {
            id: self.id.clone(),
            name: self.name.clone(),
            state,
            image: self.image.reference.clone(),
            digest: self.image.digest.clone(),
            preset: self.preset,
            project: self.project.clone(),
            created: self.created.clone(),
            problem: error.as_ref().map(UserError::to_string),
            error,
            restart_needed: false,
            questions: Vec::new(),
            setup_failed: None,
            alerts: Vec::new(),
        }
    }
}
