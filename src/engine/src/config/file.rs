//! Kennel's own `config.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kennel_model::{AlertSettings, TrustSettings};
use serde::{Deserialize, Deserializer};

use super::Scope;
use super::{ConfigError, Places, parse_toml, read_optional};

/// The version of `config.toml` that this program reads.
pub const CONFIG_VERSION: u32 = 1;

/// Where it is below a root of configuration files.
pub(crate) const CONFIG_FILE: &str = "kennel/config.toml";

/// One `config.toml`. An empty one and none mean the same: the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// [`CONFIG_VERSION`].
    pub version: u32,
    /// Whose images are taken without a question.
    #[serde(default)]
    pub trust: TrustSettings,
    /// What holds for single registries or namespaces.
    #[serde(default)]
    pub registries: BTreeMap<Scope, RegistryRules>,
    /// When the person is told about their pets.
    #[serde(default)]
    pub alerts: AlertSettings,
    /// The terminal that opens for a pet outside of the app: a program's name or path.
    #[serde(default)]
    pub terminal: Option<String>,
}

/// `[registries."quay.io/team"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryRules {
    /// Other places that have the same images, tried first, in this order.
    #[serde(default)]
    pub mirrors: Vec<Scope>,
    /// Plain http and certificates that nobody vouches for are accepted.
    #[serde(default)]
    pub insecure: bool,
    /// PEM files of public keys; an image must be signed by one of them.
    #[serde(default, deserialize_with = "at_least_one")]
    pub signed_by: Vec<PathBuf>,
}

/// An empty list would silently ask for no signature at all.
fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    let keys = Vec::<PathBuf>::deserialize(deserializer)?;
    if keys.is_empty() {
        return Err(serde::de::Error::custom("signed_by names no key"));
    }
    Ok(keys)
}

impl ConfigFile {
    /// Reads the company's and the person's file.
    pub fn load(places: &Places) -> Result<[Self; 2], ConfigError> {
        let read = |root: &Path| {
            let path = root.join(CONFIG_FILE);
            match read_optional(&path)? {
                Some(text) => Self::parse(&text, &path),
                None => Ok(Self::default()),
            }
        };
        Ok([read(&places.system)?, read(&places.person)?])
    }

    /// Reads the text of the file at `path`; keys are named relative to its folder.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: Option<toml::Value>,
        }
        let versioned: Versioned = parse_toml(text, path)?;
        match versioned.version {
            Some(toml::Value::Integer(version)) if version == i64::from(CONFIG_VERSION) => {}
            Some(_) => {
                let reason = format!("this Kennel reads version {CONFIG_VERSION} only");
                return Err(ConfigError::invalid(path, reason));
            }
            None if text
                .lines()
                .all(|line| line.trim().is_empty() || line.trim().starts_with('#')) =>
            {
                return Ok(Self::default());
            }
            None => {
                let reason = format!("it lacks the line “version = {CONFIG_VERSION}”");
                return Err(ConfigError::invalid(path, reason));
            }
        }
        let mut file: Self = parse_toml(text, path)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        for rules in file.registries.values_mut() {
            for key in &mut rules.signed_by {
                *key = folder.join(&*key);
            }
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ConfigFile, String> {
        ConfigFile::parse(text, Path::new("/home/p/.config/kennel/config.toml"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_file() {
        let file = parse(
            r#"
            version = 1
            [trust]
            only = true
            registries = ["registry.example.org", "quay.io/team"]
            [registries."registry.example.org"]
            mirrors = ["mirror.example.org/cache"]
            insecure = true
            signed_by = ["team.pem", "/etc/keys/other.pem"]
            "#,
        )
        .unwrap();
        assert!(file.trust.only);
        let rules = &file.registries[&"registry.example.org".parse::<Scope>().unwrap()];
        assert!(rules.insecure);
        assert_eq!(rules.mirrors[0].as_str(), "mirror.example.org/cache");
        let keys = ["/home/p/.config/kennel/team.pem", "/etc/keys/other.pem"];
        assert_eq!(rules.signed_by, keys.map(PathBuf::from));
    }

    #[test]
    fn a_terminal_is_named() {
        let file = parse("version = 1\nterminal = \"kgx\"\n").unwrap();
        assert_eq!(file.terminal.as_deref(), Some("kgx"));
    }

    #[test]
    fn nothing_and_comments_are_the_defaults() {
        assert_eq!(parse("").unwrap(), ConfigFile::default());
        assert_eq!(parse("# later\n\n").unwrap(), ConfigFile::default());
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = parse("version = 1\n[trust]\nonyl = true\n").unwrap_err();
        assert!(
            error.contains("config.toml line 3: unknown field `onyl`"),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1);
    }

    #[test]
    fn what_would_silently_mean_less_is_refused() {
        for (text, why) in [
            ("version = 2", "version 1 only"),
            ("version = 2\nnew = 1", "version 1 only"),
            ("[trust]\nonly = true", "lacks the line"),
            (
                "version = 1\n[registries.\"quay.io\"]\nsigned_by = []",
                "names no key",
            ),
            (
                "version = 1\n[registries.\"quay.io\"]\nsigned_by = \"k.pem\"",
                "line 3",
            ),
            (
                "version = 1\n[trust]\nregistries = [\"https://quay.io\"]",
                "line 3",
            ),
            ("version = 1\n[registries.quay]", "not a registry"),
            ("version = ", "line 1"),
            (
                "version = 1\n[alerts]\ncpu_percent = 101",
                "line 3: \"101\" is not a whole number from 1 to 100",
            ),
            ("version = 1\n[alerts]\ncpu = 90", "line 3"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
