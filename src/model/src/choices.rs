//! What a person chooses about a pet, when it is made and at any time after: every row of a
//! preset can be changed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    AlertChoices, AlertSettings, Confinement, Digest, HomeMode, HostCommands, HostName, ImageRef,
    InitMode, LimitStatus, Limits, Mount, NetworkMode, PetId, PetImage, PetName, PetSpec, Phrase,
    PortForward, Preset, Privilege, ProcessLabel, ProgramName, Resource, SPEC_VERSION, SetupPlan,
    Share, Ulimit, phrase,
};

/// Variables that every command of a pet has from Kennel, whatever is chosen.
pub const OWN_VARIABLES: [&str; 6] = [
    "HOME",
    "USER",
    "LOGNAME",
    "XDG_RUNTIME_DIR",
    "container",
    "KENNEL_PET",
];

/// A limit that is set or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// No limit any more.
    Unlimited,
    /// This much.
    At(u64),
}

impl Bound {
    fn value(self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::At(value) => Some(value),
        }
    }
}

/// Limits that are set or taken away; `None` leaves one as it is. Units are those of [`Limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitChoices {
    /// Processor time.
    pub cpu_millis: Option<Bound>,
    /// Memory.
    pub memory: Option<Bound>,
    /// Swap space beside the memory.
    pub swap: Option<Bound>,
    /// Processes and threads.
    pub pids: Option<Bound>,
    /// Share of the processor.
    pub cpu_weight: Option<Bound>,
}

impl LimitChoices {
    fn over(self, base: Self) -> Self {
        Self {
            cpu_millis: self.cpu_millis.or(base.cpu_millis),
            memory: self.memory.or(base.memory),
            swap: self.swap.or(base.swap),
            pids: self.pids.or(base.pids),
            cpu_weight: self.cpu_weight.or(base.cpu_weight),
        }
    }

    fn apply(self, limits: &mut Limits) {
        let set = |limit: &mut Option<u64>, choice: Option<Bound>| {
            if let Some(bound) = choice {
                *limit = bound.value();
            }
        };
        set(&mut limits.cpu_millis, self.cpu_millis);
        set(&mut limits.memory, self.memory);
        set(&mut limits.swap, self.swap);
        set(&mut limits.pids, self.pids);
        set(&mut limits.cpu_weight, self.cpu_weight);
    }
}

/// Everything about a pet that can be chosen beside its name and image. What is `None` or empty
/// follows the preset when a pet is made, and stays as it is when one is edited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// The starting point. In an edit it takes every row of the preset anew, before the others.
    pub preset: Option<Preset>,
    /// The project folder, absolute.
    pub project: Option<PathBuf>,
    /// No project folder, unless [`Self::project`] is one.
    pub no_project: bool,
    /// Whose home it sees.
    pub home: Option<HomeMode>,
    /// Which network it sees.
    pub network: Option<NetworkMode>,
    /// Whether programs inside may gain privileges.
    pub privilege: Option<Privilege>,
    /// How much programs inside are held back.
    pub confinement: Option<Confinement>,
    /// Whether programs inside may run commands of the host.
    pub host_commands: Option<HostCommands>,
    /// Programs of the host to add to those that are in the pet by their names.
    pub host_programs: Vec<ProgramName>,
    /// Programs of the host to take away.
    pub no_host_programs: Vec<ProgramName>,
    /// Whose label its processes have where SELinux is on.
    pub process_label: Option<ProcessLabel>,
    /// Shares to add.
    pub share: Vec<Share>,
    /// Shares to take away, also when they are in [`Self::share`].
    pub no_share: Vec<Share>,
    /// Mounts to add; one with the same target is replaced.
    pub mounts: Vec<Mount>,
    /// Mounts to take away, by target.
    pub no_mounts: Vec<PathBuf>,
    /// Ports to add; one with the same port of the host is replaced.
    pub ports: Vec<PortForward>,
    /// Ports to take away, by port of the host.
    pub no_ports: Vec<u16>,
    /// Limits of the whole pet.
    pub limits: LimitChoices,
    /// When the person is told about it.
    pub alerts: AlertChoices,
    /// Variables to add or replace.
    pub env: BTreeMap<String, String>,
    /// Variables to take away.
    pub no_env: Vec<String>,
    /// The host name inside.
    pub hostname: Option<HostName>,
    /// The host name is the pet's name, unless [`Self::hostname`] is another.
    pub no_hostname: bool,
    /// Limits of each process; one of the same resource is replaced.
    pub ulimits: Vec<Ulimit>,
    /// Limits of each process to take away.
    pub no_ulimits: Vec<Resource>,
    /// What PID 1 is.
    pub init: Option<InitMode>,
    /// Where a shell begins; absolute.
    pub workdir: Option<PathBuf>,
    /// A shell begins in the home, unless [`Self::workdir`] is another folder.
    pub no_workdir: bool,
}

impl Choices {
    /// `base` with these choices made after it: what the command line says over what a project
    /// file says.
    #[must_use]
    pub fn over(mut self, mut base: Self) -> Self {
        base.share.retain(|share| !self.no_share.contains(share));
        base.share.append(&mut self.share);
        base.no_share.retain(|share| !base.share.contains(share));
        base.no_share.append(&mut self.no_share);
        base.host_programs
            .retain(|program| !self.no_host_programs.contains(program));
        base.host_programs.append(&mut self.host_programs);
        base.no_host_programs
            .retain(|program| !base.host_programs.contains(program));
        base.no_host_programs.append(&mut self.no_host_programs);
        base.mounts
            .retain(|mount| !self.no_mounts.contains(&mount.target));
        replace_by(&mut base.mounts, self.mounts, |mount| mount.target.clone());
        base.ports
            .retain(|port| !self.no_ports.contains(&port.host));
        replace_by(&mut base.ports, self.ports, |port| {
            (port.host, port.transport)
        });
        base.ulimits
            .retain(|limit| !self.no_ulimits.contains(&limit.resource));
        replace_by(&mut base.ulimits, self.ulimits, |limit| limit.resource);
        base.env.retain(|name, _| !self.no_env.contains(name));
        base.env.append(&mut self.env);
        Self {
            preset: self.preset.or(base.preset),
            project: self.project.or(base.project.filter(|_| !self.no_project)),
            home: self.home.or(base.home),
            network: self.network.or(base.network),
            privilege: self.privilege.or(base.privilege),
            confinement: self.confinement.or(base.confinement),
            host_commands: self.host_commands.or(base.host_commands),
            process_label: self.process_label.or(base.process_label),
            limits: self.limits.over(base.limits),
            alerts: self.alerts.over(base.alerts),
            hostname: self
                .hostname
                .or(base.hostname.filter(|_| !self.no_hostname)),
            init: self.init.or(base.init),
            workdir: self.workdir.or(base.workdir.filter(|_| !self.no_workdir)),
            ..base
        }
    }
}

/// Choices that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum Conflict {
    /// Ports lead into a network of the pet's own.
    PortsNeedPrivateNetwork(PortForward),
    /// sudo has nothing to give.
    SudoNeedsCapabilities,
    /// An init starts services as other users.
    InitNeedsPrivilege,
}

impl Conflict {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::PortsNeedPrivateNetwork(port) => {
                phrase("port {port} can only lead into a pet with a private network")
                    .with("port", port)
            }
            Self::SudoNeedsCapabilities => phrase(
                "sudo does not work with strict confinement, which leaves root no capability",
            ),
            Self::InitNeedsPrivilege => {
                phrase("the image's own init needs sudo and a confinement below strict")
            }
        }
    }
}

/// What `create` is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateRequest {
    /// The name; `None` proposes one from the project folder or the image.
    pub name: Option<PetName>,
    /// The image, as [`crate::ImageSource`] reads it.
    pub image: String,
    /// What is chosen beside.
    #[serde(default)]
    pub choices: Choices,
    /// What is set up in it.
    #[serde(default)]
    pub setup: SetupPlan,
    /// The person has agreed to an image from a source that is not trusted.
    #[serde(default)]
    pub trust: bool,
}

/// What came of an edit; `kennel edit --json`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The pet as it is now.
    pub spec: PetSpec,
    /// When the change holds; `null` when nothing was otherwise.
    pub change: Option<Change>,
    /// Whether it runs, and goes on as before until it is restarted.
    pub restart_needed: bool,
    /// What of it does not hold, and why.
    #[serde(flatten, with = "crate::phrase::field::notice")]
    pub notice: Option<Phrase>,
    /// Its limits as they hold after the change, read back from the kernel.
    #[serde(default)]
    pub limits: Option<LimitStatus>,
}

/// When what an edit changed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It holds at once.
    AtOnce,
    /// It holds from the next start.
    AtNextStart,
}

impl PetSpec {
    /// The spec that `request` asks for.
    ///
    /// # Errors
    ///
    /// When its choices do not go together.
    pub fn from_request(
        request: CreateRequest,
        id: PetId,
        name: PetName,
        image: PetImage,
        created: String,
    ) -> Result<Self, Conflict> {
        let preset = request.choices.preset.unwrap_or_default();
        let base = Self {
            version: SPEC_VERSION,
            id,
            name,
            image,
            preset,
            home: preset.home(),
            network: preset.network(),
            shares: preset.shares().to_vec(),
            privilege: preset.privilege(),
            confinement: preset.confinement(),
            host_commands: preset.host_commands(),
            host_programs: ProgramName::usual(),
            process_label: Some(preset.process_label()),
            mcs: None,
            project: None,
            mounts: Vec::new(),
            limits: Limits::default(),
            alerts: AlertSettings::default(),
            env: BTreeMap::new(),
            hostname: None,
            ports: Vec::new(),
            ulimits: Vec::new(),
            init: InitMode::default(),
            workdir: None,
            setup: request.setup,
            created,
        };
        base.edited(request.choices)
    }

    /// What the pet `name` that `request` asks for would be, before it is made: of its image and
    /// identity nothing is known.
    ///
    /// # Errors
    ///
    /// When its choices do not go together.
    pub fn preview(request: CreateRequest, name: PetName) -> Result<Self, Conflict> {
        let image = PetImage {
            reference: ImageRef::unknown(),
            digest: Digest::from_sha256(&[0; 32]),
            layers: Vec::new(),
            env: Vec::new(),
        };
        Self::from_request(request, PetId::from_random(0), name, image, String::new())
    }

    /// This spec with `choices` made.
    ///
    /// # Errors
    ///
    /// When the result does not go together; it names what the person chose.
    pub fn edited(mut self, choices: Choices) -> Result<Self, Conflict> {
        if let Some(preset) = choices.preset {
            self.preset = preset;
            self.home = preset.home();
            self.network = preset.network();
            self.shares = preset.shares().to_vec();
            self.privilege = preset.privilege();
            self.confinement = preset.confinement();
            self.host_commands = preset.host_commands();
            self.process_label = Some(preset.process_label());
        }
        set(&mut self.home, choices.home);
        set(&mut self.network, choices.network);
        set(&mut self.privilege, choices.privilege);
        set(&mut self.confinement, choices.confinement);
        set(&mut self.host_commands, choices.host_commands);
        set_some(&mut self.process_label, choices.process_label);
        set(&mut self.init, choices.init);
        set_or_take(&mut self.project, choices.project, choices.no_project);
        set_or_take(&mut self.hostname, choices.hostname, choices.no_hostname);
        set_or_take(&mut self.workdir, choices.workdir, choices.no_workdir);
        self.shares.extend(choices.share);
        self.shares
            .retain(|share| !choices.no_share.contains(share));
        self.shares.sort_unstable();
        self.shares.dedup();
        self.host_programs.extend(choices.host_programs);
        self.host_programs
            .retain(|program| !choices.no_host_programs.contains(program));
        self.host_programs.sort_unstable();
        self.host_programs.dedup();
        self.mounts
            .retain(|mount| !choices.no_mounts.contains(&mount.target));
        replace_by(&mut self.mounts, choices.mounts, |mount| {
            mount.target.clone()
        });
        self.ports
            .retain(|port| !choices.no_ports.contains(&port.host));
        replace_by(&mut self.ports, choices.ports, |port| {
            (port.host, port.transport)
        });
        self.ulimits
            .retain(|limit| !choices.no_ulimits.contains(&limit.resource));
        replace_by(&mut self.ulimits, choices.ulimits, |limit| limit.resource);
        choices.limits.apply(&mut self.limits);
        choices.alerts.apply(&mut self.alerts);
        self.env.retain(|name, _| !choices.no_env.contains(name));
        self.env.extend(choices.env);
        self.checked()
    }

    fn checked(self) -> Result<Self, Conflict> {
        let strict = self.confinement == Confinement::Strict;
        let sudo = self.privilege == Privilege::Sudo;
        match self.ports.first() {
            Some(port) if self.network != NetworkMode::Private => {
                Err(Conflict::PortsNeedPrivateNetwork(*port))
            }
            _ if self.init == InitMode::Image && (strict || !sudo) => {
                Err(Conflict::InitNeedsPrivilege)
            }
            _ if strict && sudo => Err(Conflict::SudoNeedsCapabilities),
            _ => Ok(self),
        }
    }

    /// When what `self` has otherwise than `before` holds; `None` when nothing is otherwise. Of
    /// a running pet only its limits and alerts can be changed.
    pub fn change_since(&self, before: &Self) -> Option<Change> {
        let at_once = Self {
            limits: self.limits,
            alerts: self.alerts,
            name: self.name.clone(),
            // Given once, at the first start that needs it.
            mcs: self.mcs,
            ..before.clone()
        };
        if self == before {
            None
        } else if *self == at_once {
            Some(Change::AtOnce)
        } else {
            Some(Change::AtNextStart)
        }
    }
}

fn set<T>(row: &mut T, choice: Option<T>) {
    if let Some(choice) = choice {
        *row = choice;
    }
}

fn set_some<T>(row: &mut Option<T>, choice: Option<T>) {
    if choice.is_some() {
        *row = choice;
    }
}

fn set_or_take<T>(row: &mut Option<T>, choice: Option<T>, takes: bool) {
    if takes {
        *row = None;
    }
    set_some(row, choice);
}

/// Adds `new`, each in place of the old one with the same `key`.
fn replace_by<T, K: PartialEq>(all: &mut Vec<T>, new: Vec<T>, key: impl Fn(&T) -> K) {
    for item in new {
        match all.iter_mut().find(|old| key(old) == key(&item)) {
            Some(old) => *old = item,
            None => all.push(item),
        }
    }
}
