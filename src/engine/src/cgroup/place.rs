//! Giving a pet that starts its group, and changing the limits of one that runs.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kennel_model::{Limits, PetSpec};
use serde::{Deserialize, Serialize};

use super::detect::{Facts, Way};
use super::systemd::{self, Scope};
use super::{
    Group, Unavailable, commands_unit, direct, keeper_unit, move_inside, of_process, read, unit,
};

/// What `kennel scopes` reads from its standard input; its answer is a [`ScopesAnswer`].
#[derive(Debug, Serialize, Deserialize)]
pub struct ScopesRequest {
    /// The socket of the person's bus.
    bus: PathBuf,
    /// What to make.
    scopes: Vec<Scope>,
}

/// Whether the scopes are there.
pub type ScopesAnswer = Result<(), Unavailable>;

/// A group that is being made; [`Placing::finish`] waits for it.
pub enum Placing {
    /// By a `kennel scopes` process.
    Asked(Child),
    /// It is there, or cannot be.
    Done(Result<Group, Unavailable>),
}

/// `kennel scopes`: makes what `request` asks for. A process of its own, so that the keeper stays
/// small and has one thread.
pub fn make_scopes(request: &ScopesRequest) -> ScopesAnswer {
    Ok(systemd::make_scopes(&request.bus, &request.scopes)?)
}

/// Puts this process into a scope `name` of its own, where the person's systemd can make one: the
/// scope that it was started in then ends without it.
pub fn leave(name: &str) {
    if let Ok(Way::Systemd(bus)) = Facts::gather().way() {
        let scope = Scope {
            unit: name.to_owned(),
            description: "Notification of Kennel".to_owned(),
            pid: std::process::id() as i32,
            limits: None,
            lasting: false,
        };
        let _ = systemd::make_scopes(&bus, &[scope]);
    }
}

/// Begins to make the group of `spec`, whose first process is `pid` and whose keeper is this one; and
/// that of its host commands around the process `anchor`.
/// Whoever started the keeper may end at any time: from here on neither depends on the group they
/// were started in.
pub fn begin(spec: &PetSpec, pid: i32, anchor: Option<i32>) -> Placing {
    let keeper = std::process::id() as i32;
    match Facts::gather().way() {
        Ok(Way::Systemd(bus)) => {
            let commands = anchor.map(|pid| Scope {
                unit: commands_unit(&spec.id),
                description: format!("Commands of the pet {}", spec.name),
                pid,
                limits: None,
                lasting: true,
            });
            let scopes = [
                Scope {
                    unit: keeper_unit(&spec.id),
                    description: format!("Keeper of the pet {}", spec.name),
                    pid: keeper,
                    limits: None,
                    lasting: false,
                },
                Scope {
                    unit: unit(&spec.id),
                    description: format!("Pet {}", spec.name),
                    pid,
                    limits: Some(spec.limits),
                    lasting: false,
                },
            ];
            let scopes = scopes.into_iter().chain(commands).collect();
            match ask(&ScopesRequest { bus, scopes }) {
                Ok(child) => Placing::Asked(child),
                Err(error) => Placing::Done(Err(Unavailable::Refused(error.to_string()))),
            }
        }
        Ok(Way::Direct(delegated)) => Placing::Done(
            direct::make(&delegated, &spec.id, &spec.limits, keeper)
                .map_err(|error| Unavailable::Refused(error.to_string())),
        ),
        Err(reason) => Placing::Done(Err(reason)),
    }
}

fn ask(request: &ScopesRequest) -> io::Result<Child> {
    let mut child = Command::new("/proc/self/exe")
        .arg("scopes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&serde_json::to_vec(request)?)?;
    }
    Ok(child)
}

impl Placing {
    /// The group, with `pid` in its inner one; or why there is none.
    pub fn finish(self, pid: i32) -> Result<Group, Unavailable> {
        let refused = |error: io::Error| Unavailable::Refused(error.to_string());
        let group = match self {
            Self::Done(group) => group?,
            Self::Asked(child) => {
                answer(child).map_err(refused)??;
                Group {
                    // The kernel's word for where it is.
                    path: of_process(&pid.to_string()).map_err(refused)?,
                    systemd: true,
                }
            }
        };
        move_inside(&group, pid).map_err(refused)?;
        Ok(group)
    }
}

fn answer(mut child: Child) -> io::Result<ScopesAnswer> {
    let mut text = String::new();
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_string(&mut text)?;
    }
    child.wait()?;
    Ok(serde_json::from_str(&text)?)
}

/// Holds the running pet of `spec`, whose group is `group`, to its limits from now on. On return
/// the kernel has them; or [`read::limits`] tells otherwise.
pub fn change(group: &Group, spec: &PetSpec) -> Result<(), Unavailable> {
    if group.systemd {
        let Way::Systemd(bus) = Facts::gather().way()? else {
            return Err(Unavailable::NoManager);
        };
        systemd::set_limits(&bus, &unit(&spec.id), &spec.limits)?;
        await_limits(group, &spec.limits);
        return Ok(());
    }
    direct::limit(group, &spec.limits).map_err(|error| Unavailable::Refused(error.to_string()))
}

/// systemd answers before it writes to the kernel.
fn await_limits(group: &Group, wanted: &Limits) {
    let end = Instant::now() + Duration::from_secs(2);
    while !read::limits(group).hold(wanted) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(2));
    }
}
