//! What a person and their company decided about images, as files: Kennel's own `config.toml`
//! and the `registries.conf` that other container programs use. Plain data; nothing is fetched.
//!
//! The company's files are in `/etc`, the person's in `$XDG_CONFIG_HOME`. docs/IMAGES.md is the
//! reference of `config.toml`.

mod endpoints;
mod error;
mod file;
mod places;
mod registries_conf;
mod scope;

pub use endpoints::{Blocked, endpoints};
pub use error::ConfigError;
pub use file::{CONFIG_VERSION, ConfigFile, RegistryRules, TrustRules};
pub use places::Places;
pub use registries_conf::RegistriesConf;
pub use scope::{InvalidScope, Scope, longest};

pub(crate) use error::{parse_toml, read_optional};
pub(crate) use places::drop_ins;
pub(crate) use scope::canonical;
