//! The command line's grammar: the one source of help, completions and man pages.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

mod choices;

pub use choices::{ChoiceArguments, CreateArguments, EditArguments, Word};
use kennel_model::HostAnswer;

use crate::job::JobVerb;
use crate::stage::StageVerb;

/// Your own Linux environments, one per project, without root.
#[derive(Debug, Parser)]
#[command(
    name = "kennel",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub struct Arguments {
    /// Show the whole chain of causes of an error
    #[arg(long, global = true)]
    pub verbose: bool,
    /// Tell an error as the app reads it, too
    #[arg(long, global = true, hide = true)]
    pub typed_error: bool,
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// A verb of the command line.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Create a pet from an image
    Create(CreateArguments),
    /// Change what a pet is and what it can reach, without making it anew
    Edit(EditArguments),
    /// Make a pet like another one, with the same image and settings but nothing of its files
    Clone {
        /// The pet to take after
        source: String,
        /// The new pet's name
        name: kennel_model::PetName,
    },
    /// Open a login shell in a pet, starting it if it is stopped
    Enter {
        /// The pet; without it: that of the folder you are in, else the only one
        name: Option<String>,
    },
    /// Run a command in a pet; the exit status is the command's own
    Run {
        /// The pet; without it: that of the folder you are in, else the only one
        name: Option<String>,
        /// Open a terminal for it
        #[arg(long, hide = true, requires = "name")]
        in_terminal: bool,
        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// List the desktop apps of a pet
    Apps {
        /// The pet
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Put apps and commands of pets on your desktop and command line
    Export {
        /// What to do
        #[command(subcommand)]
        verb: ExportVerb,
    },
    /// List the pets
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a pet is and what it can reach
    Show {
        /// The pet
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List what of this computer a pet can be given, and what that exposes
    Shares {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what is enforced: confinement, limits, use, and what a pet can reach
    Status {
        /// The pet; without it: all that run
        name: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Start a pet
    Start {
        /// The pet
        name: String,
    },
    /// Stop a pet
    Stop {
        /// The pet
        name: String,
    },
    /// Stop a pet and start it again
    Restart {
        /// The pet
        name: String,
    },
    /// Run what is left of a pet's setup, and try again what failed
    Setup {
        /// The pet; without it: that of the folder you are in, else the only one
        name: Option<String>,
    },
    /// Delete a pet and everything in it; shared folders stay
    Rm {
        /// The pets
        #[arg(required = true)]
        names: Vec<String>,
        /// Stop it first if it runs
        #[arg(long)]
        force: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Give a pet another name
    Rename {
        /// Its name now
        old: String,
        /// Its new name
        new: kennel_model::PetName,
    },
    /// Show what happened to a pet
    Logs {
        /// The pet
        name: String,
        /// Go on showing what happens
        #[arg(short, long)]
        follow: bool,
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// List the processes of a pet, the busiest first
    Top {
        /// The pet; without it: that of the folder you are in, else the only one
        name: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the commands of pets that wait for your word before they run on this computer
    Questions {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give your word on a command that waits for it
    Answer {
        /// The pet
        name: String,
        /// The command's number, as “kennel questions” lists it
        number: u32,
        /// What you say
        #[arg(value_enum)]
        answer: Word<HostAnswer>,
    },
    /// Print what happens to all pets from now on, a JSON line each
    Events,
    /// The images on this computer
    Image {
        /// What to do
        #[command(subcommand)]
        verb: ImageVerb,
    },
    /// Say what this computer lacks, what follows from it, and the fix; exit status 1 if no pet can
    /// start
    Doctor {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages into a directory
    #[command(hide = true)]
    Man {
        /// An existing directory
        directory: PathBuf,
    },
    /// The engine's D-Bus server
    #[command(hide = true)]
    Serve {
        /// The connected socket
        #[arg(long)]
        fd: i32,
    },
    /// The engine's D-Bus server on standard input, from a copy that outlasts the Flatpak's
    #[command(hide = true)]
    HostStart,
    /// One operation for the app
    #[command(hide = true)]
    Job {
        /// Which
        #[command(subcommand)]
        verb: JobVerb,
    },
    /// The process beside a running pet
    #[command(hide = true)]
    Keeper {
        /// The pet's id
        id: String,
    },
    /// One step of a pet's setup
    #[command(hide = true)]
    SetupStep {
        /// The pet's id
        id: String,
        /// Which
        key: String,
    },
    /// Run a command on the host, from inside a pet; the exit status is the command's own
    HostExec {
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
    /// Show a pet in the window
    #[command(hide = true)]
    ShowPet {
        /// The pet's id
        id: String,
    },
    /// Serve a caller in a pet
    #[command(hide = true)]
    Bridge {
        /// The pet's id
        id: String,
    },
    /// Ask systemd for the control groups of a pet
    #[command(hide = true)]
    Scopes,
    /// Show an alert on the desktop
    #[command(hide = true)]
    Notify,
    /// A namespace stage
    #[command(hide = true)]
    Stage {
        /// Which
        #[command(subcommand)]
        verb: StageVerb,
    },
}

/// A verb of `kennel export`.
#[derive(Debug, Subcommand)]
pub enum ExportVerb {
    /// Show an app of a pet among your own
    App {
        /// The pet
        name: String,
        /// The app, as “kennel apps” lists it
        app: String,
        /// No longer
        #[arg(long)]
        remove: bool,
    },
    /// Make a command of a pet one of yours, in ~/.local/bin
    Bin {
        /// The pet
        name: String,
        /// The command, or its absolute path in the pet
        command: String,
        /// No longer
        #[arg(long)]
        remove: bool,
    },
    /// List what of pets is on your desktop and command line
    List {
        /// The pet; without it: all
        name: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

impl Verb {
    /// Whether it is the app that started it, directly or through `serve`.
    pub fn is_for_the_app(&self) -> bool {
        matches!(
            self,
            Self::Serve { .. } | Self::HostStart | Self::Job { .. }
        )
    }

    /// Whether it prints what there is, and nothing else.
    pub fn only_prints(&self) -> bool {
        match self {
            Self::List { .. }
            | Self::Show { .. }
            | Self::Shares { .. }
            | Self::Status { .. }
            | Self::Logs { .. }
            | Self::Events
            | Self::Top { .. }
            | Self::Questions { .. }
            | Self::Apps { .. }
            | Self::Doctor { .. }
            | Self::Completions { .. } => true,
            Self::Image { verb } => {
                matches!(verb, ImageVerb::List { .. } | ImageVerb::Catalog { .. })
            }
            _ => false,
        }
    }
}

/// A verb of `kennel image`.
#[derive(Debug, Subcommand)]
pub enum ImageVerb {
    /// Import an image from a file
    Import {
        /// A file or an OCI layout directory; its content tells what it is, or say it:
        /// oci:DIR, oci-archive:FILE, docker-archive:FILE or rootfs:FILE
        source: String,
        /// The name to give it, such as localhost/mine:1
        #[arg(long)]
        name: Option<kennel_model::ImageRef>,
    },
    /// Fetch an image from its registry, or what is new of it
    Pull {
        /// Such as docker.io/library/debian:13, or a short name of the catalog
        image: String,
        /// Accept a source that is not trusted
        #[arg(long)]
        trust: bool,
    },
    /// Ask registries whether they have newer images than this computer; nothing is fetched
    Check {
        /// An image on this computer; without it all that came from a registry
        image: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the images and the disk space they need
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List known images that make good pets, and their short names
    Catalog {
        /// Words to look for
        words: Vec<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Check that nothing in the image store is damaged or missing; exit status 1 if something is
    Verify {
        /// Fetch again what is damaged, for images that came from a registry
        #[arg(long)]
        repair: bool,
        /// With --repair: accept sources that are not trusted
        #[arg(long, requires = "repair")]
        trust: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete an image; pets made from it stay
    Rm {
        /// The image
        image: kennel_model::ImageRef,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Delete what no image and no pet needs
    Prune {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
