//! A pet's log: JSON lines, one event each, in `$XDG_STATE_HOME/kennel/log/<id>.jsonl`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::time::SystemTime;

use kennel_model::{AlertKind, PetId};
use serde::{Deserialize, Serialize};

use super::Kennel;
use super::tail::{LogWatch, Tail};
use crate::files;
use crate::paths::Paths;

/// A log above this many bytes is moved to `<id>.jsonl.1` before the next line.
const ROTATE_AT: u64 = 1 << 20;

/// One line of a pet's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When, RFC 3339.
    pub time: String,
    /// What, in a word.
    pub event: String,
    /// More about it.
    pub text: String,
    /// Which alert, of `alert` and `alert-over`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
}

impl LogLine {
    /// What happens at this moment.
    pub(super) fn now(event: &str, text: &str) -> Self {
        Self {
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            event: event.to_owned(),
            text: text.to_owned(),
            kind: None,
        }
    }
}

/// Appends a line. A log that cannot be written never stops a pet: the error is dropped.
pub fn write_log(paths: &Paths, id: &PetId, event: &str, text: &str) {
    write_line(paths, id, &LogLine::now(event, text));
}

/// Appends `line`, in the same way.
pub(super) fn write_line(paths: &Paths, id: &PetId, line: &LogLine) {
    let _ = open_log(&paths.log(id)).and_then(|mut file| {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        file.write_all(&bytes)
    });
}

fn open_log(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        files::make_private(directory)?;
    }
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > ROTATE_AT) {
        fs::rename(path, path.with_extension("jsonl.1"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

/// The lines of a pet's log, oldest first; a line that does not read is shown as it is.
pub fn read_log(paths: &Paths, id: &PetId) -> io::Result<Vec<LogLine>> {
    match File::open(paths.log(id)) {
        Ok(file) => BufReader::new(file)
            .lines()
            .map(|line| line.map(|line| parse(&line)))
            .collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Calls `show` for every line from the first on, until `show` says false.
pub fn follow_log(
    paths: &Paths,
    id: &PetId,
    mut show: impl FnMut(&LogLine) -> bool,
) -> io::Result<()> {
    files::make_private(&paths.logs())?;
    let watch = LogWatch::new(&paths.logs())?;
    let mut tail = Tail::from_start(paths.log(id));
    loop {
        if !tail.lines()?.iter().all(&mut show) {
            return Ok(());
        }
        watch.wait()?;
    }
}

/// A line of a log; one that does not read is shown as it is.
pub(super) fn parse(line: &str) -> LogLine {
    serde_json::from_str(line).unwrap_or_else(|_| LogLine {
        time: String::new(),
        event: "console".to_owned(),
        text: line.to_owned(),
        kind: None,
    })
}

impl Kennel {
    pub(super) fn write_log(&self, id: &PetId, event: &str, text: &str) {
        write_log(&self.paths, id, event, text);
    }
}
