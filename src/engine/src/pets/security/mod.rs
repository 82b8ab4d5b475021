//! What confines a pet: read from the kernel ([`kernel`]), gathered with everything else that
//! matters ([`facts`]), and told in a report ([`report`]), which is a pure function of the facts.

mod capabilities;
mod denials;
mod facts;
mod journal;
mod kernel;
mod report;

pub(super) use kernel::read;
pub use kernel::{Namespaces, Security, SelinuxMode};
pub(super) use report::report;
