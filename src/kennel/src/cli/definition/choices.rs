//! What `create` and `edit` take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kennel_model::{
    AlertMode, Confinement, FreePercent, HomeMode, HostAnswer, HostCommands, HostName, InitMode,
    NetworkMode, Percent, PetName, PortForward, Preset, Privilege, ProcessLabel, ProgramName,
    Resource, Seconds, Ulimit,
};

// The headings of `--help`: what one looks for in it.
const REACH: &str = "What it can reach";
const HELD: &str = "How it is held";
const LIMITS: &str = "Limits";
const ALERTS: &str = "Alerts";
const INSIDE: &str = "Inside";

/// What `create` takes.
#[derive(Debug, Args)]
pub struct CreateArguments {
    /// The pet's name; without it one is proposed from the folder or the image
    pub name: Option<PetName>,
    /// An image, fetched if it is not on this computer, a short name of the catalog, or a file:
    /// /PATH, ./PATH, oci:DIR,
    /// oci-archive:FILE, docker-archive:FILE, rootfs:FILE; without it a project file says which
    #[arg(long, value_name = "REF")]
    pub image: Option<String>,
    /// The project file: a kennel.toml, devcontainer.json, assemble.ini or toolbox.conf; without
    /// it and --image, that of the folder you are in or of --project
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What is chosen about the pet
    #[command(flatten)]
    pub choices: ChoiceArguments,
    /// Give the project folder the pet's SELinux label where it needs one, without being asked
    #[arg(long)]
    pub relabel_project: bool,
    /// Accept what a project file asks for, and an image from a source that is not trusted
    #[arg(long)]
    pub trust: bool,
}

/// What `edit` takes.
#[derive(Debug, Args)]
pub struct EditArguments {
    /// The pet
    pub name: String,
    /// What is chosen about the pet
    #[command(flatten)]
    pub choices: ChoiceArguments,
    /// A folder or file not to mount any more, by its path in the pet
    #[arg(long = "no-mount", value_name = "DST", help_heading = REACH)]
    pub no_mounts: Vec<PathBuf>,
    /// A port not to forward any more, by its number on this computer
    #[arg(long = "no-port", value_name = "HOST", help_heading = REACH)]
    pub no_ports: Vec<u16>,
    /// A program of this computer not to have in the pet any more
    #[arg(long = "no-host-program", value_name = "NAME", help_heading = REACH)]
    pub no_host_programs: Vec<ProgramName>,
    /// A variable not to set any more
    #[arg(long, value_name = "NAME", help_heading = INSIDE)]
    pub no_env: Vec<String>,
    /// No project folder any more
    #[arg(long, conflicts_with = "project", help_heading = REACH)]
    pub no_project: bool,
    /// No host name of its own any more: its name is that again
    #[arg(long, conflicts_with = "hostname", help_heading = INSIDE)]
    pub no_hostname: bool,
    /// No folder of its own any more in which a shell begins
    #[arg(long, conflicts_with = "workdir", help_heading = INSIDE)]
    pub no_workdir: bool,
    /// A limit that each of its processes does not have any more, such as nofile
    #[arg(long = "no-ulimit", value_name = "NAME", help_heading = LIMITS)]
    pub no_ulimits: Vec<Resource>,
    /// Give the project folder the pet's SELinux label where it needs one, without being asked
    #[arg(long)]
    pub relabel_project: bool,
    /// Restart the pet if it runs and the change needs it
    #[arg(long)]
    pub restart: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// What can be chosen about a pet.
#[derive(Debug, Args)]
pub struct ChoiceArguments {
    /// The project folder
    #[arg(long, value_name = "DIR", help_heading = REACH)]
    pub project: Option<PathBuf>,
    /// What the pet may reach; comfortable without it
    #[arg(long, value_enum, help_heading = REACH)]
    pub preset: Option<Word<Preset>>,
    /// Whose home it sees
    #[arg(long, value_enum, help_heading = REACH)]
    pub home: Option<Word<HomeMode>>,
    /// A folder or file of yours, SRC[:DST][:ro]; the project folder itself with :ro is given only
    /// to be read
    #[arg(long = "mount", value_name = "SRC[:DST][:ro]", help_heading = REACH)]
    pub mounts: Vec<String>,
    /// Something to share beside the preset's; “kennel shares” lists what there is
    #[arg(long, value_name = "SHARE", help_heading = REACH)]
    pub share: Vec<String>,
    /// Something of the preset's not to share
    #[arg(long, value_name = "SHARE", help_heading = REACH)]
    pub no_share: Vec<String>,
    /// Which network it sees
    #[arg(long, value_enum, help_heading = REACH)]
    pub network: Option<Word<NetworkMode>>,
    /// A port of this computer that leads into its private network, HOST[:PET][/udp]
    #[arg(long = "port", value_name = "HOST[:PET]", help_heading = REACH)]
    pub ports: Vec<PortForward>,
    /// Whether programs inside may become its root
    #[arg(long, value_enum, help_heading = HELD)]
    pub sudo: Option<Word<Privilege>>,
    /// How much programs inside are held back
    #[arg(long, value_enum, help_heading = HELD)]
    pub confinement: Option<Word<Confinement>>,
    /// Whether programs inside may run commands on this computer, as you
    #[arg(long, value_enum, help_heading = REACH)]
    pub host_commands: Option<Word<HostCommands>>,
    /// A program of this computer that is in the pet by its name, where it has none of its own
    #[arg(long = "host-program", value_name = "NAME", help_heading = REACH)]
    pub host_programs: Vec<ProgramName>,
    /// Whose label its programs have where SELinux is on
    #[arg(long, value_enum, value_name = "WHOSE", help_heading = HELD)]
    pub selinux_label: Option<Word<ProcessLabel>>,
    /// Cores it may use, such as 1.5, or none for no limit
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub cpus: Option<String>,
    /// Memory it may use, such as 2G, or none for no limit
    #[arg(long, value_name = "SIZE", help_heading = LIMITS)]
    pub memory: Option<String>,
    /// Swap space it may use beside the memory, such as 1G or 0, or none for no limit
    #[arg(long, value_name = "SIZE", help_heading = LIMITS)]
    pub swap: Option<String>,
    /// Its share of the processor when others want it too, from 1 to 10000, or none for 100, what
    /// everything else has
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub cpu_weight: Option<String>,
    /// Processes it may have, or none for no limit
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub pids: Option<String>,
    /// Whether you are told when it eats the machine: on, off, or the default of all pets, which
    /// also takes back thresholds of its own
    #[arg(long, value_enum, help_heading = ALERTS)]
    pub alerts: Option<Word<AlertMode>>,
    /// Processor time from which on you are told, in percent of what it may have
    #[arg(long, value_name = "PERCENT", help_heading = ALERTS)]
    pub alert_cpu: Option<Percent>,
    /// For how many seconds it must have used that
    #[arg(long, value_name = "SECONDS", help_heading = ALERTS)]
    pub alert_seconds: Option<Seconds>,
    /// Memory from which on you are told, in percent of its limit
    #[arg(long, value_name = "PERCENT", help_heading = ALERTS)]
    pub alert_memory: Option<Percent>,
    /// Free room on the disk from which on you are told, in percent
    #[arg(long, value_name = "PERCENT", help_heading = ALERTS)]
    pub alert_disk: Option<FreePercent>,
    /// A limit of each of its processes, such as nofile=1024:4096
    #[arg(long = "ulimit", value_name = "NAME=SOFT[:HARD]", help_heading = LIMITS)]
    pub ulimits: Vec<Ulimit>,
    /// A variable of every command, KEY=VALUE
    #[arg(long, value_name = "K=V", help_heading = INSIDE)]
    pub env: Vec<String>,
    /// Its host name, where it is not its name
    #[arg(long, value_name = "NAME", help_heading = INSIDE)]
    pub hostname: Option<HostName>,
    /// Where a shell begins when your own folder is not in the pet
    #[arg(long, value_name = "DIR", help_heading = INSIDE)]
    pub workdir: Option<PathBuf>,
    /// What runs as its first process; --init alone is the image's own, such as systemd, for
    /// background services
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "image", help_heading = INSIDE)]
    pub init: Option<Word<InitMode>>,
}

/// A value of the model as a word of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<T>(pub T);

/// Implements [`ValueEnum`] for words: the value, its word, its help.
macro_rules! words {
    ($kind:ty: $(($value:expr, $word:literal, $help:literal)),+ $(,)?) => {
        impl ValueEnum for Word<$kind> {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Word($value)),+]
            }

            fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
                [$(($value, $word, $help)),+]
                    .into_iter()
                    .find(|(value, ..)| *value == self.0)
                    .map(|(_, word, help)| clap::builder::PossibleValue::new(word).help(help))
            }
        }
    };
}

words!(Preset:
    (Preset::Comfortable, "comfortable", "Your home, windows, sound and network: as free as any program you start"),
    (Preset::Project, "project", "The project folder, windows and sound"),
    (Preset::Sealed, "sealed", "No network, no windows, nothing of yours"),
);
words!(HomeMode:
    (HomeMode::Shared, "shared", "Your own"),
    (HomeMode::Private, "private", "The pet's own"),
);
words!(NetworkMode:
    (NetworkMode::Host, "host", "The computer's"),
    (NetworkMode::Private, "private", "Its own, connected outward"),
    (NetworkMode::None, "none", "None"),
);
words!(Privilege:
    (Privilege::Sudo, "yes", "They may, with sudo; root inside is nobody outside"),
    (Privilege::None, "no", "No program gains anything"),
);
words!(Confinement:
    (Confinement::Light, "light", "Refused is only what a container never needs"),
    (Confinement::Default, "default", "What containers are usually held to"),
    (Confinement::Strict, "strict", "Root without any capability, and the fewest system calls"),
);
words!(HostCommands:
    (HostCommands::On, "on", "They may: the pet can do whatever you can"),
    (HostCommands::Ask, "ask", "You are asked before each"),
    (HostCommands::Off, "off", "They may not, and there is nothing inside that could be asked"),
);
words!(HostAnswer:
    (HostAnswer::Once, "once", "It may run this time"),
    (HostAnswer::Always, "always", "It may run, and the very same command at any time"),
    (HostAnswer::Deny, "deny", "It may not run"),
);
words!(ProcessLabel:
    (ProcessLabel::Person, "person", "Your own: they may do what SELinux lets you do"),
    (ProcessLabel::Container, "container", "That of containers, apart from other pets: nothing of yours, but a relabelled project folder"),
);
words!(AlertMode:
    (AlertMode::Default, "default", "As for all pets"),
    (AlertMode::On, "on", "You are told, whatever holds for all"),
    (AlertMode::Off, "off", "You are told nothing about it"),
);
words!(InitMode:
    (InitMode::Kennel, "kennel", "Kennel's own, which only waits"),
    (InitMode::Image, "image", "The image's own, such as systemd"),
);
