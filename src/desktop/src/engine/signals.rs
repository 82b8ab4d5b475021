//! What the engine says by itself.

use futures_util::StreamExt as _;
use kennel_model::{JobEvent, UsageSample};
use kennel_protocol::client::{
    JobEventStream, PetsChangedStream, TerminalExitedStream, UsageSampledStream,
};
use kennel_protocol::{EngineError, decode};

use super::Engine;

/// What the engine says by itself.
#[derive(Debug)]
pub enum EngineEvent {
    /// A job got further or ended.
    Job(u32, JobEvent),
    /// Pets or images changed.
    Changed,
    /// Running pets were looked at.
    Usage(UsageSample),
    /// A terminal's shell ended.
    TerminalExited(u32, i32),
    /// The connection is gone.
    Lost,
}

/// What the engine says by itself.
pub struct Signals {
    engine: Engine,
    jobs: JobEventStream,
    pets: PetsChangedStream,
    samples: UsageSampledStream,
    exits: TerminalExitedStream,
    all: zbus::MessageStream,
}

impl std::fmt::Debug for Signals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signals").finish_non_exhaustive()
    }
}

impl Signals {
    /// What `engine` says from now on.
    pub async fn of(engine: &Engine) -> Result<Self, zbus::Error> {
        let proxy = &engine.0.engine;
        Ok(Self {
            engine: engine.clone(),
            jobs: proxy.receive_job_event().await?,
            pets: proxy.receive_pets_changed().await?,
            samples: proxy.receive_usage_sampled().await?,
            exits: proxy.receive_terminal_exited().await?,
            all: zbus::MessageStream::from(&engine.0.bus),
        })
    }

    /// Forwards them until the connection ends.
    pub async fn forward(mut self, out: relm4::Sender<EngineEvent>) {
        // Whatever ended it, nothing more will come.
        let _ = self.forward_all(&out).await;
        self.engine.forget().await;
        out.emit(EngineEvent::Lost);
    }

    async fn forward_all(&mut self, out: &relm4::Sender<EngineEvent>) -> Result<(), EngineError> {
        let Self {
            jobs,
            pets,
            samples,
            exits,
            all,
            engine: _,
        } = self;
        loop {
            tokio::select! {
                biased;
                Some(signal) = jobs.next() => {
                    let arguments = signal.args()?;
                    if let Ok(event) = decode(&arguments.event) {
                        out.emit(EngineEvent::Job(arguments.job, event));
                    }
                }
                Some(_) = pets.next() => out.emit(EngineEvent::Changed),
                Some(signal) = samples.next() => if let Ok(sample) = decode(&signal.args()?.sample) {
                    out.emit(EngineEvent::Usage(sample));
                },
                Some(signal) = exits.next() => {
                    let arguments = signal.args()?;
                    out.emit(EngineEvent::TerminalExited(arguments.terminal, arguments.status));
                }
                message = all.next() => if !matches!(message, Some(Ok(_))) {
                    return Ok(());
                },
            }
        }
    }
}
