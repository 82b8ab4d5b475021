//! What was chosen about the pet: read whenever it may have changed, and changed by one choice
//! after another.

use std::collections::VecDeque;

use kennel_model::{
    Choices, Edited, PetId, PetLimits, PetSpec, PetSummary, ShareSummary, UserError,
};
use kennel_protocol::Capabilities;
use relm4::ComponentSender;

use super::PetPage;
use crate::engine::Engine;

/// The pet's spec and how the window comes by it. One question at a time, so that an old answer
/// never follows a newer one.
#[derive(Debug)]
pub struct Chosen {
    engine: Option<Engine>,
    id: PetId,
    spec: Option<PetSpec>,
    /// Why it could not be read the last time.
    problem: Option<UserError>,
    limits: Option<PetLimits>,
    limits_failed: bool,
    /// The running pet goes on as it was before an edit.
    restart_needed: bool,
    asking: bool,
    waiting: VecDeque<Box<Choices>>,
    stale: bool,
}

/// What the engine answered.
#[derive(Debug)]
pub enum Answer {
    /// To a reading.
    Read(Result<(PetSpec, Result<PetLimits, UserError>), UserError>),
    /// To a choice.
    Edited(Result<Edited, UserError>),
    /// What this computer lets pets do, and what it has.
    Computer(
        Result<Capabilities, UserError>,
        Result<Vec<ShareSummary>, UserError>,
    ),
}

impl Chosen {
    /// Nothing is known yet of this pet.
    pub fn new(engine: Engine, pet: &PetSummary) -> Self {
        Self {
            engine: Some(engine),
            id: pet.id.clone(),
            spec: None,
            problem: None,
            limits: None,
            limits_failed: false,
            restart_needed: pet.restart_needed,
            asking: false,
            waiting: VecDeque::new(),
            stale: false,
        }
    }

    /// There is another engine, or none.
    pub fn set_engine(&mut self, engine: Option<Engine>) {
        self.engine = engine;
    }

    /// What the engine says of the pet now.
    pub fn observe(&mut self, pet: &PetSummary) {
        self.restart_needed = pet.restart_needed;
    }

    /// The spec, when no answer is awaited that would change it.
    pub fn settled(&self) -> Option<&PetSpec> {
        self.spec
            .as_ref()
            .filter(|_| self.waiting.is_empty() && !self.asking)
    }

    /// Why there is nothing to be shown of it.
    pub fn problem(&self) -> Option<&UserError> {
        self.problem.as_ref()
    }

    /// What of its limits holds, as far as it is known.
    pub fn limits(&self) -> Option<&PetLimits> {
        self.limits.as_ref()
    }

    /// Whether the running pet is otherwise than was chosen since.
    pub fn needs_restart(&self) -> bool {
        self.restart_needed
    }

    /// Reads it again.
    pub fn read(&mut self, sender: &ComponentSender<PetPage>) {
        self.stale = true;
        self.ask(sender);
    }

    /// Makes these choices.
    pub fn change(&mut self, choices: Box<Choices>, sender: &ComponentSender<PetPage>) {
        self.waiting.push_back(choices);
        self.ask(sender);
    }

    /// Takes an answer; the error in it, if a person has to hear of it.
    pub fn answered(
        &mut self,
        answer: Answer,
        sender: &ComponentSender<PetPage>,
    ) -> Option<UserError> {
        let problem = match answer {
            Answer::Computer(..) => return None,
            Answer::Read(Ok((spec, limits))) => {
                self.spec = Some(spec);
                self.problem = None;
                match limits {
                    Ok(limits) => {
                        self.limits = Some(limits);
                        None
                    }
                    // Said once: it is read again and again.
                    Err(problem) if self.limits.is_none() => {
                        let first = !std::mem::replace(&mut self.limits_failed, true);
                        first.then_some(problem)
                    }
                    Err(_) => None,
                }
            }
            // The settings say it: no dialog, as it is read again and again.
            Answer::Read(Err(problem)) => {
                self.problem = Some(problem);
                None
            }
            Answer::Edited(Ok(edited)) => {
                self.spec = Some(edited.spec);
                if let (Some(known), Some(status)) = (&mut self.limits, edited.limits) {
                    known.status = status;
                }
                self.restart_needed = edited.restart_needed;
                None
            }
            Answer::Edited(Err(problem)) => Some(problem),
        };
        self.asking = false;
        self.ask(sender);
        // Without an engine the window says so already.
        problem.filter(|_| self.engine.is_some())
    }

    fn ask(&mut self, sender: &ComponentSender<PetPage>) {
        let Some(engine) = self.engine.clone() else {
            self.waiting.clear();
            return;
        };
        if self.asking {
            return;
        }
        let id = self.id.clone();
        if let Some(choices) = self.waiting.pop_front() {
            self.asking = true;
            sender.oneshot_command(async move { Answer::Edited(engine.edit(&id, &choices).await) });
        } else if std::mem::take(&mut self.stale) {
            self.asking = true;
            sender.oneshot_command(async move {
                let both = async { Ok((engine.pet(&id).await?, engine.limits(&id).await)) };
                Answer::Read(both.await)
            });
        }
    }
}
