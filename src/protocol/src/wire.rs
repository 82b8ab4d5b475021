//! What both ends agree on: names, version, payload encoding and errors.

use kennel_model::{Phrase, UserError, phrase};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the interface; a window and an engine of different versions refuse each other.
pub const PROTOCOL_VERSION: u32 = 2;

/// The engine's D-Bus interface.
pub const INTERFACE: &str = "io.github.kennel.Engine1";

/// Where the interface is found on the connection.
pub const OBJECT_PATH: &str = "/io/github/kennel/Engine";

/// The kind of the error that the connection to the engine is gone.
pub const ENGINE_LOST: &str = "engine-lost";

/// How ids inside a pet map to ids of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mapping {
    /// A range of subordinate ids: every account of an image works.
    #[default]
    Full,
    /// The person's own id only: no `newuidmap` or no range in `/etc/subuid`.
    SingleUid,
}

/// What this computer lets pets do, so that the window offers only what works.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capabilities {
    /// How ids are mapped.
    pub mapping: Mapping,
    /// What this computer lacks, a sentence each; empty when nothing does.
    #[serde(default)]
    pub notices: Vec<String>,
    /// Whether SELinux is on, so that a pet's label makes a difference.
    #[serde(default)]
    pub selinux: bool,
    /// Why a network of a pet's own is not connected here, and what to do; `None` where it is.
    #[serde(flatten, with = "kennel_model::phrase::field::no_private_network")]
    pub no_private_network: Option<Phrase>,
}

/// An error as it travels over D-Bus.
#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "io.github.kennel.Error")]
pub enum EngineError {
    /// The connection or D-Bus itself failed.
    #[zbus(error)]
    ZBus(zbus::Error),
    /// A [`UserError`] as JSON.
    User(String),
    /// The other end speaks another version; the text says which.
    Version(String),
}

impl From<UserError> for EngineError {
    fn from(error: UserError) -> Self {
        Self::User(encode(&error))
    }
}

impl From<EngineError> for UserError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::User(json) => serde_json::from_str(&json).unwrap_or_else(|_| {
                UserError::new("engine", Phrase::verbatim(json), phrase("try again"))
            }),
            EngineError::Version(text) => UserError::new(
                "version-mismatch",
                Phrase::verbatim(text),
                phrase("install the app and the kennel command from the same release"),
            ),
            EngineError::ZBus(error) => UserError::new(
                match &error {
                    zbus::Error::InputOutput(_) => ENGINE_LOST,
                    _ => "engine-does-not-answer",
                },
                phrase("the engine does not answer"),
                phrase("close Kennel and open it again; your pets keep running"),
            )
            .caused_by(&error),
        }
    }
}

/// A value as the JSON text that travels.
pub fn encode<T: Serialize>(value: &T) -> String {
    // The model's types have text keys and no failing serializer, so this cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads what [`encode`] wrote at the other end.
pub fn decode<T: DeserializeOwned>(json: &str) -> Result<T, UserError> {
    serde_json::from_str(json).map_err(|error| {
        UserError::new(
            "bad-answer",
            phrase("the engine gave an answer that this app does not understand"),
            phrase("install the app and the kennel command from the same release"),
        )
        .caused_by(&error)
    })
}
