//! What the person and their company trust, as Preferences shows it.

use serde::{Deserialize, Serialize};

use crate::Scope;

/// `[trust]` of one `config.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustSettings {
    /// Refuse everything that is not trusted instead of asking.
    #[serde(default)]
    pub only: bool,
    /// Registries and namespaces that are trusted.
    #[serde(default)]
    pub registries: Vec<Scope>,
}

/// Both files' settings: `kennel job trust-list`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrustList {
    /// The person's; theirs to change.
    pub own: TrustSettings,
    /// The company's.
    pub company: TrustSettings,
}
