//! Kennel's pure data: what a pet, an image and a job *are*, with no I/O.
//!
//! Every other crate depends on this one and it depends on none of them, so the
//! same types travel from the command line, over D-Bus, to the files on disk.
//! A type that can be built from text validates it once, here
//! ([`PetName`], [`PetId`], [`ImageRef`], [`Digest`]); code further in never checks again.

mod alert;
mod app;
mod application;
mod catalog;
mod choices;
mod command_line;
mod digest;
mod error;
mod event;
mod finding;
mod host_commands;
mod image;
mod job;
mod label;
mod limit;
mod name;
mod origin;
mod pet;
pub mod phrase;
mod port;
mod preset;
mod project;
mod report;
mod scope;
mod setup;
mod share;
mod size;
mod terminal;
mod text;
mod trust;
mod ulimit;
mod upkeep;
mod usage;

pub use alert::{
    Alert, AlertChoices, AlertDefaults, AlertKind, AlertMode, AlertSettings, AlertThresholds,
    FreePercent, OutOfRange, Percent, Seconds, Within,
};
pub use app::{ExportKind, Exported, PetApp};
pub use application::{APP_DIRECTORY, APP_ID};
pub use catalog::{CatalogEntry, CatalogIcon, resolve, search};
pub use choices::{
    Bound, Change, Choices, Conflict, CreateRequest, Edited, LimitChoices, OWN_VARIABLES,
};
pub use command_line::{CommandLine, CommandState};
pub use digest::{Digest, InvalidDigest};
pub use error::{ExitStatus, UserError};
pub use event::Event;
pub use finding::{Check, Finding, Health};
pub use host_commands::{HostAnswer, HostCommands, HostQuestion, InvalidProgramName, ProgramName};
pub use image::{ImageRef, ImageSource, ImageSummary, InvalidImageRef};
pub use job::{JobEvent, JobOutcome, Progress};
pub use label::{InvalidPair, McsPair, ProcessLabel, Unusable};
pub use limit::{Computer, Limit, LimitStatus, PetLimits};
pub use name::{HostName, InvalidHostName, InvalidName, PetId, PetName};
pub use origin::{Freshness, ImageOrigin, SignatureState, Verdict};
pub use pet::{InitMode, Limits, Mount, PetImage, PetSpec, PetState, PetSummary, SPEC_VERSION};
pub use phrase::{Language, Phrase, Value, marked, phrase, phrases};
pub use port::{InvalidPort, PortForward, Transport};
pub use preset::{Confinement, HomeMode, NetworkMode, Preset, Privilege};
pub use project::{Position, ProjectFormat, ProjectProposal};
pub use report::{
    Denial, Denials, Look, Rating, Remedy, RemedyPlace, ReportLine, Section, SecurityReport, Topic,
    report_text,
};
pub use scope::{InvalidScope, Scope, canonical, longest};
pub use setup::{FailedStep, SetupCommand, SetupPlan, SetupStep, SetupUser};
pub use share::{CERTIFICATES, Place, Share, ShareRow, ShareSummary};
pub use size::{
    InvalidSize, parse_bytes, parse_cpu_weight, parse_cpus, parse_processes, parse_swap,
};
pub use terminal::{ShellState, TerminalState};
pub use text::{quoted, shown};
pub use trust::{TrustList, TrustSettings};
pub use ulimit::{InvalidUlimit, Resource, Ulimit};
pub use upkeep::{Damage, DiskUse, Fault, ImagePart};
pub use usage::{
    Io, PetDisk, PetProcess, PetProcesses, PetSample, SAMPLE_INTERVAL_MICROS, Throttling,
    UsageRate, UsageSample, usage_rate,
};
