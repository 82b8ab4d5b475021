//! What touches kernel and disk: the image store and what is trusted to enter it, the rootless
//! runtime, the pets. No GTK.

pub mod account;
pub mod catalog;
pub mod config;
pub mod extract;
pub mod idmap;
pub mod paths;
pub mod pets;
pub mod runtime;
pub mod stage;
pub mod store;
pub mod sys;
pub mod trust;
pub mod unpacker;
