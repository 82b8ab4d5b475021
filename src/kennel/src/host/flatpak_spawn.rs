//! `flatpak-spawn --host`, as scripts and wrappers of toolbox's know it (flatpak-spawn(1)), answered
//! in the pet.

use std::ffi::{OsStr, OsString};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use kennel_engine::bridge::wire::{Directory, HIGHEST_DESCRIPTOR, Left, Request};

use super::{caller, complain};

/// Runs it with `arguments`; its exit status.
pub fn run(arguments: &[OsString]) -> i32 {
    let wanted = match parse(arguments) {
        Ok(wanted) => wanted,
        Err(reason) => {
            eprintln!("flatpak-spawn: {reason}");
            return 1;
        }
    };
    let mut descriptors = Vec::new();
    for &number in &wanted.forwarded {
        // SAFETY: the number is that of a descriptor that whoever started this process left open
        // for this, or of none, which the kernel says when it is passed.
        #[allow(unsafe_code)]
        let descriptor = unsafe { BorrowedFd::borrow_raw(number as i32) };
        if let Err(error) = rustix::io::fcntl_getfd(descriptor) {
            eprintln!("flatpak-spawn: --forward-fd={number}: {error}");
            return 1;
        }
        descriptors.push((number, descriptor));
    }
    caller::run(wanted.request, &descriptors).unwrap_or_else(|error| complain(&error))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    request: Request,
    forwarded: Vec<u32>,
}

fn parse(arguments: &[OsString]) -> Result<Wanted, String> {
    // Without --watch-bus the command goes on when flatpak-spawn ends.
    let mut wanted = Wanted::default();
    wanted.request.left = Left::GoOn;
    let mut on_host = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.as_bytes();
        if !text.starts_with(b"-") || text == b"-" {
            wanted.request.arguments.push(argument.clone());
            break;
        }
        if text == b"--" {
            break;
        }
        let (option, attached) = split(argument);
        let mut value = || {
            let value = attached.clone().or_else(|| rest.next().cloned());
            value.ok_or_else(|| format!("{option} needs a value"))
        };
        match option.as_str() {
            "--host" => on_host = true,
            "--clear-env" => wanted.request.clear_environment = true,
            "--watch-bus" => wanted.request.left = Left::Interrupt,
            "--env" => wanted.request.set.push(variable(&value()?)?),
            "--unset-env" => wanted.request.unset.push(value()?),
            "--directory" => wanted.request.directory = Directory::Wanted(value()?.into()),
            "--forward-fd" => wanted.forwarded.push(descriptor(&value()?)?),
            "-v" | "--verbose" => {}
            other => {
                return Err(format!(
                    "{other} is not known in a pet, where only --host is"
                ));
            }
        }
    }
    wanted.request.arguments.extend(rest.cloned());
    // Its own standard streams go along anyway.
    wanted.forwarded.retain(|&number| number > 2);
    if !on_host {
        return Err("there is no Flatpak sandbox here: only --host is known in a pet".to_owned());
    }
    if wanted.request.arguments.is_empty() {
        return Err("no command: flatpak-spawn --host COMMAND".to_owned());
    }
    Ok(wanted)
}

/// `--option=value` in two.
fn split(argument: &OsStr) -> (String, Option<OsString>) {
    let text = argument.as_bytes();
    let (option, value) = match text.iter().position(|&byte| byte == b'=') {
        Some(at) => (
            &text[..at],
            Some(OsString::from_vec(text[at + 1..].to_vec())),
        ),
        None => (text, None),
    };
    (String::from_utf8_lossy(option).into_owned(), value)
}

fn variable(text: &OsStr) -> Result<(OsString, OsString), String> {
    let at = text.as_bytes().iter().position(|&byte| byte == b'=');
    let at = at.filter(|&at| at > 0);
    let at = at.ok_or_else(|| format!("--env={} is not VAR=VALUE", text.to_string_lossy()))?;
    let part = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let bytes = text.as_bytes();
    Ok((part(&bytes[..at]), part(&bytes[at + 1..])))
}

fn descriptor(text: &OsStr) -> Result<u32, String> {
    let number = text.to_str().and_then(|text| text.parse().ok());
    number
        .filter(|&number| number <= HIGHEST_DESCRIPTOR)
        .ok_or_else(|| format!("--forward-fd={}: not a descriptor", text.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Wanted, String> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        parse(&words)
    }

    #[test]
    fn a_wrapper_of_podman_is_understood() {
        let wanted = parsed(&["--host", "podman", "run", "--env", "A=1", "--", "x"]).unwrap();
        assert_eq!(
            wanted.request.arguments,
            ["podman", "run", "--env", "A=1", "--", "x"]
        );
        assert!(wanted.request.set.is_empty());
    }

    #[test]
    fn every_option_of_the_host_is_known() {
        let wanted = parsed(&[
            "--host",
            "--env=A=b=c",
            "--env",
            "D=",
            "--unset-env=E",
            "--directory=/srv",
            "--clear-env",
            "--forward-fd=7",
            "--forward-fd=1",
            "--watch-bus",
            "--",
            "-x",
        ])
        .unwrap();
        assert_eq!(wanted.request.arguments, ["-x"]);
        assert_eq!(
            wanted.request.set,
            [("A".into(), "b=c".into()), ("D".into(), "".into())]
        );
        assert_eq!(wanted.request.unset, ["E"]);
        assert_eq!(wanted.request.directory, Directory::Wanted("/srv".into()));
        assert!(wanted.request.clear_environment);
        assert_eq!(wanted.request.left, Left::Interrupt);
        assert_eq!(wanted.forwarded, [7]);
    }

    #[test]
    fn what_only_a_sandbox_has_is_refused() {
        assert!(parsed(&["ls"]).unwrap_err().contains("--host"));
        assert!(
            parsed(&["--host", "--sandbox", "ls"])
                .unwrap_err()
                .contains("--sandbox")
        );
        assert!(parsed(&["--host"]).unwrap_err().contains("no command"));
        assert!(
            parsed(&["--host", "--env=X", "ls"])
                .unwrap_err()
                .contains("VAR=VALUE")
        );
        assert!(parsed(&["--host", "--forward-fd=999999", "ls"]).is_err());
    }
}
