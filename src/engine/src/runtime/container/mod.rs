//! Inside the new namespaces, between clone3 and PID 1: builds the pet's root and goes there.
//! The order of steps is that of docs/ARCHITECTURE.md, “Start”; each names what it guards.

mod binds;
mod bridge;
mod home;
mod image_init;
mod sealed;
mod system;

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use kennel_model::Privilege;
use rustix::fs::{Mode, OFlags};
use rustix::mount::{MountPropagationFlags, UnmountFlags};

use super::followed::files_directory;
use super::plan::RuntimePlan;
use super::population::populate;
use super::state::Person;
use super::{RuntimeError, Step, prompt, resource_limits, syscall_filter};
use crate::account::Account;
use crate::lsm::label::PetLabels;
use crate::sys::label::HostProc;
use crate::sys::mount::{attach, clone_mount, new_overlay};
use crate::sys::{interface, process, seccomp};
pub use image_init::{ImageInit, StopSignal};

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
    /// The pet's running directory, with what follows the host ([`super::followed`]).
    pub running: &'a Path,
    /// Whether other ids than the person's are mapped.
    pub full_mapping: bool,
}

/// Builds the container; the caller then hands over to PID 1 with [`Built::become_init`].
pub fn build(input: &ContainerInput<'_>) -> Result<Built, RuntimeError> {
    process::forbid_dumping();
    let slave = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    rustix::mount::mount_change("/", slave).step("separating the mounts from the host's")?;
    let host = HostParts::take(input)?;
    if input.full_mapping {
        process::become_user(0, 0, &[], !input.plan.host_groups)
            .step("becoming root of the user namespace")?;
    }
    let root = host.mount_root(input.plan.labels.as_ref())?;
    let sudo = input.plan.privileges.privilege == Privilege::Sudo && input.full_mapping;
    let person =
        populate(root.as_fd(), input.account, sudo).step("adding your account to the pet")?;
    system::mount_all(root.as_fd(), input.plan, input.full_mapping)?;
    let init = image_init::prepare(root.as_fd(), input.plan.init)?;
    if input.plan.has_own_network() {
        interface::raise_loopback().step("raising the loopback interface")?;
    }
    if let Some(home) = host.private_home(input) {
        if let Some(labels) = &input.plan.labels {
            home::label(home, &labels.files).step("labelling the pet's home")?;
        }
        home::seed(root.as_fd(), home, input.account).step("filling the pet's home")?;
    }
    binds::mount_all(root.as_fd(), input, &host)?;
    system::mark(root.as_fd(), &input.plan.id, &input.plan.name)?;
    prompt::install(root.as_fd(), &input.plan.name).step("telling the shells which pet this is")?;
    if let (Some(bridge), Some(programs)) = (&host.bridge, &input.plan.host_programs) {
        bridge::install(root.as_fd(), bridge, programs).step("opening the bridge to the host")?;
    }
    system::mask(root.as_fd(), input.plan.labels.as_ref())?;
    nix::unistd::sethostname(&input.plan.hostname).step("setting the host name")?;
    pivot(root.as_fd()).step("entering the pet's root")?;
    Ok(Built {
        proc: host.proc,
        sealed: host.sealed,
        person,
        init,
    })
}

/// What of the host the container is built from. Taken before this process becomes root of the
/// namespace: until then it has the person's own groups, by which they may reach a folder whose
/// owner is not mapped.
struct HostParts {
    /// The host's procfs.
    proc: HostProc,
    /// Our executable ([`sealed`]).
    sealed: OwnedFd,
    /// The pet's own directory.
    directory: OwnedFd,
    /// Unpacked layers, topmost first.
    layers: Vec<OwnedFd>,
    /// Where the root will be.
    mount_point: OwnedFd,
    /// A copy of the mount of each of the plan's binds.
    binds: Vec<Option<OwnedFd>>,
    /// A copy of the mount of the files that follow the host.
    followed_files: OwnedFd,
    /// What the bridge to the host is made of, if there is one.
    bridge: Option<bridge::Parts>,
    /// A copy of the mount of the session's sockets, if any are followed.
    session: Option<OwnedFd>,
}

impl HostParts {
    fn take(input: &ContainerInput<'_>) -> Result<Self, RuntimeError> {
        let open = |path: &Path| {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            rustix::fs::open(path, flags, Mode::empty()).step(format!("opening {}", path.display()))
        };
        let share =
            |path: &Path| clone_mount(path, true).step(format!("sharing {}", path.display()));
        let layers = input.layers.iter().map(|layer| open(layer));
        let binds = input
            .plan
            .binds
            .iter()
            .map(|bind| match share(&bind.source) {
                Err(error) if bind.optional => {
                    eprintln!("{error}");
                    Ok(None)
                }
                other => other.map(Some),
            });
        let bridge = input.plan.host_programs.as_ref();
        let bridge = bridge.map(|_| bridge::Parts::take(input.running, input.executable));
        let session = &input.plan.session;
        let session = (!session.links.is_empty()).then(|| share(&session.directory));
        Ok(Self {
            sealed: sealed::seal(input.executable, input.plan.labels.as_ref())
                .step("sealing the kennel executable")?,
            proc: HostProc::open().step("opening /proc")?,
            directory: open(input.directory)?,
            layers: layers.collect::<Result<_, _>>()?,
            mount_point: open(input.mount_point)?,
            binds: binds.collect::<Result<_, _>>()?,
            followed_files: share(&files_directory(input.running))?,
            bridge: bridge.transpose().step("sharing the bridge to the host")?,
            session: session.transpose()?,
        })
    }

    /// The mount of the pet's own home, if it has one.
    fn private_home(&self, input: &ContainerInput<'_>) -> Option<BorrowedFd<'_>> {
        let home = &input.account.home;
        let mut binds = input.plan.binds.iter().zip(&self.binds);
        let (_, mount) = binds.find(|(bind, _)| bind.target == *home && bind.source != *home)?;
        Some(mount.as_ref()?.as_fd())
    }

    /// Mounts the overlay of the layers and the pet's own changes; a descriptor of its root.
    fn mount_root(&self, labels: Option<&PetLabels>) -> Result<OwnedFd, RuntimeError> {
        let own = |name: &str| {
            match rustix::fs::mkdirat(&self.directory, name, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                Err(error) => return Err(error).step(format!("making {name}")),
            }
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            rustix::fs::openat(&self.directory, name, flags, Mode::empty())
                .step(format!("opening {name}"))
        };
        let (upper, work) = (own("upper")?, own("work")?);
        let label = labels.map(|labels| labels.files.to_string());
        let overlay = new_overlay(&self.layers, upper.as_fd(), work.as_fd(), label.as_deref())
            .step("mounting the overlay")?;
        attach(overlay.as_fd(), self.mount_point.as_fd()).step("mounting the root")?;
        Ok(overlay)
    }
}

/// A built container that this process is inside of.
pub struct Built {
    proc: HostProc,
    sealed: OwnedFd,
    /// The person inside.
    pub person: Person,
    /// The image's init, if it is to be PID 1.
    pub init: Option<ImageInit>,
}

impl Built {
    /// Drops what PID 1 does not need and executes the sealed `kennel init`. Returns only an error.
    pub fn become_init(self, plan: &RuntimePlan) -> RuntimeError {
        let privileges = &plan.privileges;
        let result = (|| {
            resource_limits::apply(&plan.ulimits).step("limiting resources")?;
            // Before the capabilities go: installing a filter takes CAP_SYS_ADMIN.
            seccomp::install(&syscall_filter::program(privileges.filter))
                .step("filtering system calls")?;
            process::limit_capabilities(privileges.capabilities, privileges.capabilities)
                .step("dropping capabilities")?;
            if privileges.privilege == Privilege::None {
                process::no_new_privileges().step("forbidding new privileges")?;
            }
            process::close_on_exec_from(3).step("closing descriptors")?;
            if let Some(labels) = &plan.labels {
                // Last: what was done until now was the keeper's to do.
                let label = labels.process.to_string();
                let told = self.proc.label_next_exec(&label);
                told.map_err(|source| RuntimeError::LabelledExec { label, source })?;
            }
            Ok(())
        })();
        if let Err(error) = result {
            return error;
        }
        let init = self.init.map(|init| init.program.to_owned());
        let arguments: Vec<CString> = [c"kennel".to_owned(), c"init".to_owned()]
            .into_iter()
            .chain(init)
            .collect();
        let environment: [CString; 1] = [c"container=kennel".to_owned()];
        let source = process::execute_fd(self.sealed.as_fd(), &arguments, &environment);
        match &plan.labels {
            Some(labels) => RuntimeError::LabelledExec {
                label: labels.process.to_string(),
                source,
            },
            None => RuntimeError::System {
                step: "starting PID 1".to_owned(),
                source,
            },
        }
    }
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
