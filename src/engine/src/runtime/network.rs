//! A pet's own network, connected outward by pasta(1): packets of the pet become ordinary sockets
//! of the person, so no privilege is needed. The pet reaches what is outside this computer; its
//! servers, and this computer's, stay apart but for the forwarded ports.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use kennel_model::phrase::reason;
use kennel_model::{NetworkMode, Phrase, PortForward, Transport, phrase, shown};

use super::keeper::KeeperInput;
use crate::files;
use crate::programs;
use crate::sys::process;

/// Where a pet asks for names when the host's own resolver listens on the loopback only; pasta
/// passes it on. An address that nothing else uses (RFC 3927).
pub const FORWARDED_RESOLVER: &str = "169.254.1.1";

/// The servers behind systemd-resolved's stub, in the form of resolv.conf(5).
pub const RESOLVED_UPSTREAM: &str = "/run/systemd/resolve/resolv.conf";

/// How long pasta may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a pet's network is not connected.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum NetworkError {
    /// It is not on this computer.
    NoPasta,
    /// It could not be run.
    Run(#[from] io::Error),
    /// It said no; its last words.
    Refused(String),
}

impl NetworkError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NoPasta => phrase("pasta is not installed: install the package “passt”"),
            Self::Run(error) => {
                phrase("pasta cannot be run: {reason}").saying("reason", reason(error))
            }
            Self::Refused(words) => Phrase::verbatim(format!("pasta: {}", shown(words))),
        }
    }
}

/// The connection of one running pet, by its keeper.
pub struct Uplink {
    wanted: bool,
    connected: bool,
    pid: i32,
    ports: Vec<PortForward>,
    running: PathBuf,
}

impl Uplink {
    /// That of the pet in `input` whose PID 1 is `pid`; nothing where it shares the host's network
    /// or has none.
    pub fn of(input: &KeeperInput<'_>, pid: i32) -> Self {
        Self {
            wanted: input.plan.network == NetworkMode::Private,
            connected: false,
            pid,
            ports: input.plan.ports.clone(),
            running: input.running.clone(),
        }
    }

    /// Connects it unless that is done. Why it failed is left for [`problem`].
    pub fn connect(&mut self) {
        if !self.wanted || self.connected {
            return;
        }
        let note = problem_file(&self.running);
        match connect(self.pid, &self.ports, &self.running) {
            Ok(()) => {
                self.connected = true;
                let _ = fs::remove_file(note);
            }
            Err(error) => {
                let text = serde_json::to_vec(&error.phrase()).unwrap_or_default();
                drop(files::replace(&note, &text));
            }
        }
    }
}

/// Why no pet's own network is connected on this computer, if that is so.
pub fn unavailable() -> Option<Phrase> {
    (!programs::in_path("pasta")).then(|| NetworkError::NoPasta.phrase())
}

/// Why the network of the pet in `running` is not connected, if it should be.
pub fn problem(running: &Path) -> Option<Phrase> {
    let text = fs::read_to_string(problem_file(running)).ok()?;
    // The keeper of a pet may be older than this.
    Some(serde_json::from_str(&text).unwrap_or_else(|_| Phrase::verbatim(shown(&text))))
}

fn problem_file(running: &Path) -> PathBuf {
    running.join("network-problem")
}

/// What pasta is told, for the pet whose PID 1 is `pid`.
fn arguments(pid: i32, ports: &[PortForward], pid_file: &Path) -> Vec<OsString> {
    let forwards = |transport| {
        let specs: Vec<String> = ports
            .iter()
            .filter(|port| port.transport == transport)
            // The loopback only: what else is in the person's network has no business in there.
            .map(|port| format!("127.0.0.1/{}:{}", port.host, port.pet))
            .collect();
        if specs.is_empty() {
            vec!["none".to_owned()]
        } else {
            specs
        }
    };
    let mut all: Vec<OsString> = [
        "--config-net",
        "--quiet",
        // The gateway's address would be this computer's own loopback.
        "--no-map-gw",
        "--dns-forward",
        FORWARDED_RESOLVER,
        // Nothing of this computer's loopback appears in the pet's.
        "--tcp-ns",
        "none",
        "--udp-ns",
        "none",
    ]
    .map(OsString::from)
    .into();
    for (flag, transport) in [
        ("--tcp-ports", Transport::Tcp),
        ("--udp-ports", Transport::Udp),
    ] {
        for spec in forwards(transport) {
            all.extend([flag.into(), spec.into()]);
        }
    }
    all.extend(["--pid".into(), pid_file.into(), pid.to_string().into()]);
    all
}

/// Connects the network of the pet whose PID 1 is `pid`. On return it works; pasta goes on by
/// itself until [`disconnect`].
fn connect(pid: i32, ports: &[PortForward], running: &Path) -> Result<(), NetworkError> {
    disconnect(running);
    let output = Command::new("pasta")
        .args(arguments(pid, ports, &pid_file(running)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => NetworkError::NoPasta,
            _ => error.into(),
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(NetworkError::Refused(last_words(&output.stderr)))
}

/// Ends the pasta of the pet in `running`, if there is one.
pub fn disconnect(running: &Path) {
    let _ = fs::remove_file(problem_file(running));
    let file = pid_file(running);
    let Some(pid) = fs::read_to_string(&file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
    else {
        return;
    };
    // The number may be another process's by now; pasta has our file among its arguments.
    let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let ours = command
        .split(|&byte| byte == 0)
        .any(|word| word == file.as_os_str().as_encoded_bytes());
    if ours {
        end(pid);
    }
    let _ = fs::remove_file(file);
}

/// Ends pasta and waits for that: until then the ports it forwards are taken.
fn end(pid: i32) {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    if let Some(Ok(pasta)) = Pid::from_raw(pid).map(|pid| pidfd_open(pid, PidfdFlags::empty())) {
        let _ = process::end(pasta.as_fd(), libc::SIGTERM, PATIENCE);
    }
}

fn pid_file(running: &Path) -> PathBuf {
    running.join("pasta.pid")
}

/// The line that tells why, without pasta's complaints about a missing system log.
fn last_words(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    text.lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty() && !line.ends_with("bytes to syslog"))
        .unwrap_or("it ended without a word")
        .to_owned()
}

/// The host's resolv.conf(5) as it works in a pet's own network: servers on the host's loopback
/// are not there. `upstream` is [`RESOLVED_UPSTREAM`], where there is one.
pub fn private_resolv_conf(host: &str, upstream: Option<&str>) -> String {
    if has_reachable_server(host) {
        return without_loopback_servers(host);
    }
    match upstream.filter(|text| has_reachable_server(text)) {
        Some(upstream) => without_loopback_servers(upstream),
        None => format!(
            "nameserver {FORWARDED_RESOLVER}\n{}",
            without_loopback_servers(host)
        ),
    }
}

fn server(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    (words.next()? == "nameserver").then(|| words.next())?
}

fn is_loopback(server: &str) -> bool {
    server
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

fn has_reachable_server(text: &str) -> bool {
    text.lines()
        .filter_map(server)
        .any(|server| !is_loopback(server))
}

fn without_loopback_servers(text: &str) -> String {
    text.lines()
        .filter(|line| !server(line).is_some_and(is_loopback))
        .fold(String::new(), |kept, line| kept + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(ports: &[&str]) -> String {
        let ports: Vec<PortForward> = ports.iter().filter_map(|port| port.parse().ok()).collect();
        let words = arguments(7, &ports, Path::new("/run/pasta.pid"));
        words
            .iter()
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn nothing_is_forwarded_unless_it_was_asked_for() {
        assert!(words(&[]).ends_with(
            "--tcp-ns none --udp-ns none --tcp-ports none --udp-ports none --pid /run/pasta.pid 7"
        ));
    }

    #[test]
    fn ports_are_open_on_the_loopback_only() {
        assert!(
            words(&["8080:80", "53/udp"])
                .contains("--tcp-ports 127.0.0.1/8080:80 --udp-ports 127.0.0.1/53:53")
        );
    }

    #[test]
    fn servers_on_the_hosts_loopback_are_replaced() {
        let stub = "# resolved\nnameserver 127.0.0.53\nsearch example.org\n";
        assert_eq!(
            private_resolv_conf(stub, Some("nameserver 192.0.2.53\n")),
            "nameserver 192.0.2.53\n"
        );
        assert_eq!(
            private_resolv_conf(stub, None),
            "nameserver 169.254.1.1\n# resolved\nsearch example.org\n"
        );
        let mixed = "nameserver ::1\nnameserver 192.0.2.1\n";
        assert_eq!(private_resolv_conf(mixed, None), "nameserver 192.0.2.1\n");
    }

    #[test]
    fn the_reason_is_found_between_complaints() {
        let said = b"Failed to open tun socket in namespace\nFailed to send 45 bytes to syslog\n";
        assert_eq!(last_words(said), "Failed to open tun socket in namespace");
    }
}
