//! The window's end: the proxy, and starting an engine of one's own ([`Start`]).

mod error;
mod start;

use std::os::unix::net::UnixStream;

use kennel_model::UserError;

pub use error::StartError;
pub use start::{Connection, Start};

use crate::wire::{EngineError, PROTOCOL_VERSION};

/// The engine's methods and signals, as the client sees them.
#[zbus::proxy(
    interface = "io.github.kennel.Engine1",
    default_service = "io.github.kennel.Engine",
    default_path = "/io/github/kennel/Engine",
    gen_blocking = false
)]
pub trait Engine1 {
    /// Says our version; answers with the engine's, and the program's version as text.
    fn handshake(&self, version: u32) -> Result<(u32, String), EngineError>;
    /// `Vec<PetSummary>`.
    fn list_pets(&self) -> Result<String, EngineError>;
    /// `Vec<ImageSummary>`.
    fn list_images(&self) -> Result<String, EngineError>;
    /// `Vec<CatalogEntry>`: known images, those that this computer's rules refuse left out.
    fn list_catalog(&self) -> Result<String, EngineError>;
    /// The `Verdict` about making a pet from an image.
    fn judge_image(&self, reference: &str) -> Result<String, EngineError>;
    /// The `Freshness` of an image on this computer: asks its registry.
    fn check_image(&self, reference: &str) -> Result<String, EngineError>;
    /// The `TrustList`.
    fn trust_list(&self) -> Result<String, EngineError>;
    /// Trusts a registry or namespace; the `TrustList` then.
    fn trust_add(&self, scope: &str) -> Result<String, EngineError>;
    /// Trusts it no more; the `TrustList` then.
    fn trust_remove(&self, scope: &str) -> Result<String, EngineError>;
    /// Refuses what is not trusted, or asks; the `TrustList` then.
    fn trust_only(&self, only: bool) -> Result<String, EngineError>;
    /// The `CommandLine`: whether the person can type `kennel`.
    fn command_line(&self) -> Result<String, EngineError>;
    /// Lets them, or no more; the `CommandLine` then.
    fn set_command_line(&self, linked: bool) -> Result<String, EngineError>;
    /// The `AlertDefaults`: when the person is told about their pets.
    fn alert_defaults(&self) -> Result<String, EngineError>;
    /// Sets the person's `AlertSettings`; the `AlertDefaults` then.
    fn set_alerts(&self, settings: &str) -> Result<String, EngineError>;
    /// `Vec<Event>`: what happened to all pets lately, the newest first.
    fn activity(&self) -> Result<String, EngineError>;
    /// `Vec<ShareSummary>`: every share, what it exposes and whether this computer has it.
    fn list_shares(&self) -> Result<String, EngineError>;
    /// The `PetSpec` of one pet.
    fn show_pet(&self, id: &str) -> Result<String, EngineError>;
    /// What `kennel status --json` tells of one pet; with the fields of a `SecurityReport`.
    fn pet_status(&self, id: &str) -> Result<String, EngineError>;
    /// Changes a pet by `Choices`; `Edited`.
    fn edit_pet(&self, id: &str, choices: &str) -> Result<String, EngineError>;
    /// Gives a pet another name; its `PetSpec`.
    fn rename_pet(&self, id: &str, name: &str) -> Result<String, EngineError>;
    /// Makes a pet with the settings of another; its `PetSpec`.
    fn clone_pet(&self, id: &str, name: &str) -> Result<String, EngineError>;
    /// The person's word (`once`, `always`, `deny`) on a command that a pet wants to run on the host.
    fn answer_question(&self, id: &str, number: u32, answer: &str) -> Result<String, EngineError>;
    /// `Vec<Finding>`, worst first: what this computer lacks.
    fn doctor(&self) -> Result<String, EngineError>;
    /// `Vec<ProjectProposal>`: the pets that a project file asks for, or that of a folder; none
    /// where it has no project file.
    fn propose_project(&self, path: &str) -> Result<String, EngineError>;
    /// The `Vec<PetApp>` of a pet, running or not.
    fn list_apps(&self, id: &str) -> Result<String, EngineError>;
    /// Puts an app of a pet among the host's or takes it back; the `Vec<PetApp>` then.
    fn export_app(&self, id: &str, app: &str, exported: bool) -> Result<String, EngineError>;
    /// The `PetLimits` of a pet: what holds, read back from the kernel.
    fn pet_limits(&self, id: &str) -> Result<String, EngineError>;
    /// The `PetProcesses` of a running pet.
    fn list_processes(&self, id: &str) -> Result<String, EngineError>;
    /// Asks a process of a pet to end, or with `force` ends it. `pid` and `start_time` are those of
    /// its `PetProcess`.
    fn end_process(
        &self,
        id: &str,
        pid: i32,
        start_time: u64,
        force: bool,
    ) -> Result<(), EngineError>;
    /// The `PetDisk` of a pet: reads all its directories.
    fn pet_disk(&self, id: &str) -> Result<String, EngineError>;
    /// Begins or ends to look at running pets: `usage_sampled` every two seconds.
    fn watch_usage(&self, on: bool) -> Result<(), EngineError>;
    /// [`crate::Capabilities`].
    fn capabilities(&self) -> Result<String, EngineError>;
    /// Starts a job from a `CreateRequest`.
    fn create_pet(&self, request: &str) -> Result<u32, EngineError>;
    /// Starts a job that imports an image from a source such as `oci-archive:FILE`.
    fn import_image(&self, source: &str) -> Result<u32, EngineError>;
    /// Starts a job that fetches an image, or what is new of it, from its registry.
    fn pull_image(&self, reference: &str) -> Result<u32, EngineError>;
    /// Starts a job that deletes an image; what pets need of it stays.
    fn remove_image(&self, reference: &str) -> Result<u32, EngineError>;
    /// Starts a job that deletes what no image and no pet needs.
    fn prune_images(&self) -> Result<u32, EngineError>;
    /// Starts a job that starts a pet.
    fn start_pet(&self, id: &str) -> Result<u32, EngineError>;
    /// Starts a job that runs what is left of a pet's setup, and tries again what failed.
    fn set_up_pet(&self, id: &str) -> Result<u32, EngineError>;
    /// Starts a job that stops a pet.
    fn stop_pet(&self, id: &str) -> Result<u32, EngineError>;
    /// Starts a job that deletes a pet.
    fn remove_pet(&self, id: &str) -> Result<u32, EngineError>;
    /// Asks a job to end; it undoes what it began and fails as cancelled.
    fn cancel(&self, job: u32) -> Result<(), EngineError>;
    /// A login shell in a pet: the PTY's master end and the terminal's number. It begins in
    /// `directory` of the pet; where that is empty, in the project folder or home.
    fn open_terminal(
        &self,
        id: &str,
        directory: &str,
        columns: u32,
        rows: u32,
    ) -> Result<(zbus::zvariant::OwnedFd, u32), EngineError>;
    /// Hangs up a terminal.
    fn close_terminal(&self, terminal: u32) -> Result<(), EngineError>;
    /// The `Vec<TerminalState>` of the terminals that are open, in the order in which they were opened.
    fn terminals(&self) -> Result<String, EngineError>;
    /// `Vec<Option<String>>`: where these files of the host (`Vec<String>`) are in a running pet.
    fn in_pet(&self, id: &str, files: &str) -> Result<String, EngineError>;
    /// Opens a terminal of the desktop's with a pet's shell.
    fn open_external_terminal(&self, id: &str) -> Result<(), EngineError>;

    /// A job said something: a `kennel_model::JobEvent`. May come before the reply that names the job.
    #[zbus(signal)]
    fn job_event(&self, job: u32, event: String) -> zbus::Result<()>;
    /// The list of pets, or one's state, changed.
    #[zbus(signal)]
    fn pets_changed(&self) -> zbus::Result<()>;
    /// A `UsageSample`, while somebody watches.
    #[zbus(signal)]
    fn usage_sampled(&self, sample: String) -> zbus::Result<()>;
    /// The list of images changed.
    #[zbus(signal)]
    fn images_changed(&self) -> zbus::Result<()>;
    /// A terminal's shell ended, with its exit status.
    #[zbus(signal)]
    fn terminal_exited(&self, terminal: u32, status: i32) -> zbus::Result<()>;
}

/// The proxy on our end of a socket pair whose other end an engine serves.
pub async fn connect(
    stream: UnixStream,
) -> Result<(zbus::Connection, Engine1Proxy<'static>), zbus::Error> {
    stream.set_nonblocking(true)?;
    let stream = tokio::net::UnixStream::from_std(stream)?;
    let bus = zbus::connection::Builder::unix_stream(stream)
        .p2p()
        .build()
        .await?;
    let engine = Engine1Proxy::builder(&bus)
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await?;
    Ok((bus, engine))
}

/// The first call on a connection: both ends must speak the same version. The engine's program
/// version.
pub async fn handshake(engine: &Engine1Proxy<'_>) -> Result<String, StartError> {
    let (theirs, version) = match engine.handshake(PROTOCOL_VERSION).await {
        Ok(answer) => answer,
        Err(EngineError::ZBus(error)) => return Err(StartError::Connection(error)),
        // An engine that refuses us says no more than why.
        Err(error) => return Err(other_version(UserError::from(error).what.to_string())),
    };
    if theirs == PROTOCOL_VERSION {
        Ok(version)
    } else {
        Err(other_version(format!(
            "the engine speaks version {theirs} of the protocol and this app version {PROTOCOL_VERSION}"
        )))
    }
}

fn other_version(how: String) -> StartError {
    StartError::OtherVersion { how, app: None }
}
