//! Setting pets up where the person can see it.

use kennel_engine::paths::Paths;
use kennel_engine::pets::{Kennel, is_unfinished};
use kennel_engine::runtime::state::RunningState;
use kennel_model::{PetSpec, UserError};

use super::progress::TerminalProgress;
use crate::cancel;

/// Runs what is left of the setup of `spec`, which runs; `again` tries a step that failed before.
pub fn finish(kennel: &Kennel, spec: &PetSpec, again: bool) -> Result<(), UserError> {
    let progress = TerminalProgress::new();
    let done = cancel::while_watched(|| kennel.set_up(spec, again, &progress));
    progress.clear();
    Ok(done?)
}

/// `kennel setup`: starts the pet if need be, and goes on with what failed.
pub fn again(kennel: &Kennel, spec: &PetSpec) -> Result<(), UserError> {
    kennel.start(spec)?;
    finish(kennel, spec, true)
}

/// Before the pet of `state` is entered. A step that fails or has failed is only noted: the pet is
/// there to mend it. Costs nothing for a pet that is set up.
pub fn before_entering(paths: &Paths, state: &RunningState) -> Result<(), UserError> {
    if !is_unfinished(paths, &state.id) {
        return Ok(());
    }
    let kennel = Kennel::open()?;
    let spec = kennel.find(state.id.as_str())?;
    match finish(&kennel, &spec, false) {
        Err(error) if error.kind == "setup" && !cancel::is_wanted() => {
            eprintln!("kennel: note: {error}");
            Ok(())
        }
        done => done,
    }
}
