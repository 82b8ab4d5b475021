//! Inside the new namespaces, between clone3 and PID 1: builds the pet's root and goes there.
//! The order of steps is that of docs/ARCHITECTURE.md, “Start”; each names what it guards.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use kennel_model::Privilege;
use rustix::fs::{Mode, OFlags};
use rustix::mount::{MountPropagationFlags, UnmountFlags};

use super::plan::RuntimePlan;
use super::population::{Person, populate};
use super::{RuntimeError, Step};
use crate::account::Account;
use crate::sys::mount::{
    Attributes, attach, clone_mount, make_directory, make_file, new_filesystem, new_overlay,
    open_in_root, restrict,
};
use crate::sys::process;

/// What the keeper gives the container.
pub struct ContainerInput<'a> {
    /// What to build.
    pub plan: &'a RuntimePlan,
    /// The person.
    pub account: &'a Account,
    /// The `kennel` executable on the host.
    pub executable: &'a Path,
    /// Unpacked layers, topmost first.
    pub layers: &'a [PathBuf],
    /// The pet's own directory, for `upper` and `work`.
    pub directory: &'a Path,
    /// An existing empty directory that the root is mounted on.
    pub mount_point: &'a Path,
    /// Whether other ids than the person's are mapped.
    pub full_mapping: bool,
}

/// Builds the container; the caller then hands over to PID 1 with [`Built::become_init`].
pub fn build(input: &ContainerInput<'_>) -> Result<Built, RuntimeError> {
    if input.full_mapping {
        process::become_user(0, 0, &[], true).step("becoming root of the user namespace")?;
    }
    process::forbid_dumping();
    let slave = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    rustix::mount::mount_change("/", slave).step("separating the mounts from the host's")?;
    let sealed = seal_executable(input.executable).step("sealing the kennel executable")?;
    let root = mount_root(input)?;
    let person = populate(
        root.as_fd(),
        input.account,
        input.plan.privilege == Privilege::Sudo && input.full_mapping,
    )
    .step("adding your account to the pet")?;
    mount_system(root.as_fd(), input)?;
    mount_binds(root.as_fd(), input)?;
    write_marks(root.as_fd(), input)?;
    mask_kernel_files(root.as_fd())?;
    nix::unistd::sethostname(&input.plan.hostname).step("setting the host name")?;
    pivot(root.as_fd()).step("entering the pet's root")?;
    Ok(Built { sealed, person })
}

/// A built container that this process is inside of.
pub struct Built {
    sealed: OwnedFd,
    /// The person inside.
    pub person: Person,
}

impl Built {
    /// Drops what PID 1 does not need and executes the sealed `kennel init`. Returns only an error.
    pub fn become_init(self, plan: &RuntimePlan) -> RuntimeError {
        let result = (|| {
            process::limit_capabilities(plan.capabilities, plan.capabilities)
                .step("dropping capabilities")?;
            if plan.privilege == Privilege::None {
                process::no_new_privileges().step("forbidding new privileges")?;
            }
            process::close_on_exec_from(3).step("closing descriptors")
        })();
        if let Err(error) = result {
            return error;
        }
        let arguments = [c"kennel".to_owned(), c"init".to_owned()];
        let environment: [CString; 1] = [c"container=kennel".to_owned()];
        let source = process::execute_fd(self.sealed.as_fd(), &arguments, &environment);
        RuntimeError::System {
            step: "starting PID 1".to_owned(),
            source,
        }
    }
}

/// A read-only detached mount of our own executable (CVE-2019-5736): nothing inside can write
/// through `/proc/1/exe`, and no mount namespace holds it to be remounted.
fn seal_executable(executable: &Path) -> io::Result<OwnedFd> {
    let mount = clone_mount(executable, false)?;
    restrict(
        mount.as_fd(),
        Attributes {
            read_only: true,
            no_suid: true,
            no_dev: true,
            no_exec: false,
        },
        false,
    )?;
    Ok(mount)
}

fn mount_root(input: &ContainerInput<'_>) -> Result<OwnedFd, RuntimeError> {
    let open = |path: &Path| {
        rustix::fs::open(
            path,
            OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )
    };
    let directory = open(input.directory).step("opening the pet's directory")?;
    for name in ["upper", "work"] {
        match rustix::fs::mkdirat(&directory, name, Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error).step(format!("making {name}")),
        }
    }
    let upper = open(&input.directory.join("upper")).step("opening upper")?;
    let work = open(&input.directory.join("work")).step("opening work")?;
    let layers = input
        .layers
        .iter()
        .map(|layer| open(layer).step(format!("opening layer {}", layer.display())))
        .collect::<Result<Vec<_>, _>>()?;
    let overlay = new_overlay(&layers, upper.as_fd(), work.as_fd()).step("mounting the overlay")?;
    let mount_point = open(input.mount_point).step("opening the mount point")?;
    attach(overlay.as_fd(), mount_point.as_fd()).step("mounting the root")?;
    open(input.mount_point).step("opening the root")
}

/// proc, sys, dev, run and tmp.
fn mount_system(root: BorrowedFd<'_>, input: &ContainerInput<'_>) -> Result<(), RuntimeError> {
    let at = |path: &str, mount: BorrowedFd<'_>| -> Result<(), RuntimeError> {
        let target = make_directory(root, Path::new(path)).step(format!("making {path}"))?;
        attach(mount, target.as_fd()).step(format!("mounting {path}"))
    };
    let strict = Attributes {
        no_suid: true,
        no_dev: true,
        no_exec: true,
        read_only: false,
    };
    let proc = new_filesystem("proc", &[], strict).step("making /proc")?;
    at("/proc", proc.as_fd())?;
    let sys = if input.plan.own_network {
        new_filesystem(
            "sysfs",
            &[],
            Attributes {
                read_only: true,
                ..strict
            },
        )
        .step("making /sys")?
    } else {
        let sys = clone_mount(Path::new("/sys"), true).step("copying /sys")?;
        restrict(
            sys.as_fd(),
            Attributes {
                read_only: true,
                ..strict
            },
            true,
        )
        .step("protecting /sys")?;
        sys
    };
    at("/sys", sys.as_fd())?;
    // A private cgroup namespace may mount its own view on cgroup v2; elsewhere nothing is shown.
    if let Ok(cgroup) = new_filesystem("cgroup2", &[], strict) {
        at("/sys/fs/cgroup", cgroup.as_fd())?;
    }
    if let Ok(selinux) = open_in_root(
        root,
        Path::new("/sys/fs/selinux"),
        OFlags::PATH | OFlags::DIRECTORY,
    ) {
        let empty = new_filesystem(
            "tmpfs",
            &[("mode", "755")],
            Attributes {
                read_only: true,
                ..strict
            },
        )
        .step("hiding selinuxfs")?;
        attach(empty.as_fd(), selinux.as_fd()).step("hiding selinuxfs")?;
    }
    let run = new_filesystem(
        "tmpfs",
        &[("mode", "755")],
        Attributes {
            no_exec: false,
            ..strict
        },
    )
    .step("making /run")?;
    at("/run", run.as_fd())?;
    let tmp = new_filesystem(
        "tmpfs",
        &[("mode", "1777")],
        Attributes {
            no_exec: false,
            ..strict
        },
    )
    .step("making /tmp")?;
    at("/tmp", tmp.as_fd())?;
    mount_devices(root, input.full_mapping, at)
}

fn mount_devices(
    root: BorrowedFd<'_>,
    full_mapping: bool,
    at: impl Fn(&str, BorrowedFd<'_>) -> Result<(), RuntimeError>,
) -> Result<(), RuntimeError> {
    // Taken from the host's /dev before anything of the image is looked at, and verified.
    let mut devices = Vec::new();
    for (name, minor) in [
        ("null", 3),
        ("zero", 5),
        ("full", 7),
        ("random", 8),
        ("urandom", 9),
        ("tty", 0),
    ] {
        let path = Path::new("/dev").join(name);
        let mount = clone_mount(&path, false).step(format!("copying /dev/{name}"))?;
        let device = rustix::fs::fstat(&mount).step("checking a device")?.st_rdev;
        let major = if name == "tty" { 5 } else { 1 };
        if device != rustix::fs::makedev(major, minor) {
            let source = io::Error::other("it is not the device of that name");
            return Err(source).step(format!("checking the host's /dev/{name}"));
        }
        devices.push((path, mount));
    }
    let plain = Attributes {
        no_suid: true,
        no_exec: true,
        ..Attributes::default()
    };
    let dev = new_filesystem("tmpfs", &[("mode", "755")], plain).step("making /dev")?;
    at("/dev", dev.as_fd())?;
    for (path, mount) in devices {
        let target = make_file(root, &path).step("making a device")?;
        attach(mount.as_fd(), target.as_fd()).step(format!("mounting {}", path.display()))?;
    }
    let mut options = vec![("mode", "620"), ("ptmxmode", "666")];
    if full_mapping {
        options.push(("gid", "5"));
    }
    let pts = new_filesystem("devpts", &options, plain).step("making /dev/pts")?;
    at("/dev/pts", pts.as_fd())?;
    let shm = new_filesystem(
        "tmpfs",
        &[("mode", "1777")],
        Attributes {
            no_dev: true,
            ..plain
        },
    )
    .step("making /dev/shm")?;
    at("/dev/shm", shm.as_fd())?;
    if let Ok(queue) = new_filesystem(
        "mqueue",
        &[],
        Attributes {
            no_dev: true,
            ..plain
        },
    ) {
        at("/dev/mqueue", queue.as_fd())?;
    }
    let dev = open_in_root(root, Path::new("/dev"), OFlags::PATH | OFlags::DIRECTORY)
        .step("opening /dev")?;
    let links = [
        ("pts/ptmx", "ptmx"),
        ("/proc/self/fd", "fd"),
        ("/proc/self/fd/0", "stdin"),
        ("/proc/self/fd/1", "stdout"),
        ("/proc/self/fd/2", "stderr"),
    ];
    for (target, name) in links {
        rustix::fs::symlinkat(target, &dev, name).step("linking devices")?;
    }
    Ok(())
}

fn mount_binds(root: BorrowedFd<'_>, input: &ContainerInput<'_>) -> Result<(), RuntimeError> {
    let runtime = PathBuf::from(format!("/run/user/{}", input.account.uid));
    let own = make_directory(root, &runtime).step("making the runtime directory")?;
    chown(own.as_fd(), input.account).step("making the runtime directory")?;
    if input.plan.host_files {
        let host = clone_mount(Path::new("/"), true).step("opening the host's files")?;
        let target = make_directory(root, Path::new("/run/host")).step("making /run/host")?;
        attach(host.as_fd(), target.as_fd()).step("mounting /run/host")?;
        // The host's process list is not part of the host's files.
        let proc =
            new_filesystem("proc", &[], Attributes::default()).step("covering /run/host/proc")?;
        let target = open_in_root(root, Path::new("/run/host/proc"), OFlags::PATH)
            .step("covering /run/host/proc")?;
        attach(proc.as_fd(), target.as_fd()).step("covering /run/host/proc")?;
    }
    for bind in &input.plan.binds {
        let step = || format!("sharing {}", bind.source.display());
        let mount = clone_mount(&bind.source, true).step(step())?;
        if bind.read_only {
            restrict(
                mount.as_fd(),
                Attributes {
                    read_only: true,
                    ..Attributes::default()
                },
                true,
            )
            .step(step())?;
        }
        let target = if bind.source.is_dir() {
            make_directory(root, &bind.target)
        } else {
            make_file(root, &bind.target)
        };
        attach(mount.as_fd(), target.step(step())?.as_fd()).step(step())?;
    }
    // Name resolution follows the host.
    for file in ["/etc/resolv.conf", "/etc/hosts"] {
        let Ok(source) = std::fs::canonicalize(file) else {
            continue;
        };
        let mount = clone_mount(&source, false).step(format!("sharing {file}"))?;
        restrict(
            mount.as_fd(),
            Attributes {
                read_only: true,
                ..Attributes::default()
            },
            false,
        )
        .step(format!("sharing {file}"))?;
        let target = make_file(root, Path::new(file)).step(format!("sharing {file}"))?;
        attach(mount.as_fd(), target.as_fd()).step(format!("sharing {file}"))?;
    }
    Ok(())
}

fn chown(directory: BorrowedFd<'_>, account: &Account) -> io::Result<()> {
    use rustix::fs::{AtFlags, Gid, Uid};
    let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
    rustix::fs::chownat(directory, "", Some(uid), Some(gid), AtFlags::EMPTY_PATH)?;
    // The descriptor is O_PATH: its mode is changed through its magic link.
    Ok(rustix::fs::chmod(
        format!("/proc/self/fd/{}", directory.as_raw_fd()),
        Mode::from_raw_mode(0o700),
    )?)
}

/// `/run/.containerenv`, by which programs know that they are in a container.
fn write_marks(root: BorrowedFd<'_>, input: &ContainerInput<'_>) -> Result<(), RuntimeError> {
    let run = open_in_root(root, Path::new("/run"), OFlags::PATH | OFlags::DIRECTORY)
        .step("opening /run")?;
    let text = format!(
        "engine=\"kennel\"\nname=\"{}\"\nrootless=1\n",
        input.plan.hostname
    );
    let flags =
        OFlags::CREATE | OFlags::WRONLY | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::openat(&run, ".containerenv", flags, Mode::from_raw_mode(0o644))
        .step("writing /run/.containerenv")?;
    rustix::io::write(&file, text.as_bytes()).step("writing /run/.containerenv")?;
    Ok(())
}

/// Files of /proc that tell about or act on the whole machine: an empty file or directory over
/// some, read-only over others (the OCI runtime defaults).
fn mask_kernel_files(root: BorrowedFd<'_>) -> Result<(), RuntimeError> {
    const MASKED: [&str; 8] = [
        "/proc/kcore",
        "/proc/keys",
        "/proc/timer_list",
        "/proc/sched_debug",
        "/proc/latency_stats",
        "/proc/scsi",
        "/proc/acpi",
        "/sys/firmware",
    ];
    const READ_ONLY: [&str; 5] = [
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];
    let strict = Attributes {
        read_only: true,
        no_suid: true,
        no_dev: true,
        no_exec: true,
    };
    for path in MASKED {
        let Ok(target) = open_in_root(root, Path::new(path), OFlags::PATH) else {
            continue;
        };
        let directory = rustix::fs::fstat(&target).is_ok_and(|stat| {
            rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Directory
        });
        let cover = if directory {
            new_filesystem("tmpfs", &[("mode", "000")], strict)
        } else {
            clone_mount(Path::new("/dev/null"), false)
        };
        let cover = cover.step(format!("masking {path}"))?;
        attach(cover.as_fd(), target.as_fd()).step(format!("masking {path}"))?;
    }
    for path in READ_ONLY {
        let Ok(target) = open_in_root(root, Path::new(path), OFlags::PATH) else {
            continue;
        };
        let link = format!("/proc/self/fd/{}", target.as_raw_fd());
        let copy = clone_mount(Path::new(&link), true).step(format!("protecting {path}"))?;
        restrict(
            copy.as_fd(),
            Attributes {
                read_only: true,
                ..Attributes::default()
            },
            true,
        )
        .step(format!("protecting {path}"))?;
        attach(copy.as_fd(), target.as_fd()).step(format!("protecting {path}"))?;
    }
    Ok(())
}

/// pivot_root(2) onto the root itself, then lets go of the host's tree: no path leads back.
fn pivot(root: BorrowedFd<'_>) -> io::Result<()> {
    let old = rustix::fs::open(
        "/",
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    rustix::process::fchdir(root)?;
    rustix::process::pivot_root(".", ".")?;
    rustix::process::fchdir(&old)?;
    rustix::mount::mount_change(
        ".",
        MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC,
    )?;
    rustix::mount::unmount(".", UnmountFlags::DETACH)?;
    rustix::process::chdir("/")?;
    Ok(())
}
