//! What the image's own init needs as PID 1, by systemd's container interface
//! (systemd.io/CONTAINER_INTERFACE): a control group of its own, mounted writable. `/run` and `/tmp`
//! are file systems of the pet anyway, `/sys` and `/proc/sys` are read-only, which tells it to leave
//! devices and kernel settings alone.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use kennel_model::InitMode;
use rustix::fs::{AtFlags, Gid, OFlags, Uid};
use serde::{Deserialize, Serialize};

use crate::runtime::{RuntimeError, Step, population};
use crate::sys::mount::{Attributes, attach, new_filesystem, open_in_root, replace_by_link};

/// An init found in an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInit {
    /// Its path inside.
    pub program: &'static CStr,
    /// How it is told to end.
    pub stop: StopSignal,
}

/// How PID 1 is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopSignal {
    /// SIGTERM.
    Term,
    /// SIGRTMIN+3, systemd's “halt”; its services may take their time.
    Halt,
}

/// Where an init is, the surest first.
const PROGRAMS: [(&CStr, StopSignal); 3] = [
    (c"/usr/lib/systemd/systemd", StopSignal::Halt),
    (c"/lib/systemd/systemd", StopSignal::Halt),
    (c"/sbin/init", StopSignal::Term),
];

/// Files of a group that whoever manages groups below must own (cgroups(7), delegation).
const DELEGATED: [&str; 4] = [
    ".",
    "cgroup.procs",
    "cgroup.threads",
    "cgroup.subtree_control",
];

/// Finds the image's init and gives it the group that this process is in.
pub(super) fn prepare(
    root: BorrowedFd<'_>,
    mode: InitMode,
) -> Result<Option<ImageInit>, RuntimeError> {
    if mode == InitMode::Kennel {
        return Ok(None);
    }
    let is_there = |program: &CStr| {
        let path = Path::new(program.to_str().unwrap_or_default());
        open_in_root(root, path, OFlags::PATH).is_ok()
    };
    let (program, stop) = PROGRAMS
        .into_iter()
        .find(|(program, _)| is_there(program))
        .ok_or_else(|| {
            RuntimeError::Container(
                "this image has no init: choose --init=kennel, or an image with systemd".to_owned(),
            )
        })?;
    identify(root).step("giving the pet a machine id")?;
    mask_units(root).step("masking what the machine does")?;
    delegate(root).step("giving the image's init its control group")?;
    Ok(Some(ImageInit { program, stop }))
}

/// A machine-id(5) where the image has none, as images should: else systemd takes each start for the
/// first boot of a new machine.
fn identify(root: BorrowedFd<'_>) -> io::Result<()> {
    const PATH: &str = "/etc/machine-id";
    if matches!(population::read(root, PATH)?.trim(), "" | "uninitialized") {
        let mut bytes = [0_u8; 16];
        rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
        let id = format!("{:032x}\n", u128::from_ne_bytes(bytes));
        population::write(root, PATH, &id, 0o444)?;
    }
    Ok(())
}

/// What belongs to the machine or is there already: a getty would ask for a login on a device of the
/// host's. Masked in `/run`, where the image's administrator can still say otherwise in `/etc`.
const MASKED: [&str; 5] = [
    "console-getty.service",
    "container-getty@.service",
    "dev-mqueue.mount",
    "getty@.service",
    "serial-getty@.service",
];

fn mask_units(root: BorrowedFd<'_>) -> io::Result<()> {
    let units = Path::new("/run/systemd/system");
    MASKED
        .iter()
        .try_for_each(|unit| replace_by_link(root, &units.join(unit), Path::new("/dev/null")))
}

/// The group becomes the root of a namespace, is mounted, and belongs to root of the pet.
fn delegate(root: BorrowedFd<'_>) -> io::Result<()> {
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWCGROUP)?;
    let attributes = Attributes {
        no_suid: true,
        no_dev: true,
        no_exec: true,
        read_only: false,
    };
    let group = new_filesystem("cgroup2", &[], attributes)?;
    for name in DELEGATED {
        let (uid, gid) = (Uid::ROOT, Gid::ROOT);
        rustix::fs::chownat(&group, name, Some(uid), Some(gid), AtFlags::empty())?;
    }
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let target = open_in_root(root, Path::new("/sys/fs/cgroup"), flags)?;
    attach(group.as_fd(), target.as_fd())
}
