//! When a person is told that a pet eats the machine: rules over samples, with no clock and no I/O
//! of their own.

mod cpu;
mod level;

pub use cpu::{CpuSample, CpuWatch};
pub use level::Level;

use kennel_model::AlertKind;

/// What a sample changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The person is told.
    Raised(AlertKind),
    /// It is over.
    Cleared(AlertKind),
}
