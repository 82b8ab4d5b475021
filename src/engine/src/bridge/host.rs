//! The host's end: one caller, one command. Runs in a process of its own, which has one thread.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{Phrase, phrase};
use nix::errno::Errno;
use rustix::event::{PollFd, PollFlags, poll};

use super::channel::{Channel, Frame};
use super::command::{Command, Running};
use super::directory::{Place, on_host};
use super::environment;
use super::wire::{Answer, Ask, Directory, Garbled, HIGHEST_DESCRIPTOR, Left, Request};
use crate::session::Variables;
use crate::sys::pty;

/// What of the host the commands of one pet need.
#[derive(Debug)]
pub struct Host {
    /// What of the host is in the pet.
    pub places: Vec<Place>,
    /// An empty directory: where a command runs whose caller is in a directory that only the pet
    /// has. Anywhere else it could take the files there for the caller's.
    pub nowhere: PathBuf,
    /// The `kennel` executable, which may not be in `PATH`.
    pub kennel: PathBuf,
    /// The environment of the person's session.
    pub environment: Variables,
    /// The control group of the commands.
    pub group: Option<OwnedFd>,
}

/// What happens to a command.
#[derive(Debug)]
pub enum Turn<'a> {
    /// It starts; an error keeps it from it.
    Starts(&'a Request),
    /// It did not start, for this reason.
    Failed(&'a Request, &'a Phrase),
    /// It ended with this exit status; `None` when its caller went before.
    Ended(&'a Request, Option<u8>),
}

/// Why a command does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The exit status that the caller ends with: 125 is the bridge's, 126 and 127 a shell's.
    pub status: u8,
    /// What happened and what to do.
    pub reason: Phrase,
}

impl Refusal {
    fn of_ours(reason: Phrase) -> Self {
        Self {
            status: 125,
            reason,
        }
    }
}

/// What a caller asks for, with descriptors by number.
#[derive(Debug)]
pub struct Call {
    request: Request,
    descriptors: BTreeMap<u32, OwnedFd>,
}

/// Hears what the caller at the other end of `channel` asks for, which costs next to nothing: a
/// caller that asks for nothing sensible is told so and is `None`.
///
/// # Errors
///
/// When the caller cannot be heard or told.
pub fn hear(channel: &Channel) -> io::Result<Option<Call>> {
    let Some(frame) = channel.receive()? else {
        return Ok(None);
    };
    match asked(frame) {
        Ok(call) => Ok(Some(call)),
        Err(garbled) => refuse(
            channel,
            Refusal::of_ours(Phrase::verbatim(garbled.to_string())),
        )
        .map(|()| None),
    }
}

/// Serves the caller at the other end of `channel`; `tell` hears of every turn.
///
/// # Errors
///
/// When the caller cannot be told; the command, if it runs, then goes its own way.
pub fn serve(
    channel: &Channel,
    call: Call,
    host: &Host,
    tell: &dyn Fn(&Turn<'_>) -> Result<(), Refusal>,
) -> io::Result<()> {
    let Call {
        request,
        descriptors,
    } = call;
    let started = tell(&Turn::Starts(&request)).and_then(|()| start(&request, descriptors, host));
    let (running, terminal) = match started {
        Ok(started) => started,
        Err(refusal) => {
            let _ = tell(&Turn::Failed(&request, &refusal.reason));
            return refuse(channel, refusal);
        }
    };
    let descriptors: Vec<_> = terminal.iter().map(AsFd::as_fd).collect();
    let told = channel.send(&Answer::Started.encode(), &descriptors);
    // The caller alone holds it from now on: when it goes, the command is hung up.
    drop(terminal);
    let status = match told {
        Ok(()) => attend(channel, &running, request.left),
        Err(_) => leave(&running, request.left),
    };
    let _ = tell(&Turn::Ended(&request, status));
    match status {
        Some(status) => channel.send(&Answer::Exited(status).encode(), &[]),
        None => Ok(()),
    }
}

fn refuse(channel: &Channel, refusal: Refusal) -> io::Result<()> {
    channel.send(
        &Answer::Refused(refusal.status, refusal.reason.to_string()).encode(),
        &[],
    )
}

/// The request of a caller's first frame, with its descriptors by number.
fn asked(frame: Frame) -> Result<Call, Garbled> {
    let Ask::Run(request) = Ask::decode(frame.kind, &frame.body)? else {
        return Err(Garbled);
    };
    if request.descriptors.len() != frame.descriptors.len() {
        return Err(Garbled);
    }
    let numbers = request.descriptors.iter().copied();
    let descriptors: BTreeMap<u32, OwnedFd> = numbers.zip(frame.descriptors).collect();
    let fit = descriptors
        .keys()
        .all(|&number| number <= HIGHEST_DESCRIPTOR);
    if !fit || descriptors.len() != request.descriptors.len() {
        return Err(Garbled);
    }
    Ok(Call {
        request: *request,
        descriptors,
    })
}

/// Starts the command; its terminal's controlling side, if it has a terminal.
fn start(
    request: &Request,
    descriptors: BTreeMap<u32, OwnedFd>,
    host: &Host,
) -> Result<(Running, Option<OwnedFd>), Refusal> {
    let name = request.arguments.first().cloned().unwrap_or_default();
    let pty = request.terminal.map(|(columns, rows)| {
        let pty = pty::open_on_host()?;
        pty::resize(pty.master.as_fd(), columns, rows)?;
        Ok(pty)
    });
    let pty = pty.transpose().map_err(|error: io::Error| {
        Refusal::of_ours(
            phrase("the host has no terminal to give: {reason}").saying("reason", reason(&error)),
        )
    })?;
    let (master, slave) = pty.map(|pty| (pty.master, pty.slave)).unzip();
    let command = Command {
        program: if name == "kennel" {
            host.kennel.clone().into_os_string()
        } else {
            name.clone()
        },
        arguments: request.arguments.clone(),
        directory: directory(&request.directory, host)?,
        environment: environment::of_command(request, &host.environment),
        terminal: slave,
        group: host.group.as_ref().and_then(|group| group.try_clone().ok()),
        descriptors,
    };
    match command.start() {
        Ok(running) => Ok((running, master)),
        Err(error) => Err(not_run(&name, error)),
    }
}

fn not_run(name: &OsString, error: Errno) -> Refusal {
    let name = name.to_string_lossy();
    let (status, reason) = match error {
        Errno::ENOENT | Errno::ENOTDIR => (
            127,
            phrase("“{name}” is not on the host: install it there, or in the pet"),
        ),
        Errno::EACCES => (126, phrase("“{name}” on the host is not executable")),
        Errno::E2BIG => (126, phrase("“{name}” on the host: too many arguments")),
        other => (
            126,
            phrase("“{name}” on the host: {reason}").with("reason", other.desc()),
        ),
    };
    Refusal {
        status,
        reason: reason.with("name", name),
    }
}

/// Where on the host the command runs.
fn directory(wanted: &Directory, host: &Host) -> Result<PathBuf, Refusal> {
    let is_there = |path: &PathBuf| path.is_dir();
    match wanted {
        Directory::Callers(path) => {
            let found = on_host(path, &host.places).filter(is_there);
            Ok(found.unwrap_or_else(|| host.nowhere.clone()))
        }
        Directory::Wanted(path) => {
            let as_it_is = || Some(path.clone()).filter(|path| path.is_absolute());
            let found = on_host(path, &host.places).filter(is_there);
            found
                .or_else(|| as_it_is().filter(is_there))
                .ok_or_else(|| {
                    Refusal::of_ours(
                        phrase("{path} is not a directory of the host")
                            .with("path", path.display()),
                    )
                })
        }
    }
}

/// Passes signals on until the command ends: its exit status, or `None` when the caller went before.
fn attend(channel: &Channel, running: &Running, left: Left) -> Option<u8> {
    loop {
        let mut events = [
            PollFd::from_borrowed_fd(running.pidfd.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(channel.as_fd(), PollFlags::IN),
        ];
        if poll(&mut events, None).is_err() {
            continue;
        }
        let [ended, said] = events.map(|event| !event.revents().is_empty());
        if ended {
            return Some(exit_status(running.pid));
        }
        if said {
            let frame = channel.receive().ok().flatten();
            match frame.map(|frame| Ask::decode(frame.kind, &frame.body)) {
                Some(Ok(Ask::Signal(number))) => signal(running.pid, i32::from(number)),
                // One caller has one command.
                _ => return leave(running, left),
            }
        }
    }
}

/// The caller has gone.
fn leave(running: &Running, left: Left) -> Option<u8> {
    match left {
        Left::HangUp => {
            signal(running.pid, libc::SIGHUP);
            // One that was stopped hears nothing before.
            signal(running.pid, libc::SIGCONT);
        }
        Left::Interrupt => signal(running.pid, libc::SIGINT),
        Left::GoOn => {}
    }
    None
}

/// Sends `number` to the command's process group. It has not been waited for: the group is its own.
fn signal(group: i32, number: i32) {
    // SAFETY: integers only; a number that is no signal is an error without effect.
    #[allow(unsafe_code)]
    unsafe {
        libc::kill(-group, number);
    }
}

fn exit_status(pid: i32) -> u8 {
    use nix::sys::wait::{WaitStatus, waitpid};
    match waitpid(nix::unistd::Pid::from_raw(pid), None) {
        Ok(WaitStatus::Exited(_, status)) => status as u8,
        Ok(WaitStatus::Signaled(_, signal, _)) => 128 + signal as u8,
        // Cannot happen: it is our child and has ended.
        _ => 125,
    }
}

/// The command of `request` as it would be typed.
pub fn shown(request: &Request) -> String {
    let words = request.arguments.iter().map(|word| {
        let word = word.to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.into_owned()
        } else {
            kennel_model::quoted(&kennel_model::shown(&word))
        }
    });
    let mut text = words.collect::<Vec<_>>().join(" ");
    if text.len() > LONGEST_SHOWN {
        let mut end = LONGEST_SHOWN;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Bytes of a command line that are written down.
const LONGEST_SHOWN: usize = 4096;

/// Makes the empty directory `path`.
pub fn make_nowhere(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    match std::fs::DirBuilder::new().mode(0o500).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_written_down_as_it_would_be_typed() {
        let request = |words: &[&str]| Request {
            arguments: words.iter().map(OsString::from).collect(),
            ..Request::default()
        };
        let text = shown(&request(&["podman", "run", "-v", "/a b:/c", "it's", ""]));
        assert_eq!(text, "podman run -v '/a b:/c' 'it'\\''s' ''");
        let forged = shown(&request(&["echo", "x\n2026 ended\u{1b}[2J"]));
        assert!(
            !forged.contains('\n') && !forged.contains('\u{1b}'),
            "{forged}"
        );
        assert!(shown(&request(&["é".repeat(9000).as_str()])).len() < 5000);
    }

    #[test]
    fn a_directory_of_the_pet_alone_is_nowhere_on_the_host() {
        let host = Host {
            places: vec![Place {
                inside: "/src".into(),
                outside: "/usr".into(),
            }],
            nowhere: "/nowhere".into(),
            kennel: "/usr/bin/kennel".into(),
            environment: Variables::new(),
            group: None,
        };
        let callers = |path: &str| directory(&Directory::Callers(path.into()), &host);
        let wanted = |path: &str| directory(&Directory::Wanted(path.into()), &host);
        assert_eq!(callers("/src/lib"), Ok("/usr/lib".into()));
        assert_eq!(callers("/etc"), Ok("/nowhere".into()));
        assert_eq!(wanted("/etc"), Ok("/etc".into()));
        assert!(wanted("/no/such").is_err() && wanted("etc").is_err());
    }
}
