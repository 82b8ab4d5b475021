//! Mounts the file systems every pet has, covers what of them is the machine's, and leaves the
//! marks by which programs know that they are in a container.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use kennel_model::{PetId, PetName};
use rustix::fs::{FileType, Mode, OFlags};

use crate::lsm::{self, label::PetLabels};
use crate::runtime::plan::RuntimePlan;
use crate::runtime::system_mounts::{
    DEVICE_LINKS, DEVICES, MASKED, READ_ONLY, Source, SystemMount, system_mounts,
};
use crate::runtime::{RuntimeError, Step};
use crate::sys::mount::{
    Attributes, LABEL_OPTION, attach, clone_mount, make_directory, make_file, new_filesystem,
    open_in_root, restrict,
};

const COVER: Attributes = Attributes {
    read_only: true,
    no_suid: true,
    no_dev: true,
    no_exec: true,
};

/// proc, sys, dev, run and tmp, in `root`.
pub(super) fn mount_all(
    root: BorrowedFd<'_>,
    plan: &RuntimePlan,
    tty_group: bool,
) -> Result<(), RuntimeError> {
    // The host's devices, before anything of the image is mounted or looked at.
    let devices = host_devices()?;
    for mount in system_mounts(plan.has_own_network(), tty_group, plan.host_devices) {
        match mount_one(root, &mount, plan.labels.as_ref()) {
            Err(_) if mount.optional => {}
            other => other.step(format!("mounting {}", mount.target))?,
        }
    }
    hide_selinux(root, plan.labels.as_ref()).step("hiding selinuxfs")?;
    if plan.host_devices {
        return Ok(());
    }
    for (path, device) in devices {
        let target = make_file(root, &path).step("making a device")?;
        attach(device.as_fd(), target.as_fd()).step(format!("mounting {}", path.display()))?;
    }
    let dev = open_in_root(root, Path::new("/dev"), OFlags::PATH | OFlags::DIRECTORY)
        .step("opening /dev")?;
    for (name, target) in DEVICE_LINKS {
        rustix::fs::symlinkat(target, &dev, name).step("linking devices")?;
    }
    Ok(())
}

fn mount_one(
    root: BorrowedFd<'_>,
    mount: &SystemMount,
    labels: Option<&PetLabels>,
) -> io::Result<()> {
    let made = match &mount.source {
        Source::New { kind, options } => new_labelled(kind, options, mount.attributes, labels)?,
        Source::Host(path) => {
            let copy = clone_mount(Path::new(path), true)?;
            restrict(copy.as_fd(), mount.attributes, true)?;
            copy
        }
    };
    let target = make_directory(root, Path::new(mount.target))?;
    attach(made.as_fd(), target.as_fd())
}

/// A new file system whose files have the label of the pet's, where it has labels.
fn new_labelled(
    kind: &str,
    options: &[(&str, &str)],
    attributes: Attributes,
    labels: Option<&PetLabels>,
) -> io::Result<OwnedFd> {
    let Some(label) = labels.map(|labels| &labels.files) else {
        return new_filesystem(kind, options, attributes);
    };
    // The kernel lets a user namespace choose the label of these alone (selinux_set_mnt_opts).
    if matches!(kind, "tmpfs" | "devpts") {
        let text = label.to_string();
        let options: Vec<_> = options
            .iter()
            .copied()
            .chain([(LABEL_OPTION, text.as_str())])
            .collect();
        return new_filesystem(kind, &options, attributes);
    }
    let made = new_filesystem(kind, options, attributes)?;
    if kind == "mqueue" {
        let path = format!("/proc/self/fd/{}/.", made.as_raw_fd());
        lsm::files::set_label(Path::new(&path), label)?;
    }
    Ok(made)
}

/// Copies of the host's device files, each verified to be the device of its name: masks are made
/// of them (CVE-2025-31133).
fn host_devices() -> Result<Vec<(PathBuf, OwnedFd)>, RuntimeError> {
    let copy = |(name, major, minor): (&str, u32, u32)| {
        let path = Path::new("/dev").join(name);
        let mount = clone_mount(&path, false)?;
        let status = rustix::fs::fstat(&mount)?;
        let is_device = FileType::from_raw_mode(status.st_mode) == FileType::CharacterDevice;
        if is_device && status.st_rdev == rustix::fs::makedev(major, minor) {
            Ok((path, mount))
        } else {
            Err(io::Error::other("it is not the device of that name"))
        }
    };
    DEVICES
        .into_iter()
        .map(|device| copy(device).step(format!("copying the host's /dev/{}", device.0)))
        .collect()
}

/// An empty directory over selinuxfs: with it, rpm's plugin believes it may set labels and fails.
fn hide_selinux(root: BorrowedFd<'_>, labels: Option<&PetLabels>) -> io::Result<()> {
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let Ok(selinux) = open_in_root(root, Path::new("/sys/fs/selinux"), flags) else {
        return Ok(());
    };
    let empty = new_labelled("tmpfs", &[("mode", "755")], COVER, labels)?;
    attach(empty.as_fd(), selinux.as_fd())
}

/// An empty file or directory over [`MASKED`]; [`READ_ONLY`] cannot be written. What this kernel
/// does not have needs no cover.
pub(super) fn mask(root: BorrowedFd<'_>, labels: Option<&PetLabels>) -> Result<(), RuntimeError> {
    let cover = |path: &str, cover: &dyn Fn(BorrowedFd<'_>) -> io::Result<OwnedFd>| {
        let Ok(target) = open_in_root(root, Path::new(path), OFlags::PATH) else {
            return Ok(());
        };
        attach(cover(target.as_fd())?.as_fd(), target.as_fd())
    };
    for path in MASKED {
        let empty = |target: BorrowedFd<'_>| empty_like(target, labels);
        cover(path, &empty).step(format!("masking {path}"))?;
    }
    for path in READ_ONLY {
        cover(path, &read_only_copy).step(format!("protecting {path}"))?;
    }
    Ok(())
}

fn empty_like(target: BorrowedFd<'_>, labels: Option<&PetLabels>) -> io::Result<OwnedFd> {
    let mode = rustix::fs::fstat(target)?.st_mode;
    if FileType::from_raw_mode(mode) == FileType::Directory {
        new_labelled("tmpfs", &[("mode", "000")], COVER, labels)
    } else {
        clone_mount(Path::new("/dev/null"), false)
    }
}

fn read_only_copy(target: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let link = format!("/proc/self/fd/{}", target.as_raw_fd());
    let copy = clone_mount(Path::new(&link), true)?;
    restrict(copy.as_fd(), Attributes::READ_ONLY, true)?;
    Ok(copy)
}

/// `/run/.containerenv`, podman's mark, and toolbox's: prompts and tools look for either.
pub(super) fn mark(root: BorrowedFd<'_>, id: &PetId, name: &PetName) -> Result<(), RuntimeError> {
    let containerenv = format!("engine=\"kennel\"\nname=\"{name}\"\nid=\"{id}\"\nrootless=1\n");
    let run = open_in_root(root, Path::new("/run"), OFlags::PATH | OFlags::DIRECTORY)
        .step("opening /run")?;
    let flags =
        OFlags::CREATE | OFlags::WRONLY | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    for (file, text) in [
        (".containerenv", containerenv.as_str()),
        (".toolboxenv", ""),
    ] {
        let step = || format!("writing /run/{file}");
        let file = rustix::fs::openat(&run, file, flags, Mode::from_raw_mode(0o644)).step(step())?;
        io::Write::write_all(&mut std::fs::File::from(file), text.as_bytes()).step(step())?;
    }
    Ok(())
}
