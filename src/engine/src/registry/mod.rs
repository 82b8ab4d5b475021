//! Fetching images from registries by the OCI distribution specification 1.1.
//!
//! ```text
//! reference ── endpoints (mirrors, origin) ── client: TLS, log-in, retries
//!     │
//!     ├── manifest   which manifest is for this computer; documents bounded and verified
//!     ├── signature  whoever decides about trust looks at it before a layer is fetched
//!     └── layers     up to six at once:
//!
//!   network ─▶ channel ─▶ intake thread ─┬▶ downloads/<digest>.partial
//!   (one async                           ├▶ SHA-256
//!    thread)                             └▶ pipe ─▶ namespace stage: inflate, diffID, unpack
//! ```
//!
//! No layer is read twice and none is held in memory. What broke is resumed by range from the
//! partial file. Only a verified image becomes visible, by the store's own commit.

mod certificates;
mod challenge;
mod client;
mod credentials;
mod download;
mod endpoint;
mod error;
mod files;
mod intake;
mod layer;
mod layers;
mod manifest;
mod moved;
mod pull;
mod resolver;
mod retry;
mod signature;
mod token;
mod transport;

pub use endpoint::Endpoint;
pub use error::RegistryError;
pub use files::ClientFiles;
pub use moved::moved_to;
pub use pull::{PullReport, PullRequest, pull};
pub use retry::RetryPolicy;
pub use signature::{SignatureCheck, SignatureLayer};
