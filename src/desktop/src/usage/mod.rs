//! What pets use, as it is shown: the [`Feed`] gathers samples while something shows them,
//! a [`History`] keeps the last five minutes of each pet, a [`Graph`] draws them.
//!
//! The page of one pet is in `pet_page/usage`; [`AllPets`] is the dialog about all of them.

mod all_pets;
mod feed;
mod graph;
mod history;
pub mod words;

pub use all_pets::AllPets;
pub use feed::{Feed, Known};
pub use graph::{Curve, Graph, Picture, Tint, top};
pub use history::{History, Moment};
