//! `kennel keeper ID`: the host-side process beside a running pet.

use kennel_engine::pets::{Kennel, report_to_starter};
use kennel_model::UserError;

/// Starts the pet and stays until it ends.
pub fn run(id: &str) -> Result<(), UserError> {
    let _ = rustix::thread::set_name(c"kennel-keeper");
    // The starter may be a terminal's child: its Ctrl+C is not the pet's end.
    let _ = rustix::process::setsid();
    let result = Kennel::open().and_then(|kennel| {
        let spec = kennel.find(id)?;
        kennel.keep(&spec)
    });
    result.map_err(|error| {
        let error = UserError::from(error);
        report_to_starter(&error);
        error
    })
}
