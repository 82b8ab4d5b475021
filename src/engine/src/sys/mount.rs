//! Mounts by file descriptor (fsopen, open_tree, mount_setattr, move_mount): a target is an
//! open directory, never a path that an image could swap underneath (CVE-2021-30465).

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, Mode, OFlags, ResolveFlags};
use rustix::mount::{FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, OpenTreeFlags};

/// The mount option by which all files of a file system have one SELinux label.
pub const LABEL_OPTION: &str = "context";

/// Attributes to add to a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes {
    /// MOUNT_ATTR_RDONLY.
    pub read_only: bool,
    /// MOUNT_ATTR_NOSUID.
    pub no_suid: bool,
    /// MOUNT_ATTR_NODEV.
    pub no_dev: bool,
    /// MOUNT_ATTR_NOEXEC.
    pub no_exec: bool,
}

impl Attributes {
    /// Only the prohibition to write.
    pub const READ_ONLY: Self = Self {
        read_only: true,
        no_suid: false,
        no_dev: false,
        no_exec: false,
    };

    /// The words of mount(8) for them.
    pub fn names(self) -> Vec<String> {
        [
            (self.read_only, "ro"),
            (self.no_suid, "nosuid"),
            (self.no_dev, "nodev"),
            (self.no_exec, "noexec"),
        ]
        .into_iter()
        .filter(|(set, _)| *set)
        .map(|(_, name)| name.to_owned())
        .collect()
    }

    fn bits(self) -> u64 {
        let flag = |set: bool, flag: MountAttrFlags| if set { u64::from(flag.bits()) } else { 0 };
        flag(self.read_only, MountAttrFlags::MOUNT_ATTR_RDONLY)
            | flag(self.no_suid, MountAttrFlags::MOUNT_ATTR_NOSUID)
            | flag(self.no_dev, MountAttrFlags::MOUNT_ATTR_NODEV)
            | flag(self.no_exec, MountAttrFlags::MOUNT_ATTR_NOEXEC)
    }
}

/// A new detached file system of `kind` with string options.
pub fn new_filesystem(
    kind: &str,
    options: &[(&str, &str)],
    attributes: Attributes,
) -> io::Result<OwnedFd> {
    let context = rustix::mount::fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (key, value) in options {
        rustix::mount::fsconfig_set_string(context.as_fd(), *key, *value)?;
    }
    finish_filesystem(context.as_fd(), attributes)
}

/// Overlayfs in a user namespace: `userxattr`, and no `volatile` (an unclean end would refuse
/// the next mount). `lower` is topmost first; every path is short because it names a descriptor.
/// With `label` every file in it has this SELinux label, whatever the layers' files have.
pub fn new_overlay(
    lower: &[OwnedFd],
    upper: BorrowedFd<'_>,
    work: BorrowedFd<'_>,
    label: Option<&str>,
) -> io::Result<OwnedFd> {
    let path = |fd: BorrowedFd<'_>| format!("/proc/self/fd/{}", fd.as_raw_fd());
    let context = rustix::mount::fsopen("overlay", FsOpenFlags::FSOPEN_CLOEXEC)?;
    for layer in lower {
        rustix::mount::fsconfig_set_string(context.as_fd(), "lowerdir+", path(layer.as_fd()))?;
    }
    rustix::mount::fsconfig_set_string(context.as_fd(), "upperdir", path(upper))?;
    rustix::mount::fsconfig_set_string(context.as_fd(), "workdir", path(work))?;
    rustix::mount::fsconfig_set_flag(context.as_fd(), "userxattr")?;
    if let Some(label) = label {
        // A value of its own: the comma in it ends nothing.
        rustix::mount::fsconfig_set_string(context.as_fd(), LABEL_OPTION, label)?;
    }
    finish_filesystem(context.as_fd(), Attributes::default())
}

/// The same for looking only. A layer may be the upper one of a pet that runs: the kernel then
/// promises no more than that nothing breaks, which is enough for a look.
pub fn new_read_only_overlay(layers: &[OwnedFd]) -> io::Result<OwnedFd> {
    let context = rustix::mount::fsopen("overlay", FsOpenFlags::FSOPEN_CLOEXEC)?;
    for layer in layers {
        let path = format!("/proc/self/fd/{}", layer.as_raw_fd());
        rustix::mount::fsconfig_set_string(context.as_fd(), "lowerdir+", path)?;
    }
    rustix::mount::fsconfig_set_flag(context.as_fd(), "userxattr")?;
    finish_filesystem(context.as_fd(), Attributes::READ_ONLY)
}

fn finish_filesystem(context: BorrowedFd<'_>, attributes: Attributes) -> io::Result<OwnedFd> {
    rustix::mount::fsconfig_create(context)?;
    let flags = MountAttrFlags::from_bits_retain(attributes.bits() as u32);
    Ok(rustix::mount::fsmount(
        context,
        FsMountFlags::FSMOUNT_CLOEXEC,
        flags,
    )?)
}

/// A detached copy of the mount at `path`, with everything below it when `recursive`.
pub fn clone_mount(path: &Path, recursive: bool) -> io::Result<OwnedFd> {
    let mut flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
    if recursive {
        flags |= OpenTreeFlags::AT_RECURSIVE;
    }
    Ok(rustix::mount::open_tree(rustix::fs::CWD, path, flags)?)
}

/// Adds attributes to a detached mount. Only ever adds: what the host locked stays locked.
pub fn restrict(mount: BorrowedFd<'_>, attributes: Attributes, recursive: bool) -> io::Result<()> {
    #[repr(C)]
    struct MountAttr {
        set: u64,
        clear: u64,
        propagation: u64,
        userns_fd: u64,
    }
    let attr = MountAttr {
        set: attributes.bits(),
        clear: 0,
        propagation: 0,
        userns_fd: 0,
    };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: attr has the layout and size of struct mount_attr (mount_setattr(2)).
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const attr,
            size_of::<MountAttr>(),
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Attaches the detached `mount` on the open file or directory `target`.
pub fn attach(mount: BorrowedFd<'_>, target: BorrowedFd<'_>) -> io::Result<()> {
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(rustix::mount::move_mount(mount, "", target, "", flags)?)
}

/// Opens `path` as the pet sees it: no symlink in the image leads out of `root`.
pub fn open_in_root(root: BorrowedFd<'_>, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let relative = if relative.as_os_str().is_empty() {
        Path::new(".")
    } else {
        relative
    };
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let mode = if flags.contains(OFlags::CREATE) {
        Mode::from_raw_mode(0o644)
    } else {
        Mode::empty()
    };
    Ok(rustix::fs::openat2(
        root,
        relative,
        flags | OFlags::CLOEXEC,
        mode,
        resolve,
    )?)
}

/// Makes every missing directory of `path` inside `root` (mode 0755) and opens the last one.
pub fn make_directory(root: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    let mut made = std::path::PathBuf::from("/");
    let mut current = open_in_root(root, &made, OFlags::PATH | OFlags::DIRECTORY)?;
    for component in path.components() {
        let Component::Normal(name) = component else {
            continue;
        };
        made.push(name);
        current = match open_in_root(root, &made, OFlags::PATH | OFlags::DIRECTORY) {
            Ok(next) => next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match rustix::fs::mkdirat(&current, name, Mode::from_raw_mode(0o755)) {
                    Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                    Err(error) => return Err(error.into()),
                }
                open_in_root(root, &made, OFlags::PATH | OFlags::DIRECTORY)?
            }
            Err(error) => return Err(error),
        };
    }
    Ok(current)
}

/// Opens the file `path` in `root` as a mount target, made empty (with its parents) if missing.
pub fn make_file(root: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    match open_in_root(root, path, OFlags::PATH) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        result => return result,
    }
    let parent = make_directory(root, path.parent().unwrap_or(Path::new("/")))?;
    let name = path.file_name().unwrap_or_default();
    // A dangling symlink of the image is replaced: its target is not ours to create.
    let _ = rustix::fs::unlinkat(&parent, name, AtFlags::empty());
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    drop(rustix::fs::openat(
        &parent,
        name,
        flags,
        Mode::from_raw_mode(0o644),
    )?);
    Ok(rustix::fs::openat(
        &parent,
        name,
        OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC,
        Mode::empty(),
    )?)
}

/// Makes `path` in `root` a symbolic link to `target`, in place of a file that is there. A link
/// that already leads there is left alone, so that a pet's second start writes nothing.
pub fn replace_by_link(root: BorrowedFd<'_>, path: &Path, target: &Path) -> io::Result<()> {
    let parent = make_directory(root, path.parent().unwrap_or(Path::new("/")))?;
    let name = path.file_name().unwrap_or_default();
    if rustix::fs::readlinkat(&parent, name, Vec::new())
        .is_ok_and(|now| now.as_bytes() == target.as_os_str().as_encoded_bytes())
    {
        return Ok(());
    }
    let fresh = ".kennel-link";
    let _ = rustix::fs::unlinkat(&parent, fresh, AtFlags::empty());
    rustix::fs::symlinkat(target, &parent, fresh)?;
    Ok(rustix::fs::renameat(&parent, fresh, &parent, name)?)
}
