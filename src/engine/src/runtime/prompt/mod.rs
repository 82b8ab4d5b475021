//! The prompt inside shows the pet, in every shell, and no file of the person's is touched.
//!
//! Our few lines lie in `/run` of the pet and are as new as the Kennel that started it. bash reads
//! them through a link in `/etc/profile.d`, fish through one in `/etc/fish/conf.d`; sh, dash and
//! ash through the variable `ENV` (sh(1p)); zsh, which has no such place, is led by `ZDOTDIR` past
//! ours to its own, as terminals do it for their shell integration.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::os::fd::BorrowedFd;
use std::path::Path;

use kennel_model::PetName;
use rustix::fs::{Mode, OFlags};

use crate::sys::mount::{make_directory, open_in_root, replace_by_link};

/// Where the files are inside.
const DIRECTORY: &str = "/run/kennel/shell";

/// Where the `kennel` of the pet is, which explains itself or leads to the host, last in `PATH`: it
/// hides no program of the image.
pub const PROGRAMS: &str = "/run/kennel/bin";

const FILES: [(&str, &str, &str, u32); 4] = [
    (DIRECTORY, "profile.sh", include_str!("profile.sh"), 0o644),
    (DIRECTORY, "kennel.fish", include_str!("kennel.fish"), 0o644),
    (DIRECTORY, ".zshenv", include_str!("zshenv"), 0o644),
    (PROGRAMS, "kennel", include_str!("kennel.sh"), 0o755),
];

/// A link that leads a shell to its file, where the image has the directory for it.
const LINKS: [(&str, &str, &str); 2] = [
    ("/etc/profile.d", "kennel.sh", "profile.sh"),
    ("/etc/fish/conf.d", "kennel.fish", "kennel.fish"),
];

/// Writes the files into the pet whose root is `root` and whose `/run` is mounted.
pub fn install(root: BorrowedFd<'_>, pet: &PetName) -> io::Result<()> {
    for (directory, name, text, mode) in FILES {
        let directory = make_directory(root, Path::new(directory))?;
        write(&directory, name, text, mode)?;
    }
    let is_there = |path: &str| open_in_root(root, Path::new(path), OFlags::PATH).is_ok();
    for (directory, link, target) in LINKS {
        if is_there(directory) {
            let link = Path::new(directory).join(link);
            replace_by_link(root, &link, &Path::new(DIRECTORY).join(target))?;
        }
    }
    // Debian's own prompts show the first line of this file, root's too.
    if is_there("/etc/debian_version") {
        let directory = make_directory(root, Path::new("/run/kennel"))?;
        write(&directory, "debian_chroot", &format!("{pet}\n"), 0o644)?;
        let target = Path::new("/run/kennel/debian_chroot");
        replace_by_link(root, Path::new("/etc/debian_chroot"), target)?;
    }
    Ok(())
}

fn write(directory: &impl std::os::fd::AsFd, name: &str, text: &str, mode: u32) -> io::Result<()> {
    let flags =
        OFlags::CREATE | OFlags::WRONLY | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(mode);
    let file = rustix::fs::openat(directory, name, flags, mode)?;
    rustix::fs::fchmod(&file, mode)?;
    std::fs::File::from(file).write_all(text.as_bytes())
}

/// Adds to the environment of a command what leads its shells here.
pub fn lead(environment: &mut BTreeMap<String, String>) {
    if let Some(path) = environment.get_mut("PATH")
        && !path.split(':').any(|directory| directory == PROGRAMS)
    {
        path.push(':');
        path.push_str(PROGRAMS);
    }
    environment
        .entry("ENV".to_owned())
        .or_insert_with(|| format!("{DIRECTORY}/profile.sh"));
    if let Some(own) = environment.insert("ZDOTDIR".to_owned(), DIRECTORY.to_owned()) {
        environment.insert("KENNEL_ZDOTDIR".to_owned(), own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_pet_sets_itself_stays() {
        let mut environment: BTreeMap<String, String> = [
            ("PATH", "/opt/bin:/usr/bin"),
            ("ENV", "/etc/shinit"),
            ("ZDOTDIR", "/etc/zdot"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        lead(&mut environment);
        assert_eq!(environment["PATH"], "/opt/bin:/usr/bin:/run/kennel/bin");
        assert_eq!(environment["ENV"], "/etc/shinit");
        assert_eq!(environment["KENNEL_ZDOTDIR"], "/etc/zdot");
    }
}
