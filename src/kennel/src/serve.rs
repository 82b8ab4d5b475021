//! `kennel serve --fd N`: the engine's D-Bus server for one client.

use std::os::fd::{AsFd, BorrowedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{UserError, phrase};
use kennel_protocol::server::{ServerConfig, serve};

/// Serves until the client goes away.
pub fn run(fd: RawFd) -> Result<(), UserError> {
    let failed = |error: &dyn std::error::Error| {
        UserError::new(
            "serve",
            phrase("the engine cannot serve the app"),
            phrase("start Kennel again"),
        )
        .caused_by(error)
    };
    let kennel = Kennel::open()?;
    let paths = &kennel.paths;
    let watch = vec![
        paths.pets(),
        paths.runtime.clone(),
        paths.data.join("images"),
    ];
    for directory in &watch {
        std::fs::create_dir_all(directory).map_err(|source| KennelError::Io {
            path: directory.clone(),
            source,
        })?;
    }
    // SAFETY: the descriptor was passed by our parent under this number and is used nowhere else.
    #[allow(unsafe_code)]
    let passed = unsafe { BorrowedFd::borrow_raw(fd) };
    let stream = passed
        .as_fd()
        .try_clone_to_owned()
        .map(UnixStream::from)
        .map_err(|error| failed(&error))?;
    let config = ServerConfig {
        kennel: PathBuf::from("/proc/self/exe"),
        watch,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    runtime
        .block_on(serve(stream, config))
        .map_err(|error| failed(&error))
}
