//! What touches kernel, disk and network: the image store, registries and what is trusted to come
//! from them, the rootless runtime, the pets. No GTK.

pub mod account;
pub mod alerts;
pub mod apps;
pub mod bridge;
mod bus_address;
pub mod catalog;
pub mod cgroup;
pub mod config;
pub mod doctor;
pub mod extract;
pub mod files;
pub mod foreground;
pub mod idmap;
pub mod installed;
pub mod lsm;
pub mod notify;
pub mod paths;
pub mod pets;
mod programs;
pub mod project;
pub mod registry;
pub mod runtime;
pub mod session;
pub mod stage;
pub mod store;
pub mod sys;
pub mod terminals;
pub mod trust;
pub mod unpacker;
pub mod usage;
