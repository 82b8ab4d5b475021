//! What touches kernel and disk: the image store, the rootless runtime, the pets. No GTK.

pub mod account;
pub mod idmap;
pub mod paths;
pub mod runtime;
pub mod stage;
pub mod sys;
