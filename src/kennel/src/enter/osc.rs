//! What a terminal is told of a container that the person is in, so that it can show it and open
//! further tabs there. Three dialects, each ignored by whoever does not know it:
//!
//! - OSC 777 `container;push|pop`: Ptyxis and older VTE, as toolbox emits it;
//! - OSC 666 `vte.container.*`: termprops of VTE 0.80;
//! - OSC 3008 `start|end`: UAPI.15, as systemd's run0 and nspawn emit it. How it ended is defined for
//!   commands only, and terminals pass over what they do not expect: we tell it of the pet's shell, too.

use nix::sys::signal::Signal;

/// Where somebody goes in.
#[derive(Debug, Clone)]
pub struct Context {
    /// Of this entry alone; letters and digits.
    pub id: String,
    /// The pet.
    pub pet: String,
    /// The person, who is the same inside.
    pub user: String,
    /// Their user id.
    pub uid: u32,
    /// The host's name.
    pub hostname: String,
    /// The host's machine-id(5).
    pub machine_id: String,
    /// The host's boot.
    pub boot_id: String,
    /// The entering process.
    pub pid: u32,
}

/// How the shell inside ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Killed(Signal),
}

/// Whether a terminal of this name passes over what it does not know.
pub fn is_understood(term: &str) -> bool {
    !matches!(term, "" | "dumb" | "linux") && !term.starts_with("vt")
}

impl Context {
    /// What is said before the shell.
    pub fn begin(&self) -> String {
        let pet = escape(&self.pet);
        let fields = [
            ("type", "container".to_owned()),
            ("container", pet.clone()),
            ("user", escape(&self.user)),
            ("hostname", escape(&self.hostname)),
            ("machineid", escape(&self.machine_id)),
            ("bootid", escape(&self.boot_id)),
            ("pid", self.pid.to_string()),
            ("comm", "kennel".to_owned()),
            ("targetuser", escape(&self.user)),
        ];
        let known = fields.iter().filter(|(_, value)| !value.is_empty());
        let fields = known.fold(String::new(), |text, (name, value)| {
            format!("{text};{name}={value}")
        });
        [
            sequence(format!("777;container;push;{pet};kennel;{}", self.uid)),
            properties(&self.pet, self.uid),
            sequence(format!("3008;start={}{fields}", self.id)),
        ]
        .concat()
    }

    /// What is said after it, however it ended.
    pub fn end(&self, end: End) -> String {
        let how = match end {
            End::Exited(0) => "exit=success".to_owned(),
            End::Exited(status) => format!("exit=failure;status={status}"),
            End::Killed(signal) => format!("exit={};signal={}", death(signal), signal.as_str()),
        };
        [
            format!("3008;end={};{how}", self.id),
            "666;vte.container.name".to_owned(),
            "666;vte.container.runtime".to_owned(),
            "666;vte.container.uid".to_owned(),
            format!("777;container;pop;;;{}", self.uid),
        ]
        .map(sequence)
        .concat()
    }
}

/// The one dialect that knows no containers in containers: said again when the end of an inner one has
/// reset it.
pub fn properties(pet: &str, uid: u32) -> String {
    [
        format!("666;vte.container.name={}", escape(pet)),
        "666;vte.container.runtime=kennel".to_owned(),
        format!("666;vte.container.uid={uid}"),
    ]
    .map(sequence)
    .concat()
}

/// What somebody asked for is no crash, which a terminal would draw attention to.
fn death(signal: Signal) -> &'static str {
    match signal {
        Signal::SIGHUP | Signal::SIGINT | Signal::SIGQUIT | Signal::SIGPIPE | Signal::SIGTERM => {
            "interrupt"
        }
        _ => "crash",
    }
}

/// An operating system command, ended by ST.
fn sequence(text: String) -> String {
    format!("\x1b]{text}\x1b\\")
}

/// `;` and `\` by their codes, as UAPI.15 has it, and nothing that is not printable ASCII: more than that
/// ECMA-48 does not know, and not every terminal takes it.
fn escape(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, ' '..='~'))
        .map(|c| match c {
            ';' => "\\x3b".to_owned(),
            '\\' => "\\x5c".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context {
            id: "k1".into(),
            pet: "webshop".into(),
            user: "ada".into(),
            uid: 1000,
            hostname: "desk".into(),
            machine_id: String::new(),
            boot_id: "b00t".into(),
            pid: 42,
        }
    }

    #[test]
    fn each_dialect_is_told_and_ends_in_st() {
        assert_eq!(
            context().begin(),
            "\x1b]777;container;push;webshop;kennel;1000\x1b\\\
             \x1b]666;vte.container.name=webshop\x1b\\\
             \x1b]666;vte.container.runtime=kennel\x1b\\\
             \x1b]666;vte.container.uid=1000\x1b\\\
             \x1b]3008;start=k1;type=container;container=webshop;user=ada;hostname=desk;\
             bootid=b00t;pid=42;comm=kennel;targetuser=ada\x1b\\"
        );
    }

    #[test]
    fn all_that_began_is_ended() {
        let reset = "\x1b]666;vte.container.name\x1b\\\x1b]666;vte.container.runtime\x1b\\\
                     \x1b]666;vte.container.uid\x1b\\\x1b]777;container;pop;;;1000\x1b\\";
        for (end, how) in [
            (End::Exited(0), "exit=success"),
            (End::Exited(3), "exit=failure;status=3"),
            (End::Killed(Signal::SIGKILL), "exit=crash;signal=SIGKILL"),
            (End::Killed(Signal::SIGSEGV), "exit=crash;signal=SIGSEGV"),
            (End::Killed(Signal::SIGHUP), "exit=interrupt;signal=SIGHUP"),
        ] {
            assert_eq!(
                context().end(end),
                format!("\x1b]3008;end=k1;{how}\x1b\\{reset}")
            );
        }
    }

    #[test]
    fn no_value_ends_its_field_or_the_sequence() {
        let hostile = Context {
            user: "a;b\\c\x1b]0;x\x07\n\u{9c}é".into(),
            ..context()
        };
        let text = hostile.begin();
        assert!(text.contains(";user=a\\x3bb\\x5cc]0\\x3bx;"), "{text}");
        assert_eq!(text.matches('\x1b').count(), 10);
    }

    #[test]
    fn a_terminal_that_would_print_it_is_spared() {
        assert!(is_understood("xterm-256color"));
        for term in ["", "dumb", "linux", "vt100"] {
            assert!(!is_understood(term), "{term}");
        }
    }
}
