//! How this computer gives a pet a control group, decided from facts.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Controller, ROOT, Unavailable, of_process};
use crate::bus_address;

/// What is mounted at [`ROOT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Nothing that this knows.
    None,
    /// One tree for each controller.
    Version1,
    /// Those, and the new tree beside them at `unified`.
    Hybrid,
    /// The one tree of version 2.
    Unified,
}

/// What the decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What is mounted.
    pub layout: Layout,
    /// The socket of the person's bus, where systemd is this computer's init.
    pub bus: Option<PathBuf>,
    /// The uppermost group around this process that is the person's own.
    pub delegated: Option<PathBuf>,
}

/// How a group is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// From the person's systemd, over the bus at this socket.
    Systemd(PathBuf),
    /// By hand, below this group.
    Direct(PathBuf),
}

impl Facts {
    /// Those of this process.
    pub fn gather() -> Self {
        Self {
            layout: layout(),
            bus: bus(),
            delegated: of_process("self").ok().and_then(|own| delegated(&own)),
        }
    }

    /// The way, or why there is none.
    pub fn way(self) -> Result<Way, Unavailable> {
        match (self.layout, self.bus, self.delegated) {
            (Layout::None, ..) => Err(Unavailable::Missing),
            (Layout::Version1, ..) => Err(Unavailable::Version1),
            (Layout::Hybrid, ..) => Err(Unavailable::Hybrid),
            // A tree has one writer: where systemd runs it is systemd.
            (Layout::Unified, Some(bus), _) => Ok(Way::Systemd(bus)),
            (Layout::Unified, None, Some(group)) => Ok(Way::Direct(group)),
            (Layout::Unified, None, None) => Err(Unavailable::NoManager),
        }
    }
}

/// What would keep the person's pets from their limits, before one is started: no way at all, or the
/// first controller that ends above the person's part of the tree.
pub fn obstacle() -> Option<Unavailable> {
    let group = match Facts::gather().way() {
        Err(reason) => return Some(reason),
        Ok(Way::Direct(group)) => group,
        // What systemd hands to the person (user@.service(5)).
        Ok(Way::Systemd(_)) => {
            let uid = rustix::process::getuid();
            Path::new(ROOT).join(format!("user.slice/user-{uid}.slice/user@{uid}.service"))
        }
    };
    let controllers = fs::read_to_string(group.join("cgroup.controllers")).ok()?;
    lacking(&controllers).map(Unavailable::NotDelegated)
}

/// The first controller that is not in `controllers`, a line of the kernel's.
fn lacking(controllers: &str) -> Option<Controller> {
    Controller::ALL.into_iter().find(|controller| {
        !controllers
            .split_whitespace()
            .any(|word| word == controller.as_str())
    })
}

fn layout() -> Layout {
    /// CGROUP2_SUPER_MAGIC and TMPFS_MAGIC of statfs(2).
    const CGROUP2: u64 = 0x6367_7270;
    const TMPFS: u64 = 0x0102_1994;
    match rustix::fs::statfs(ROOT).map(|status| status.f_type as u64) {
        Ok(CGROUP2) => Layout::Unified,
        Ok(TMPFS) if Path::new(ROOT).join("unified").is_dir() => Layout::Hybrid,
        Ok(TMPFS) => Layout::Version1,
        _ => Layout::None,
    }
}

/// The bus of the session, else that which systemd makes for the person; a program started by cron
/// or a server has no variable that names it.
fn bus() -> Option<PathBuf> {
    // sd_booted(3)
    if !Path::new("/run/systemd/system").is_dir() {
        return None;
    }
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    let named = bus_address::socket(&address);
    let usual = PathBuf::from(format!("/run/user/{}/bus", rustix::process::getuid()));
    named.into_iter().chain([usual]).find(|path| path.exists())
}

/// The uppermost of `own` and the groups around it that this user may divide.
fn delegated(own: &Path) -> Option<PathBuf> {
    let writable = |group: &&Path| {
        ["", "cgroup.procs", "cgroup.subtree_control"]
            .iter()
            .all(|file| rustix::fs::access(group.join(file), rustix::fs::Access::WRITE_OK).is_ok())
    };
    own.ancestors()
        .take_while(|group| *group != Path::new(ROOT))
        .take_while(writable)
        .last()
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(layout: Layout, bus: bool, delegated: bool) -> Facts {
        Facts {
            layout,
            bus: bus.then(|| PathBuf::from("/run/user/1000/bus")),
            delegated: delegated.then(|| PathBuf::from("/sys/fs/cgroup/ada")),
        }
    }

    #[test]
    fn systemd_comes_before_a_group_of_ones_own() {
        let way = facts(Layout::Unified, true, true).way();
        assert_eq!(way, Ok(Way::Systemd("/run/user/1000/bus".into())));
        let way = facts(Layout::Unified, false, true).way();
        assert_eq!(way, Ok(Way::Direct("/sys/fs/cgroup/ada".into())));
    }

    #[test]
    fn an_old_layout_is_named_whatever_else_there_is() {
        for (layout, reason) in [
            (Layout::Version1, Unavailable::Version1),
            (Layout::Hybrid, Unavailable::Hybrid),
            (Layout::None, Unavailable::Missing),
        ] {
            assert_eq!(facts(layout, true, true).way(), Err(reason));
        }
        let nobody = facts(Layout::Unified, false, false).way();
        assert_eq!(nobody, Err(Unavailable::NoManager));
    }

    #[test]
    fn the_missing_controller_is_named() {
        assert_eq!(lacking("cpuset cpu io memory pids\n"), None);
        assert_eq!(lacking("memory pids\n"), Some(Controller::Cpu));
        assert_eq!(lacking("cpuset cpu memory\n"), Some(Controller::Pids));
    }
}
