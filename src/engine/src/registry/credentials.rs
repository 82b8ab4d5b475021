//! Log-ins that podman, skopeo or docker wrote: containers-auth.json(5), and credential helpers.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde::Deserialize;

use super::{Endpoint, RegistryError};

/// Who a person is at a registry. Never shown, and gone from memory with the pull.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// A name and a password (or an access token in its place).
    Password { user: String, password: String },
    /// A refresh token that is exchanged for access tokens.
    Identity(String),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct AuthFile {
    auths: HashMap<String, Entry>,
    cred_helpers: HashMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    identitytoken: Option<String>,
}

/// How long a helper may take; it may ask the person to unlock a keyring.
const HELPER_PATIENCE: Duration = Duration::from_secs(60);
/// A user name and a secret are small.
const HELPER_LIMIT: u64 = 64 << 10;
/// The name docker gives to Docker Hub.
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// The log-in for `endpoint` from the first of `files` that has one.
pub(super) fn find(
    files: &[PathBuf],
    endpoint: &Endpoint,
) -> Result<Option<Credentials>, RegistryError> {
    for path in files {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unusable(path, error)),
        };
        let file: AuthFile =
            serde_json::from_slice(&bytes).map_err(|error| unusable(path, error))?;
        if let Some(found) = in_file(&file, path, endpoint)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn in_file(
    file: &AuthFile,
    path: &Path,
    endpoint: &Endpoint,
) -> Result<Option<Credentials>, RegistryError> {
    let host = endpoint.host();
    if let Some(helper) = file.cred_helpers.get(host) {
        return ask_helper(helper, host);
    }
    for key in keys(endpoint) {
        let entry = file.auths.iter().find(|(name, _)| normal(name) == key);
        if let Some(found) = entry
            .map(|(_, entry)| read_entry(entry, path))
            .transpose()?
            .flatten()
        {
            return Ok(Some(found));
        }
    }
    match &file.creds_store {
        Some(helper) if host == "docker.io" => ask_helper(helper, DOCKER_HUB_KEY),
        Some(helper) => ask_helper(helper, host),
        None => Ok(None),
    }
}

/// The keys to look for, the narrowest namespace first.
fn keys(endpoint: &Endpoint) -> Vec<String> {
    let mut key = format!("{}/{}", endpoint.host(), endpoint.repository());
    let mut keys = Vec::new();
    while let Some((shorter, _)) = key.rsplit_once('/') {
        let shorter = shorter.to_owned();
        keys.push(std::mem::replace(&mut key, shorter));
    }
    keys.push(key);
    keys
}

/// A key of docker's as containers-auth.json(5) reads it.
fn normal(key: &str) -> &str {
    if key == DOCKER_HUB_KEY || key == "index.docker.io" {
        return "docker.io";
    }
    let bare = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"));
    match bare {
        // With a scheme it is docker's way to name a whole registry.
        Some(bare) => bare.split('/').next().unwrap_or(bare),
        None => key,
    }
}

fn read_entry(entry: &Entry, path: &Path) -> Result<Option<Credentials>, RegistryError> {
    if let Some(token) = entry.identitytoken.as_ref().filter(|it| !it.is_empty()) {
        return Ok(Some(Credentials::Identity(token.clone())));
    }
    let Some(encoded) = entry.auth.as_ref().filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| unusable(path, "an entry is not base64"))?;
    let (user, password) = decoded
        .split_once(':')
        .ok_or_else(|| unusable(path, "an entry has no password"))?;
    Ok(Some(Credentials::Password {
        user: user.to_owned(),
        // docker pads with NUL bytes.
        password: password.trim_matches('\0').to_owned(),
    }))
}

#[derive(Deserialize)]
struct HelperAnswer {
    #[serde(rename = "Username", default)]
    user: String,
    #[serde(rename = "Secret", default)]
    secret: String,
}

/// Runs `docker-credential-NAME get`. A helper that knows nothing is no error.
fn ask_helper(name: &str, server: &str) -> Result<Option<Credentials>, RegistryError> {
    let failed = |reason: String| RegistryError::CredentialHelper {
        name: name.to_owned(),
        reason,
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(failed("its name is not a plain word".to_owned()));
    }
    let mut child = Command::new(format!("docker-credential-{name}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not listen says so by its status.
        let _ = stdin.write_all(server.as_bytes());
    }
    let stdout = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(HELPER_LIMIT).read_to_end(&mut text);
        }
        text
    });
    let end = Instant::now() + HELPER_PATIENCE;
    let status = loop {
        match child
            .try_wait()
            .map_err(|error| failed(error.to_string()))?
        {
            Some(status) => break status,
            None if Instant::now() > end => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed("it does not answer".to_owned()));
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let text = reader.join().unwrap_or_default();
    if !status.success() {
        let said = String::from_utf8_lossy(&text);
        if said.contains("credentials not found") {
            return Ok(None);
        }
        return Err(failed(said.trim().chars().take(200).collect()));
    }
    let answer: HelperAnswer =
        serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
    Ok(Some(if answer.user == "<token>" {
        Credentials::Identity(answer.secret)
    } else {
        Credentials::Password {
            user: answer.user,
            password: answer.secret,
        }
    }))
}

fn unusable(path: &Path, error: impl std::fmt::Display) -> RegistryError {
    RegistryError::AuthFile {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(reference: &str) -> Endpoint {
        Endpoint::origin(&reference.parse().unwrap())
    }

    fn user(json: &str, reference: &str) -> Option<String> {
        let file: AuthFile = serde_json::from_str(json).unwrap();
        let found = in_file(&file, Path::new("auth.json"), &endpoint(reference)).unwrap();
        match found? {
            Credentials::Password { user, .. } => Some(user),
            Credentials::Identity(token) => Some(token),
        }
    }

    /// `who:secret`
    fn auth(who: &str) -> String {
        base64::engine::general_purpose::STANDARD.encode(format!("{who}:secret"))
    }

    #[test]
    fn the_narrowest_namespace_wins() {
        let json = format!(
            r#"{{"auths": {{"r.example": {{"auth": "{}"}}, "r.example/team": {{"auth": "{}"}},
                "r.example/team/app": {{"auth": "{}"}}}}}}"#,
            auth("all"),
            auth("team"),
            auth("app")
        );
        assert_eq!(user(&json, "r.example/team/app:1").as_deref(), Some("app"));
        assert_eq!(
            user(&json, "r.example/team/other:1").as_deref(),
            Some("team")
        );
        assert_eq!(user(&json, "r.example/teams/app:1").as_deref(), Some("all"));
        assert_eq!(user(&json, "r.example:5000/team/app:1"), None);
    }

    #[test]
    fn dockers_own_keys() {
        let json = format!(
            r#"{{"auths": {{"https://index.docker.io/v1/": {{"auth": "{}"}}, "https://r.example/v2/": {{"identitytoken": "t"}}}}}}"#,
            auth("hub")
        );
        assert_eq!(
            user(&json, "docker.io/library/debian:13").as_deref(),
            Some("hub")
        );
        assert_eq!(user(&json, "r.example/a:1").as_deref(), Some("t"));
    }

    #[test]
    fn what_is_no_log_in_is_said() {
        let file: AuthFile =
            serde_json::from_str(r#"{"auths": {"r.example": {"auth": "?"}}}"#).unwrap();
        assert!(in_file(&file, Path::new("a"), &endpoint("r.example/a:1")).is_err());
        assert!(ask_helper("../../bin/sh", "r.example").is_err());
        assert_eq!(
            user(r#"{"auths": {"r.example": {}}}"#, "r.example/a:1"),
            None
        );
    }
}
