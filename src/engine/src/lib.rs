//! Kennel's engine: everything that touches the disk and the kernel.

pub mod extract;
pub mod store;
