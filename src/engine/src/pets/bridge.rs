//! What a pet may have run on the host, and what is written down of it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use kennel_model::phrase::reason;
use kennel_model::{HostAnswer, HostCommands, HostQuestion, PetId, PetSpec, Phrase, phrase};

use super::{Kennel, KennelError};
use crate::bridge::channel::Channel;
use crate::bridge::directory::Place;
use crate::bridge::host::{self, Call, Host, Refusal, Turn, shown};
use crate::bridge::question;
use crate::bridge::wire::{Answer, Directory, Request};
use crate::cgroup::commands;
use crate::files;
use crate::runtime::plan::RuntimePlan;
use crate::session::{self, Variables};

/// Where it is kept what of the host is in a running pet, in its running directory.
const PLACES: &str = "places.json";

/// Writes down what of the host is in the pet of `plan`, for as long as it runs.
pub(super) fn record_places(running: &Path, plan: &RuntimePlan) -> io::Result<()> {
    let places = crate::bridge::directory::places(&plan.binds);
    files::replace(&running.join(PLACES), &serde_json::to_vec(&places)?)
}

/// Reads what [`record_places`] wrote.
pub(super) fn read_places(running: &Path) -> io::Result<Vec<Place>> {
    Ok(serde_json::from_slice(&fs::read(running.join(PLACES))?)?)
}

impl Kennel {
    /// Serves one caller in the pet of `spec`, who is at the other end of `channel`. The calling
    /// process must have one thread.
    pub fn serve_caller(&self, spec: &PetSpec, channel: &Channel, call: Call) -> io::Result<()> {
        let running = self.paths.running(&spec.id);
        let places = read_places(&running)?;
        let host = Host {
            places,
            nowhere: running.join("nowhere"),
            kennel: fs::read_link("/proc/self/exe")?,
            environment: session::current(&self.paths),
            group: commands::group(&spec.id),
        };
        let tell = |turn: &Turn<'_>| self.heed(spec, channel, turn);
        host::serve(channel, call, &host, &tell)
    }

    /// Allows or refuses a command, and writes down what becomes of it.
    fn heed(&self, spec: &PetSpec, channel: &Channel, turn: &Turn<'_>) -> Result<(), Refusal> {
        let (event, text) = match turn {
            Turn::Starts(request) => {
                self.allowed(spec, request, channel)?;
                ("host-command", Phrase::verbatim(shown(request)))
            }
            Turn::Failed(request, reason) => (
                "host-command-failed",
                phrase("{command}: {reason}")
                    .with("command", shown(request))
                    .saying("reason", (*reason).clone()),
            ),
            Turn::Ended(request, Some(status)) => (
                "host-command-ended",
                phrase("{command}: exit status {status}")
                    .with("command", shown(request))
                    .with("status", status),
            ),
            Turn::Ended(request, None) => (
                "host-command-ended",
                phrase("{command}: its caller went first").with("command", shown(request)),
            ),
        };
        self.write_log(&spec.id, event, text);
        Ok(())
    }
}

/// What a person allowed for good, in the directory of the pet.
const ALLOWED: &str = "allowed-commands.json";

impl Kennel {
    /// Whether the command of `request` may run, by what is written now: what was allowed when the
    /// pet started may have been taken back.
    fn allowed(&self, spec: &PetSpec, request: &Request, channel: &Channel) -> Result<(), Refusal> {
        let refusal = |reason: Phrase| Refusal {
            status: 125,
            reason,
        };
        match spec.host_commands {
            HostCommands::On => Ok(()),
            HostCommands::Off => Err(refusal(
                phrase(
                    "“{name}” may not run commands on the host: to let it, run there: {command}",
                )
                .with("name", &spec.name)
                .with(
                    "command",
                    format!("kennel edit {} --host-commands on", spec.name),
                ),
            )),
            HostCommands::Ask => match self.ask(spec, request, channel) {
                Ok(Some(HostAnswer::Once | HostAnswer::Always)) => Ok(()),
                Ok(Some(HostAnswer::Deny)) => Err(refusal(phrase(
                    "you did not allow this on the host: nothing was run",
                ))),
                Ok(None) => Err(refusal(phrase(
                    "nobody allowed this on the host: answer when Kennel's window asks, or with: kennel answer",
                ))),
                Err(error) => Err(refusal(
                    phrase("the host cannot ask whether this is allowed: {reason}")
                        .saying("reason", reason(&error)),
                )),
            },
        }
    }

    /// Asks the person, unless they allowed the very same for good.
    fn ask(
        &self,
        spec: &PetSpec,
        request: &Request,
        channel: &Channel,
    ) -> io::Result<Option<HostAnswer>> {
        let known = self.allowed_for_good(&spec.id);
        let words = words_of(request);
        if words.as_ref().is_some_and(|words| known.contains(words)) {
            return Ok(Some(HostAnswer::Always));
        }
        bring_window(spec, &session::current(&self.paths));
        let running = self.paths.running(&spec.id);
        let question = asked(request);
        let standing = question::ask(&running, &question)?;
        let how = Answer::Waits(how_to_answer(spec, question.number));
        channel.send(&how.encode(), &[])?;
        let answer = standing.wait(channel.as_fd())?;
        if let (Some(HostAnswer::Always), Some(words)) = (answer, words) {
            let all: Vec<_> = known.into_iter().chain([words]).collect();
            let path = self.paths.pet(&spec.id).join(ALLOWED);
            files::replace(&path, &serde_json::to_vec_pretty(&all)?)?;
        }
        Ok(answer)
    }

    fn allowed_for_good(&self, id: &PetId) -> Vec<Vec<String>> {
        let text = fs::read(self.paths.pet(id).join(ALLOWED)).unwrap_or_default();
        // What cannot be read was not allowed.
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Takes back what the person allowed the pet `id` for good.
    pub(super) fn forget_allowed(&self, id: &PetId) {
        let _ = fs::remove_file(self.paths.pet(id).join(ALLOWED));
    }

    /// The commands of the pet that wait for the person's word.
    pub fn questions(&self, spec: &PetSpec) -> Vec<HostQuestion> {
        match spec.host_commands {
            HostCommands::Ask => question::standing(&self.paths.running(&spec.id)),
            HostCommands::On | HostCommands::Off => Vec::new(),
        }
    }

    /// The person's word on the question `number` of `spec`.
    pub fn answer_question(
        &self,
        spec: &PetSpec,
        number: u32,
        answer: HostAnswer,
    ) -> Result<(), KennelError> {
        let running = self.paths.running(&spec.id);
        question::answer(&running, number, answer).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KennelError::NoSuchQuestion(spec.name.to_string(), number),
            _ => KennelError::io(running)(error),
        })
    }
}

/// The window asks; it is started where it does not run. A process of its own does that, since
/// D-Bus takes threads and this one must stay with one.
fn bring_window(spec: &PetSpec, environment: &Variables) {
    let _ = Command::new("/proc/self/exe")
        .args(["show-pet", spec.id.as_str()])
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

/// Where the person gives their word: the window may be on no display that they see.
fn how_to_answer(spec: &PetSpec, number: u32) -> String {
    let name = &spec.name;
    format!(
        "this waits for your word: answer in Kennel's window, or on the host: kennel answer {name} {number} once|always|deny"
    )
}

/// The question that `request` is.
fn asked(request: &Request) -> HostQuestion {
    let text = |text: &OsString| kennel_model::shown(&text.to_string_lossy());
    let (Directory::Callers(directory) | Directory::Wanted(directory)) = &request.directory;
    let set = request.set.iter();
    let set = set.map(|(name, value)| format!("{}={}", text(name), text(value)));
    HostQuestion {
        number: std::process::id(),
        command: shown(request),
        directory: text(&directory.clone().into_os_string()),
        variables: set.chain(request.unset.iter().map(text)).collect(),
        asked: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
    }
}

/// What may be allowed for good: a command that means the same each time, since no variable was
/// set for it.
fn words_of(request: &Request) -> Option<Vec<String>> {
    let plain = request.set.is_empty() && request.unset.is_empty() && !request.clear_environment;
    let words = request.arguments.iter();
    let words = words.map(|word| word.to_str().map(str::to_owned));
    plain.then(|| words.collect())?
}
