//! What has a shell's terminal: the shell itself, which waits for a command, or a program it runs.

use std::fs;
use std::path::PathBuf;

use kennel_model::{ShellState, shown};

use crate::usage::{Stat, all_pids};

/// What the shell with this pid is at.
pub fn of(shell: i32) -> ShellState {
    ShellState {
        command: Stat::read(shell).and_then(|stat| command(shell, &stat)),
        directory: fs::read_link(format!("/proc/{shell}/cwd"))
            .ok()
            .and_then(absolute),
    }
}

/// The name of the program that runs in the foreground of the terminal of `shell`.
fn command(shell: i32, stat: &Stat) -> Option<String> {
    let group = stat.foreground;
    if group < 1 || group == stat.group || group == shell {
        return None;
    }
    // The leader of a group may have ended before the others, as in “true | sleep 9”.
    let member = || {
        all_pids()
            .filter_map(Stat::read)
            .find(|other| other.group == group)
    };
    Stat::read(group).or_else(member).map(|it| shown(&it.name))
}

/// One that was deleted reads “/old/place (deleted)”, one outside the pet “(unreachable)/…”.
fn absolute(directory: PathBuf) -> Option<String> {
    let text = directory.into_os_string().into_string().ok()?;
    (text.starts_with('/') && !text.ends_with(" (deleted)")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd as _;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use crate::sys::{process, pty};

    /// A shell with job control on a terminal of its own.
    fn shell(pty: &pty::Pty) -> Child {
        let end = || Stdio::from(pty.slave.try_clone().unwrap());
        let mut command = Command::new("bash");
        command.args(["--norc", "--noprofile", "-i"]);
        command.current_dir("/usr/share");
        command.stdin(end()).stdout(end()).stderr(end());
        // SAFETY: setsid and ioctl only.
        #[allow(unsafe_code)]
        unsafe {
            command.pre_exec(|| process::take_terminal(rustix::stdio::stdin()));
        }
        command.spawn().unwrap()
    }

    fn soon(pid: i32, wanted: Option<&str>) {
        let begin = Instant::now();
        while of(pid).command.as_deref() != wanted {
            assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", of(pid));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_program_in_the_foreground_is_named_and_one_behind_is_not() {
        let pty = pty::open_on_host().unwrap();
        let mut child = shell(&pty);
        let pid = child.id() as i32;
        let say = |text: &str| rustix::io::write(pty.master.as_fd(), text.as_bytes()).unwrap();
        say("sleep 100 &\n");
        soon(pid, None);
        assert_eq!(of(pid).directory.as_deref(), Some("/usr/share"));
        say("true | sleep 99\n");
        soon(pid, Some("sleep"));
        say("\x03");
        soon(pid, None);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(of(pid), ShellState::default());
    }

    #[test]
    fn a_place_that_is_no_more_is_none() {
        assert_eq!(absolute("/tmp/x (deleted)".into()), None);
        assert_eq!(absolute("(unreachable)/x".into()), None);
        assert_eq!(absolute("/srv/a b".into()).as_deref(), Some("/srv/a b"));
    }
}
