//! Apps and commands of a pet on the host's desktop. What a pet says of its apps is foreign text:
//! [`entry`] reads it, bounded, [`scan`] finds it in the pet's files, [`launcher`] writes what the
//! host's desktop gets to see.

pub mod entry;
pub mod exec;
pub mod launcher;
pub mod scan;
