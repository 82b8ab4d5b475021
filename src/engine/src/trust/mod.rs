//! Whether an image may be fetched: from a source that is trusted, or signed by a wanted key.
//!
//! [`decide`] is one pure function over a reference and [`Rules`]; [`signature`] checks
//! cosign-format signatures with keys that are on this computer. Nothing here talks to a network.

mod approve;
mod decide;
mod key;
mod policy;
mod rules;
pub mod signature;

pub use approve::Approved;
pub use decide::{AskReason, Decision, Refusal, decide};
pub use key::{KeyError, PublicKey};
pub use policy::Policy;
pub use rules::{Identity, KeySource, Rules, SignatureRule};
pub use signature::{SignatureError, Signed, verify};
