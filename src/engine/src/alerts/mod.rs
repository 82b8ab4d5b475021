//! When a person is told that a pet eats the machine: rules over samples, with no clock and no I/O
//! of their own.
//!
//! [`CpuWatch`] and [`Level`] judge one thing each. [`PetWatch`] feeds them with what is seen of a
//! pet, and [`Told`] holds back what would be a storm. [`words`] says it. The keeper
//! (`runtime::keeper`) makes the samples and tells the person.

mod cpu;
mod level;
mod notice;
mod pet;
mod told;
pub mod words;

pub use cpu::{CpuSample, CpuWatch};
pub use level::{Fill, Level};
pub use notice::{Notice, Offer};
pub use pet::{Load, PetWatch, Reading};
pub use told::Told;

use kennel_model::AlertKind;

/// What a sample changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The person is told.
    Raised(AlertKind),
    /// It is over.
    Cleared(AlertKind),
}
