//! Serves the engine on standard input with the `kennel` of `$KENNEL`: for trying the window
//! against a script.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;

use kennel_protocol::server::{ServerConfig, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let kennel = std::env::var_os("KENNEL").unwrap_or_else(|| "kennel".into());
    let config = ServerConfig {
        kennel: kennel.into(),
        watch: Vec::new(),
    };
    Ok(serve(socket, config).await?)
}
