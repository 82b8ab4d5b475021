//! Which of the refusals in the log are a pet's.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use kennel_model::{Denial, shown};
use serde::Deserialize;

use crate::lsm;
use crate::lsm::label::Label;
use crate::runtime::state::{RunningState, start_time};

/// As many are shown.
const SHOWN: usize = 10;
/// Ticks a second in /proc (time(7)).
const USER_HZ: u64 = 100;

/// By what a pet is known in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Its label, which no other pet has.
    Label(String),
    /// Its processes: pid on this computer, and when it started, in microseconds since 1970. Of
    /// those that have ended nothing tells that they were its own.
    Processes(BTreeMap<u32, u64>),
}

impl Subject {
    /// Of the pet of `state`.
    pub fn of(state: &RunningState) -> Self {
        let label = lsm::selinux_label(&state.init.pid.to_string());
        match label.filter(|label| label.parse::<Label>().is_ok_and(|it| it.pair().is_some())) {
            Some(label) => Self::Label(label),
            None => Self::Processes(processes(state.init.pid)),
        }
    }

    fn is(&self, record: &Record) -> bool {
        match self {
            Self::Label(label) => *label == record.label,
            Self::Processes(all) => {
                let started = all.get(&record.pid);
                // A later process may have the pid of one that was refused something.
                started.is_some_and(|started| *started <= record.micros)
            }
        }
    }
}

/// The processes in the pid namespace of process `init`, with their start.
fn processes(init: i32) -> BTreeMap<u32, u64> {
    let namespace = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
    let (Some(own), Some(boot)) = (namespace(&init.to_string()), boot_micros()) else {
        return BTreeMap::new();
    };
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let pid: u32 = name.to_str()?.parse().ok()?;
            (namespace(name.to_str()?)? == own).then_some(())?;
            let ticks = start_time(i32::try_from(pid).ok()?).ok()?;
            Some((pid, boot + ticks * (1_000_000 / USER_HZ)))
        })
        .collect()
}

/// When this computer was started: `btime` of proc_stat(5), a whole second not after it.
fn boot_micros() -> Option<u64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(line.trim().parse::<u64>().ok()? * 1_000_000)
}

/// The newest of those in `journal`, as journalctl prints it in JSON, that are of `subject`.
pub fn of(subject: &Subject, journal: &str) -> Vec<Denial> {
    let records = journal.lines().filter_map(Record::parse);
    let own = records.filter(|record| subject.is(record));
    own.map(|record| record.denial).take(SHOWN).collect()
}

/// One refusal, whosever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    micros: u64,
    pid: u32,
    label: String,
    denial: Denial,
}

/// A line of journalctl's (systemd.journal-fields(7)).
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "__REALTIME_TIMESTAMP")]
    micros: String,
    #[serde(rename = "MESSAGE")]
    message: Text,
}

/// A field's value: bytes that are no text come as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Bytes(Vec<u8>),
}

impl Record {
    fn parse(line: &str) -> Option<Self> {
        let line: Line = serde_json::from_str(line).ok()?;
        let micros = line.micros.parse().ok()?;
        let message = match line.message {
            Text::Text(text) => text,
            Text::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        };
        Self::parse_message(micros, &message)
    }

    /// `avc:  denied  { read open } for  pid=1 comm="cat" name="f" scontext=… tcontext=… tclass=file
    /// permissive=0`, as the kernel's `avc_audit_pre_callback` and what follows it write it.
    fn parse_message(micros: u64, message: &str) -> Option<Self> {
        let (_, rest) = message.split_once("avc:")?;
        let rest = rest.trim_start().strip_prefix("denied")?;
        let (wanted, fields) = rest.split_once('{')?.1.split_once('}')?;
        let field = |name: &str| {
            fields
                .split_ascii_whitespace()
                .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
        };
        let object = ["path", "name", "dest"].into_iter().find_map(field);
        let time = UNIX_EPOCH.checked_add(Duration::from_micros(micros))?;
        Some(Self {
            micros,
            pid: field("pid")?.parse().ok()?,
            label: field("scontext")?.to_owned(),
            denial: Denial {
                // Beyond the year 9999 it has no such form.
                time: (micros < MICROS_LIMIT)
                    .then(|| humantime::format_rfc3339_seconds(time).to_string())?,
                program: text(field("comm")?),
                wanted: wanted.split_ascii_whitespace().map(shown).collect(),
                class: shown(field("tclass")?),
                object: object.map(text),
                object_type: field("tcontext")
                    .and_then(|text| text.parse::<Label>().ok())
                    .map(|label| shown(label.kind())),
                refused: field("permissive") != Some("1"),
            },
        })
    }
}

/// The year 9999.
const MICROS_LIMIT: u64 = 253_370_764_800_000_000;

/// A text that a program chose: in quotes, or in hexadecimal where it holds a quote, a space or
/// anything that is not printable ASCII (the kernel's `audit_log_untrustedstring`).
fn text(value: &str) -> String {
    if let Some(quoted) = value.strip_prefix('"') {
        return shown(quoted.strip_suffix('"').unwrap_or(quoted));
    }
    let digits = value.as_bytes();
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair)
                .ok()
                .filter(|pair| pair.len() == 2);
            u8::from_str_radix(pair?, 16).ok()
        })
        .collect();
    match bytes {
        Some(bytes) => shown(&String::from_utf8_lossy(&bytes)),
        None => shown(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: &str = "unconfined_u:unconfined_r:container_t:s0:c1,c2";
    const MICROS: u64 = 1_790_000_000_000_000;

    fn line(message: &str) -> String {
        serde_json::json!({"__REALTIME_TIMESTAMP": MICROS.to_string(), "MESSAGE": message})
            .to_string()
    }

    fn avc(comm: &str, name: &str, label: &str) -> String {
        line(&format!(
            "AVC avc:  denied  {{ read open }} for  pid=42 comm={comm} name={name} dev=\"vda1\" ino=7 \
             scontext={label} tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=0"
        ))
    }

    fn found(journal: &str) -> Vec<Denial> {
        of(&Subject::Label(LABEL.to_owned()), journal)
    }

    #[test]
    fn a_refusal_says_who_wanted_what_of_what() {
        let all = found(&avc("\"cat\"", "\"shadow\"", LABEL));
        assert_eq!(
            all[0].describe().to_string(),
            "cat: read, open file “shadow” (shadow_t)"
        );
        assert_eq!(all[0].time, "2026-09-21T14:13:20Z");
        assert!(all[0].refused);
    }

    #[test]
    fn only_what_the_label_of_the_pet_was_refused_is_its_own() {
        let other = "unconfined_u:unconfined_r:container_t:s0:c1,c23";
        assert!(found(&avc("\"cat\"", "\"shadow\"", other)).is_empty());
    }

    #[test]
    fn without_a_label_of_its_own_its_processes_tell() {
        let journal = avc("\"cat\"", "\"shadow\"", "u:r:unconfined_t:s0");
        let known = |pid, started| Subject::Processes([(pid, started)].into());
        assert_eq!(of(&known(42, MICROS - 1), &journal).len(), 1);
        // Another process had that pid then.
        assert!(of(&known(42, MICROS + 1), &journal).is_empty());
        assert!(of(&known(43, 0), &journal).is_empty());
    }

    #[test]
    fn a_hostile_name_is_shown_and_forges_nothing() {
        // "x\" permissive=1\n\x1b[2J" as the kernel writes it.
        let name = "7822207065726D6973736976653D310A1B5B324A";
        let all = found(&avc("5B1B5D", name, LABEL));
        assert!(all[0].refused);
        assert_eq!(all[0].program, "[\\u{1b}]");
        assert_eq!(
            all[0].object.as_deref(),
            Some("x\" permissive=1\\u{a}\\u{1b}[2J")
        );
    }

    #[test]
    fn what_is_no_refusal_is_passed_over() {
        for message in [
            "",
            "AVC avc:  granted  { read } for  pid=1 comm=\"a\"",
            "AVC avc:  denied  { read",
            "AVC avc:  denied  } {",
            "AVC avc:  denied  { read } for  pid=x comm=\"a\" scontext=a tclass=file",
            "AVC apparmor=\"DENIED\" operation=\"open\" pid=42",
        ] {
            assert!(found(&line(message)).is_empty(), "{message}");
        }
        for journal in ["{", "null", "{\"MESSAGE\":[1,2]}", "\u{0}"] {
            assert!(found(journal).is_empty(), "{journal}");
        }
    }

    #[test]
    fn text_that_is_no_text_comes_as_bytes() {
        let message = "AVC avc:  denied  { read } for  pid=1 comm=\"a\" scontext=SS tclass=file";
        let message = message.replace("SS", LABEL);
        let bytes = serde_json::json!({"__REALTIME_TIMESTAMP": "1", "MESSAGE": message.as_bytes()});
        assert_eq!(found(&bytes.to_string()).len(), 1);
    }

    #[test]
    fn ten_are_shown_and_permissive_ones_say_so() {
        let one = avc("\"cat\"", "\"shadow\"", LABEL).replace("permissive=0", "permissive=1");
        let all = found(&vec![one; 12].join("\n"));
        assert_eq!(all.len(), 10);
        assert!(
            all[0]
                .describe()
                .to_string()
                .ends_with("written down but not refused")
        );
    }
}
