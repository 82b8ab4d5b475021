//! `kennel bridge ID`: one caller in the pet, who is at standard input. Started by the keeper.

use std::os::unix::net::UnixStream;

use kennel_engine::bridge::channel::Channel;
use kennel_engine::bridge::host;
use kennel_engine::pets::Kennel;
use kennel_model::UserError;

/// Serves the caller until their command has ended.
pub fn run(id: &str) -> Result<(), UserError> {
    let failed = |error: std::io::Error| {
        UserError::verbatim("bridge", "a caller in the pet could not be served", "")
            .caused_by(&error)
    };
    let connection = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3);
    let connection = connection.map_err(|error| failed(error.into()))?;
    // The command must not find it as its input.
    let null = std::fs::File::open("/dev/null").map_err(failed)?;
    rustix::stdio::dup2_stdin(&null).map_err(|error| failed(error.into()))?;
    let channel = Channel::new(UnixStream::from(connection));
    let Some(call) = host::hear(&channel).map_err(failed)? else {
        return Ok(());
    };
    let kennel = Kennel::open()?;
    let spec = kennel.find(id)?;
    kennel.serve_caller(&spec, &channel, call).map_err(failed)
}
