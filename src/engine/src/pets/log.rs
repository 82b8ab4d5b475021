//! A pet's log: JSON lines, one event each, in `$XDG_STATE_HOME/kennel/log/<id>.jsonl`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::SystemTime;

use kennel_model::{AlertKind, PetId, Phrase};
use serde::{Deserialize, Serialize};

use super::Kennel;
use super::tail::{LogWatch, Tail};
use crate::files;
use crate::paths::Paths;

/// A log above this many bytes is moved to `<id>.jsonl.1` before the next line.
const ROTATE_AT: u64 = 1 << 20;
const ROTATED: &str = "jsonl.1";

/// One line of a pet's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When, RFC 3339.
    pub time: String,
    /// What, in a word.
    pub event: String,
    /// More about it: in English for whoever reads the file, with a phrase beside it for the app.
    #[serde(flatten, with = "kennel_model::phrase::field::text")]
    pub text: Phrase,
    /// Which alert, of `alert` and `alert-over`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
}

impl LogLine {
    /// What happens at this moment.
    pub(super) fn now(event: &str, text: Phrase) -> Self {
        Self {
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            event: event.to_owned(),
            text,
            kind: None,
        }
    }
}

/// Appends a line. A log that cannot be written never stops a pet: the error is dropped.
pub fn write_log(paths: &Paths, id: &PetId, event: &str, text: Phrase) {
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
        fs::rename(path, path.with_extension(ROTATED))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

/// The lines of a pet's log, oldest first, with those that were moved away when it was full; a line
/// that does not read is shown as it is.
pub fn read_log(paths: &Paths, id: &PetId) -> io::Result<Vec<LogLine>> {
    let path = paths.log(id);
    let newest = open_if_there(&path)?;
    let before = open_if_there(&path.with_extension(ROTATED))?;
    // It may be moved between the two lines above: then both are the same.
    let before = match (&newest, before) {
        (Some(newest), Some(before)) if is_same(newest, &before)? => None,
        (_, before) => before,
    };
    let files = before.into_iter().chain(newest);
    let lines = files.flat_map(|file| BufReader::new(file).lines());
    lines.map(|line| line.map(|line| parse(&line))).collect()
}

fn open_if_there(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_same(one: &File, other: &File) -> io::Result<bool> {
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
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
        text: Phrase::verbatim(line),
        kind: None,
    })
}

impl Kennel {
    pub(super) fn write_log(&self, id: &PetId, event: &str, text: Phrase) {
        write_log(&self.paths, id, event, text);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use kennel_model::phrase::field;

    use super::*;

    #[test]
    fn what_was_moved_away_is_still_told() {
        let place = tempfile::tempdir().unwrap();
        let paths = Paths {
            data: place.path().into(),
            state: place.path().into(),
            runtime: place.path().into(),
        };
        let id = PetId::from_random(1);
        assert_eq!(read_log(&paths, &id).unwrap(), []);
        write_log(
            &paths,
            &id,
            "host-command-failed",
            Phrase::verbatim("the first"),
        );
        let text = "x".repeat(4096);
        let rotated = paths.log(&id).with_extension(ROTATED);
        while !rotated.exists() {
            write_log(&paths, &id, "console", Phrase::verbatim(&text));
        }
        let lines = read_log(&paths, &id).unwrap();
        assert_eq!(lines[0].text.to_string(), "the first");
        assert_eq!(lines.last().unwrap().text.to_string(), text);
        assert!(lines.len() > 200, "{}", lines.len());
        // Read while it is moved: told once.
        let count = lines.len();
        let newest = paths.log(&id);
        fs::remove_file(&newest).unwrap();
        fs::hard_link(&rotated, &newest).unwrap();
        assert_eq!(read_log(&paths, &id).unwrap().len(), count - 1);
    }

    #[test]
    fn a_line_has_its_english_text_and_the_phrase_beside_it() {
        let text = Phrase::verbatim("from {image}").with("image", "debian:13");
        let line = LogLine::now("created", text.clone());
        let json = serde_json::to_value(&line).unwrap();
        assert_eq!(json["text"], "from debian:13");
        assert_eq!(json["text_phrase"]["values"]["image"], "debian:13");
        assert_eq!(parse(&json.to_string()).text, text);
        // Those of before, and what a script reads.
        let old = r#"{"time": "t", "event": "renamed", "text": "it was {old}"}"#;
        assert_eq!(parse(old).text.to_string(), "it was {old}");
        let plain = field::english_only(|| serde_json::to_value(&line).unwrap());
        assert!(plain.get("text_phrase").is_none(), "{plain}");
    }
}
