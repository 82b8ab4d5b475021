//! The person inside the pet: account, groups, sudo. Written by Kennel itself at each start, so
//! that an image without `useradd` works, and only where something is missing.

use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};

use super::state::Person;
use super::{elevation, shells};
use crate::account::Account;
use crate::sys::mount::{make_directory, open_in_root};

/// The largest account file that is read (CVE-2024-9676: sparse giants, FIFOs).
const FILE_LIMIT: u64 = 4 << 20;

/// Makes sure that `account` exists in the root file system with the same name, ids and home,
/// and may use sudo when `sudo`.
pub fn populate(root: BorrowedFd<'_>, account: &Account, sudo: bool) -> io::Result<Person> {
    let shell = shells::choose(&account.shell, |path| is_program(root, path)).path;
    let passwd = read(root, "/etc/passwd")?;
    let home = account.home.display();
    let line = format!(
        "{}:x:{}:{}::{home}:{}",
        account.name,
        account.uid,
        account.gid,
        shell.display()
    );
    write_if_changed(
        root,
        "/etc/passwd",
        &passwd,
        &with_account(&passwd, &line),
        0o644,
    )?;
    let group = read(root, "/etc/group")?;
    let group = with_line(
        &group,
        &account.name,
        2,
        &format!("{}:x:{}:", account.name, account.gid),
        account.gid,
    );
    let shadow = read(root, "/etc/shadow")?;
    if !shadow.is_empty() && !has_name(&shadow, &account.name) {
        // “*”: no password opens the account; sudo needs none.
        let line = format!(
            "{}{}:*:19000:0:99999:7:::\n",
            terminated(&shadow),
            account.name
        );
        write(root, "/etc/shadow", &line, 0o640)?;
    }
    let admin = ["sudo", "wheel"]
        .into_iter()
        .find(|name| has_name(&group, name));
    let group = match admin.filter(|_| sudo) {
        Some(admin) => with_member(&group, admin, &account.name),
        None => group,
    };
    let before = read(root, "/etc/group")?;
    write_if_changed(root, "/etc/group", &before, &group, 0o644)?;
    if sudo && open_in_root(root, Path::new("/etc/sudoers"), OFlags::PATH).is_ok() {
        let rule = format!("{} ALL=(ALL:ALL) NOPASSWD: ALL\n", account.name);
        make_directory(root, Path::new("/etc/sudoers.d"))?;
        let before = read(root, "/etc/sudoers.d/kennel")?;
        write_if_changed(root, "/etc/sudoers.d/kennel", &before, &rule, 0o440)?;
    }
    if sudo {
        elevation::allow_doas(root, &account.name)?;
        elevation::unlock_root(root)?;
    }
    Ok(Person {
        name: account.name.clone(),
        uid: account.uid,
        gid: account.gid,
        groups: groups_of(&group, &account.name),
        home: account.home.clone(),
        shell,
        host_shell: account.shell.clone(),
    })
}

/// Whether `path` in the image can be executed.
fn is_program(root: BorrowedFd<'_>, path: &Path) -> bool {
    open_in_root(root, path, OFlags::PATH)
        .and_then(|file| Ok(rustix::fs::fstat(&file)?))
        .is_ok_and(|status| {
            FileType::from_raw_mode(status.st_mode) == FileType::RegularFile
                && status.st_mode & 0o111 != 0
        })
}

/// A regular file of at most [`FILE_LIMIT`] bytes; empty when it is not there.
pub(super) fn read(root: BorrowedFd<'_>, path: &str) -> io::Result<String> {
    let file = match open_in_root(root, Path::new(path), OFlags::RDONLY | OFlags::NONBLOCK) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    if FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode) != FileType::RegularFile {
        return Err(io::Error::other(format!(
            "{path} of the image is not a regular file"
        )));
    }
    let mut bytes = Vec::new();
    std::fs::File::from(file)
        .take(FILE_LIMIT + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(io::Error::other(format!(
            "{path} of the image is larger than 4 MiB"
        )));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn write_if_changed(
    root: BorrowedFd<'_>,
    path: &str,
    before: &str,
    after: &str,
    mode: u32,
) -> io::Result<()> {
    if before == after {
        Ok(())
    } else {
        write(root, path, after, mode)
    }
}

/// Replaces `path` by rename, as root of the pet.
pub(super) fn write(root: BorrowedFd<'_>, path: &str, text: &str, mode: u32) -> io::Result<()> {
    let path = Path::new(path);
    let directory = make_directory(root, path.parent().unwrap_or(Path::new("/")))?;
    let name = path.file_name().unwrap_or_default();
    let temporary = ".kennel-new";
    let _ = rustix::fs::unlinkat(&directory, temporary, rustix::fs::AtFlags::empty());
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(mode);
    let file = rustix::fs::openat(&directory, temporary, flags, mode)?;
    rustix::fs::fchmod(&file, mode)?;
    std::fs::File::from(file).write_all(text.as_bytes())?;
    Ok(rustix::fs::renameat(
        &directory, temporary, &directory, name,
    )?)
}

fn terminated(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

fn has_name(text: &str, name: &str) -> bool {
    text.lines()
        .any(|line| line.split(':').next() == Some(name))
}

/// `passwd` with `account` in place of every line of the same name or uid.
fn with_account(passwd: &str, account: &str) -> String {
    let key = |line: &str| {
        let mut fields = line.split(':');
        (
            fields.next().map(str::to_owned),
            fields.nth(1).map(str::to_owned),
        )
    };
    let (name, uid) = key(account);
    let base = if passwd.is_empty() {
        "root:x:0:0:root:/root:/bin/sh\n"
    } else {
        passwd
    };
    let kept = base.lines().filter(|line| {
        let (other_name, other_uid) = key(line);
        other_name != name && other_uid != uid
    });
    kept.chain([account])
        .fold(String::new(), |text, line| text + line + "\n")
}

fn with_line(text: &str, name: &str, id_field: usize, line: &str, id: u32) -> String {
    let base = if text.is_empty() {
        "root:x:0:\n".to_owned()
    } else {
        terminated(text)
    };
    let id = id.to_string();
    let taken = base
        .lines()
        .any(|other| other.split(':').nth(id_field) == Some(&id))
        || has_name(&base, name);
    if taken {
        base
    } else {
        format!("{base}{line}\n")
    }
}

fn with_member(group: &str, admin: &str, member: &str) -> String {
    group.lines().fold(String::new(), |text, line| {
        let members = line.rsplit(':').next().unwrap_or("");
        let add = line.split(':').next() == Some(admin) && !members.split(',').any(|m| m == member);
        let comma = if members.is_empty() { "" } else { "," };
        if add {
            format!("{text}{line}{comma}{member}\n")
        } else {
            format!("{text}{line}\n")
        }
    })
}

/// The ids of the groups that list `member` (group(5)).
fn groups_of(group: &str, member: &str) -> Vec<u32> {
    group
        .lines()
        .filter(|line| {
            line.rsplit(':')
                .next()
                .is_some_and(|all| all.split(',').any(|m| m == member))
        })
        .filter_map(|line| line.split(':').nth(2)?.parse().ok())
        .take(1000)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_account_with_the_same_uid_gives_way() {
        let passwd = "root:x:0:0::/root:/bin/sh\nubuntu:x:1000:1000::/home/ubuntu:/bin/bash\n";
        let text = with_account(passwd, "ada:x:1000:1000::/home/ada:/bin/bash");
        assert_eq!(
            text,
            "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/bash\n"
        );
    }

    #[test]
    fn joining_the_admin_group_twice_changes_nothing() {
        let once = with_member("sudo:x:27:\nusers:x:100:bob\n", "sudo", "ada");
        assert_eq!(once, "sudo:x:27:ada\nusers:x:100:bob\n");
        assert_eq!(with_member(&once, "sudo", "ada"), once);
        assert_eq!(groups_of(&once, "ada"), [27]);
    }

    #[test]
    fn group_ids_that_are_no_numbers_are_passed_over() {
        assert_eq!(
            groups_of(
                "a:x:-1:ada\nb:x:4294967296:ada\nc:x::ada\nd:x:7:ada\n",
                "ada"
            ),
            [7]
        );
    }
}
