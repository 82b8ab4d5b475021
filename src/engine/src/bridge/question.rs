//! A command that waits for the person's word: a file with the question in the pet's running
//! directory, which lists and the window have it from, and one with the answer beside it.

use std::fs;
use std::io;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kennel_model::{HostAnswer, HostQuestion};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::files;

/// How long the person has for an answer. A window that nobody sees must not keep a build waiting
/// for ever.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How often the answer is looked for.
const LOOK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// What a question's file begins with.
const QUESTION: &str = "question-";

fn question_file(running: &Path, number: u32) -> PathBuf {
    running.join(format!("{QUESTION}{number}.json"))
}

fn answer_file(running: &Path, number: u32) -> PathBuf {
    running.join(format!("answer-{number}.json"))
}

/// A question that stands, until this is dropped.
#[derive(Debug)]
pub struct Standing<'a> {
    running: &'a Path,
    number: u32,
}

/// Asks `question` in the running directory of its pet.
pub fn ask<'a>(running: &'a Path, question: &HostQuestion) -> io::Result<Standing<'a>> {
    let number = question.number;
    let _ = fs::remove_file(answer_file(running, number));
    let standing = Standing { running, number };
    files::replace(
        &question_file(running, number),
        &serde_json::to_vec(question)?,
    )?;
    Ok(standing)
}

impl Standing<'_> {
    /// Waits for the answer: `None` when there is none in time, or the caller, who is at `caller`,
    /// did not wait for it.
    pub fn wait(self, caller: BorrowedFd<'_>) -> io::Result<Option<HostAnswer>> {
        wait(self.running, self.number, caller)
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(question_file(self.running, self.number));
        let _ = fs::remove_file(answer_file(self.running, self.number));
    }
}

fn wait(running: &Path, number: u32, caller: BorrowedFd<'_>) -> io::Result<Option<HostAnswer>> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Ok(text) = fs::read(answer_file(running, number)) {
            return Ok(Some(serde_json::from_slice(&text)?));
        }
        // Whatever it says now is that it does not want to wait: a signal, or its end.
        let mut said = [PollFd::from_borrowed_fd(caller, PollFlags::IN)];
        if poll(&mut said, Some(&LOOK)).is_ok_and(|count| count > 0) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The questions that stand in the running directory of a pet, oldest first.
pub fn standing(running: &Path) -> Vec<HostQuestion> {
    let mut all: Vec<_> = fs::read_dir(running)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(QUESTION))
        .filter_map(|entry| {
            let asked = entry.metadata().ok()?.modified().ok()?;
            let question = serde_json::from_slice(&fs::read(entry.path()).ok()?).ok()?;
            Some((asked, question))
        })
        .collect();
    all.sort_by_key(|(asked, _): &(_, HostQuestion)| *asked);
    all.into_iter().map(|(_, question)| question).collect()
}

/// Answers the question `number` of the pet whose running directory is `running`.
///
/// # Errors
///
/// When it does not stand any more.
pub fn answer(running: &Path, number: u32, answer: HostAnswer) -> io::Result<()> {
    fs::metadata(question_file(running, number))?;
    files::replace(&answer_file(running, number), &serde_json::to_vec(&answer)?)
}

/// Takes away what a keeper before left: nobody waits for it.
pub fn forget_all(running: &Path) {
    for question in standing(running) {
        let _ = fs::remove_file(question_file(running, question.number));
    }
}
