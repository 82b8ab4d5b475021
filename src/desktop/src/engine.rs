//! The window's handle on the engine; every method runs on relm4's tokio runtime.
//!
//! [`start`] how there comes to be one · [`job`] what it does in the background · [`signals`] what it says by itself.

mod job;
mod signals;
mod start;

use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use gettextrs::gettext;
use kennel_model::{
    AlertDefaults, AlertSettings, CatalogEntry, Choices, CommandLine, Edited, Event, Finding,
    Freshness, HostAnswer, ImageRef, ImageSummary, PetApp, PetDisk, PetId, PetLimits, PetName,
    PetProcess, PetProcesses, PetSpec, PetSummary, ProjectProposal, Scope, SecurityReport,
    ShareSummary, ShellState, TerminalState, TrustList, UserError, Verdict,
};
use kennel_protocol::client::Connection;
use kennel_protocol::{Capabilities, ENGINE_LOST, decode, encode};

pub use job::{Doing, Job, Now};
pub use signals::{EngineEvent, Signals};
pub use start::Starter;

/// What is said to a person who wants something while there is no engine.
pub fn gone() -> UserError {
    UserError::verbatim(
        "no-engine",
        gettext("The engine does not answer."),
        gettext("Start it again, then repeat this."),
    )
}

/// Whether `error` is that the engine ended: the window's banner says so, for all that it took along.
pub fn is_loss(error: &UserError) -> bool {
    error.kind == ENGINE_LOST
}

/// The pets; and the images, of which there may be a list or not.
pub type Lists = (Vec<PetSummary>, Result<Vec<ImageSummary>, UserError>);

/// A cheap handle on the one engine process of this app.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Connection>);

impl Engine {
    /// The engine at the other end of this connection.
    #[cfg(test)]
    pub fn over(connection: Connection) -> Self {
        Self(Arc::new(connection))
    }

    /// All pets and all images.
    pub async fn lists(&self) -> Result<Lists, UserError> {
        let both = futures_util::future::join(self.pets(), self.images());
        let (pets, images) = both.await;
        // Images that cannot be listed hide no pet.
        Ok((pets?, images))
    }

    /// All pets.
    pub async fn pets(&self) -> Result<Vec<PetSummary>, UserError> {
        decode(&self.0.engine.list_pets().await?)
    }

    /// All images in the store.
    pub async fn images(&self) -> Result<Vec<ImageSummary>, UserError> {
        decode(&self.0.engine.list_images().await?)
    }

    /// Images that are known to make good pets.
    pub async fn catalog(&self) -> Result<Vec<CatalogEntry>, UserError> {
        decode(&self.0.engine.list_catalog().await?)
    }

    /// What would come of making a pet from this image.
    pub async fn judge(&self, image: &ImageRef) -> Result<Verdict, UserError> {
        decode(&self.0.engine.judge_image(image.as_str()).await?)
    }

    /// Whether the registry of this image has a newer one.
    pub async fn check(&self, image: &ImageRef) -> Result<Freshness, UserError> {
        decode(&self.0.engine.check_image(image.as_str()).await?)
    }

    /// What this computer lacks, worst first.
    pub async fn doctor(&self) -> Result<Vec<Finding>, UserError> {
        decode(&self.0.engine.doctor().await?)
    }

    /// What the person and their company trust.
    pub async fn trusted(&self) -> Result<TrustList, UserError> {
        decode(&self.0.engine.trust_list().await?)
    }

    /// Trusts a registry or namespace.
    pub async fn trust(&self, scope: &Scope) -> Result<TrustList, UserError> {
        decode(&self.0.engine.trust_add(scope.as_str()).await?)
    }

    /// Trusts it no more.
    pub async fn distrust(&self, scope: &Scope) -> Result<TrustList, UserError> {
        decode(&self.0.engine.trust_remove(scope.as_str()).await?)
    }

    /// Refuses what is not trusted, or asks.
    pub async fn trust_only(&self, only: bool) -> Result<TrustList, UserError> {
        decode(&self.0.engine.trust_only(only).await?)
    }

    /// Whether the person can type `kennel`.
    pub async fn command_line(&self) -> Result<CommandLine, UserError> {
        decode(&self.0.engine.command_line().await?)
    }

    /// Lets them, or no more.
    pub async fn set_command_line(&self, linked: bool) -> Result<CommandLine, UserError> {
        decode(&self.0.engine.set_command_line(linked).await?)
    }

    /// What this computer lets pets do.
    pub async fn capabilities(&self) -> Result<Capabilities, UserError> {
        decode(&self.0.engine.capabilities().await?)
    }

    /// What this computer has of what pets can be given.
    pub async fn shares(&self) -> Result<Vec<ShareSummary>, UserError> {
        decode(&self.0.engine.list_shares().await?)
    }

    /// When the person is told about their pets.
    pub async fn alert_defaults(&self) -> Result<AlertDefaults, UserError> {
        decode(&self.0.engine.alert_defaults().await?)
    }

    /// Sets that.
    pub async fn set_alerts(&self, settings: &AlertSettings) -> Result<AlertDefaults, UserError> {
        decode(&self.0.engine.set_alerts(&encode(settings)).await?)
    }

    /// The person's word on a command that a pet wants to run on this computer.
    pub async fn answer(
        &self,
        id: &PetId,
        number: u32,
        answer: HostAnswer,
    ) -> Result<(), UserError> {
        let engine = &self.0.engine;
        let answered = engine.answer_question(id.as_str(), number, answer.as_str());
        answered.await?;
        Ok(())
    }

    /// What happened to all pets lately, the newest first.
    pub async fn activity(&self) -> Result<Vec<Event>, UserError> {
        decode(&self.0.engine.activity().await?)
    }

    /// Everything that was chosen about a pet.
    pub async fn pet(&self, id: &PetId) -> Result<PetSpec, UserError> {
        decode(&self.0.engine.show_pet(id.as_str()).await?)
    }

    /// What holds a pet now.
    pub async fn status(&self, id: &PetId) -> Result<SecurityReport, UserError> {
        decode(&self.0.engine.pet_status(id.as_str()).await?)
    }

    /// Chooses something else about a pet.
    pub async fn edit(&self, id: &PetId, choices: &Choices) -> Result<Edited, UserError> {
        let choices = encode(choices);
        decode(&self.0.engine.edit_pet(id.as_str(), &choices).await?)
    }

    /// Gives a pet another name.
    pub async fn rename(&self, id: &PetId, name: &PetName) -> Result<PetSpec, UserError> {
        decode(&self.0.engine.rename_pet(id.as_str(), name.as_str()).await?)
    }

    /// Makes a pet with the image and settings of another, and none of its files.
    pub async fn make_like(&self, id: &PetId, name: &PetName) -> Result<PetSpec, UserError> {
        decode(&self.0.engine.clone_pet(id.as_str(), name.as_str()).await?)
    }

    /// The pets that the project file of this folder asks for; none where it has no such file.
    pub async fn propose(&self, folder: &Path) -> Result<Vec<ProjectProposal>, UserError> {
        decode(
            &self
                .0
                .engine
                .propose_project(&folder.to_string_lossy())
                .await?,
        )
    }

    /// The desktop apps of a pet.
    pub async fn apps(&self, id: &PetId) -> Result<Vec<PetApp>, UserError> {
        decode(&self.0.engine.list_apps(id.as_str()).await?)
    }

    /// Puts an app of a pet into the person's app grid, or takes it back; the apps then.
    pub async fn export(
        &self,
        id: &PetId,
        app: &str,
        exported: bool,
    ) -> Result<Vec<PetApp>, UserError> {
        decode(&self.0.engine.export_app(id.as_str(), app, exported).await?)
    }

    /// What holds a pet, read back from the kernel.
    pub async fn limits(&self, id: &PetId) -> Result<PetLimits, UserError> {
        decode(&self.0.engine.pet_limits(id.as_str()).await?)
    }

    /// The processes of a running pet.
    pub async fn processes(&self, id: &PetId) -> Result<PetProcesses, UserError> {
        decode(&self.0.engine.list_processes(id.as_str()).await?)
    }

    /// Asks a process of a pet to end, or with `force` ends it.
    pub async fn end_process(
        &self,
        id: &PetId,
        process: &PetProcess,
        force: bool,
    ) -> Result<(), UserError> {
        let engine = &self.0.engine;
        let (pid, start_time) = (process.pid, process.start_time);
        Ok(engine
            .end_process(id.as_str(), pid, start_time, force)
            .await?)
    }

    /// The place that a pet takes on the disk.
    pub async fn disk(&self, id: &PetId) -> Result<PetDisk, UserError> {
        decode(&self.0.engine.pet_disk(id.as_str()).await?)
    }

    /// Begins or ends to look at running pets.
    pub async fn watch_usage(&self, on: bool) {
        // An engine that is gone looks at nothing.
        let _ = self.0.engine.watch_usage(on).await;
    }

    /// Begins a job; its number.
    pub async fn begin(&self, job: &Job) -> Result<u32, UserError> {
        let engine = &self.0.engine;
        Ok(match job {
            Job::Create(request) => engine.create_pet(&encode(request)).await,
            Job::Start(id) => engine.start_pet(id.as_str()).await,
            Job::SetUp(id) => engine.set_up_pet(id.as_str()).await,
            Job::Stop(id) | Job::Restart(id) => engine.stop_pet(id.as_str()).await,
            Job::Remove(id) => engine.remove_pet(id.as_str()).await,
            Job::RemoveImage(image) => engine.remove_image(image.as_str()).await,
            Job::PruneImages => engine.prune_images().await,
        }?)
    }

    /// Asks a job to end.
    pub async fn cancel(&self, job: u32) -> Result<(), UserError> {
        Ok(self.0.engine.cancel(job).await?)
    }

    /// A shell in a pet; the terminal widget sets the true size once it has one.
    pub async fn open_terminal(
        &self,
        id: &PetId,
        directory: Option<&str>,
    ) -> Result<(OwnedFd, u32), UserError> {
        let directory = directory.unwrap_or_default();
        let opening = self.0.engine.open_terminal(id.as_str(), directory, 80, 24);
        let (master, terminal) = opening.await?;
        Ok((master.into(), terminal))
    }

    /// The terminals that are open, and what their shells are at.
    pub async fn terminals(&self) -> Result<Vec<TerminalState>, UserError> {
        decode(&self.0.engine.terminals().await?)
    }

    /// What the shell of one terminal is at; nothing where that is not known.
    pub async fn shell(&self, terminal: u32) -> ShellState {
        let all = self.terminals().await.unwrap_or_default();
        let one = all.into_iter().find(|state| state.terminal == terminal);
        one.map(|state| state.shell).unwrap_or_default()
    }

    /// Where files of this computer are in a running pet; `None` for each that is not there.
    pub async fn in_pet(
        &self,
        id: &PetId,
        files: &[String],
    ) -> Result<Vec<Option<String>>, UserError> {
        decode(&self.0.engine.in_pet(id.as_str(), &encode(&files)).await?)
    }

    /// Opens a terminal of the desktop's with a pet's shell.
    pub async fn open_external_terminal(&self, id: &PetId) -> Result<(), UserError> {
        Ok(self.0.engine.open_external_terminal(id.as_str()).await?)
    }

    /// Hangs up a terminal.
    pub async fn close_terminal(&self, terminal: u32) {
        // One that has ended already needs no closing.
        let _ = self.0.engine.close_terminal(terminal).await;
    }
}
