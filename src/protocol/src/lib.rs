//! How Kennel's window and engine talk: D-Bus, peer to peer, over a Unix socket pair.
//!
//! ```text
//! window ── client::Start ──▶ `kennel serve --fd 0` ── server::serve ──▶ `kennel list --json`
//!   ▲                                                  │             └─▶ `kennel job create …`
//!   └────────── JobEvent, PetsChanged, TerminalExited ─┘
//! ```
//!
//! Inside a Flatpak ([`flatpak`]) the engine is a command on the host; after that all is the same.
//!
//! Structured payloads are JSON texts of [`kennel_model`] types, so there is one schema for the
//! disk, for `--json` and for D-Bus. The server keeps no state that is not on disk: every query
//! and job is a one-shot `kennel` process, so a job that crashes takes nothing else with it.

#[allow(missing_docs, reason = "zbus generates items without documentation")]
pub mod client;
pub mod flatpak;
#[allow(missing_docs, reason = "zbus generates items without documentation")]
pub mod server;
mod stderr;
mod wire;

pub use stderr::error_line;
pub use wire::{
    Capabilities, ENGINE_LOST, EngineError, INTERFACE, Mapping, OBJECT_PATH, PROTOCOL_VERSION,
    decode, encode,
};
