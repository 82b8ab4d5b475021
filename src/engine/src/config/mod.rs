//! What a person and their company decided about images and alerts, as files: Kennel's own `config.toml`
//! and the `registries.conf` that other container programs use. Plain data; nothing is fetched.
//!
//! The company's files are in `/etc`, the person's in `$XDG_CONFIG_HOME`. docs/IMAGES.md is the
//! reference of `config.toml`.

mod alerts;
mod edit;
mod endpoints;
mod error;
mod file;
mod places;
mod registries_conf;

pub use alerts::alert_defaults;
pub use edit::{TrustEdit, set_alerts};
pub use endpoints::{Blocked, endpoints};
pub use error::ConfigError;
pub(crate) use file::CONFIG_FILE;
pub use file::{CONFIG_VERSION, ConfigFile, RegistryRules};
pub use kennel_model::{InvalidScope, Scope, longest};
pub use places::Places;
pub use registries_conf::RegistriesConf;

pub(crate) use error::{parse_toml, read_optional};
pub(crate) use kennel_model::canonical;
pub(crate) use places::drop_ins;
