//! `kennel keeper ID`: the host-side process beside a running pet.

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::UserError;

/// Starts the pet and stays until it ends.
pub fn run(id: &str) -> Result<(), UserError> {
    let _ = rustix::thread::set_name(c"kennel-keeper");
    // The starter may be a terminal's child: its Ctrl+C is not the pet's end.
    let _ = rustix::process::setsid();
    let kennel = Kennel::open()?;
    let spec = kennel.find(id)?;
    let answer = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3).map_err(|error| {
        KennelError::Io {
            path: "/dev/stdout".into(),
            source: error.into(),
        }
    })?;
    Ok(kennel.keep(&spec, answer.into())?)
}
