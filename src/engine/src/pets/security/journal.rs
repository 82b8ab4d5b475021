//! The refusals in the system's log, by journalctl(1).

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kennel_model::{Denials, marked};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// As many of the newest are looked at, whosever they are.
const LINES: &str = "500";
/// As many bytes are read.
const BYTES: u64 = 1 << 20;

/// What SELinux refused anybody in the last day, newest first, a JSON object each line; or why
/// that cannot be known. `person` is the account that asks.
pub fn refusals(person: &str) -> Result<String, Denials> {
    let files = system_logs();
    if files.is_empty() {
        return Err(unreadable(marked("this computer keeps no journal"), None));
    }
    if !files.iter().any(|file| File::open(file).is_ok()) {
        return Err(unreadable(
            marked("your account may not read the journal of this computer"),
            Some(format!(
                "sudo usermod --append --groups systemd-journal {person}"
            )),
        ));
    }
    let mut journal = ask().map_err(|_| unreadable(marked("journalctl is not installed"), None))?;
    let answer = read(&mut journal);
    let _ = journal.kill();
    let _ = journal.wait();
    answer.ok_or_else(|| unreadable(marked("the journal took too long to answer"), None))
}

fn unreadable(reason: &str, command: Option<String>) -> Denials {
    Denials::Unreadable {
        reason: reason.to_owned(),
        command,
    }
}

/// The files of the system's own log (systemd-journald.service(8), “Files”). Without the right to
/// read them journalctl would show the person's own messages, and nothing would seem refused.
fn system_logs() -> Vec<PathBuf> {
    let id = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    ["/run/log/journal", "/var/log/journal"]
        .iter()
        .map(|directory| {
            PathBuf::from(directory)
                .join(id.trim())
                .join("system.journal")
        })
        .filter(|file| file.exists())
        .collect()
}

fn ask() -> std::io::Result<Child> {
    Command::new("journalctl")
        // What only the kernel can have said: no program can claim these fields.
        .args(["_TRANSPORT=audit", "_AUDIT_TYPE_NAME=AVC"])
        .args(["--quiet", "--no-pager", "--reverse", "--since=-24h"])
        .args(["--lines", LINES, "--output=json", "--output-fields=MESSAGE"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// What `journal` prints, if it ends in time.
fn read(journal: &mut Child) -> Option<String> {
    let output = journal.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(BYTES).read_to_end(&mut bytes);
        // Nobody listens any more after the timeout.
        let _ = sender.send(read.map(|_| bytes));
    });
    let bytes = receiver.recv_timeout(PATIENCE).ok()?.ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
