//! Whose a process is: by its user namespace, which every pet has of its own, or one of the
//! namespaces around it. So it is found whatever group, session or process namespace it went into,
//! and also in a container that runs in the pet.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;

use crate::sys::namespace;

/// How many user namespaces the kernel nests (user_namespaces(7)).
const DEEPEST: usize = 32;

/// The user namespaces of pets, and what was found out about others.
#[derive(Debug, Default)]
pub struct Families {
    pets: HashSet<u64>,
    /// The pet around a namespace, if any, by inodes; and whether it was met since the last
    /// [`Self::forget`].
    others: HashMap<u64, (Option<u64>, bool)>,
}

impl Families {
    /// For the pets whose user namespaces have these inodes.
    pub fn new(pets: impl IntoIterator<Item = u64>) -> Self {
        Self {
            pets: pets.into_iter().collect(),
            others: HashMap::new(),
        }
    }

    /// Other pets run now.
    pub fn set_pets(&mut self, pets: HashSet<u64>) {
        if pets != self.pets {
            *self = Self::new(pets);
        }
    }

    /// Forgets namespaces that were not met since the last time: their numbers may be used again.
    pub fn forget(&mut self) {
        self.others.retain(|_, (_, met)| std::mem::take(met));
    }

    /// The pet's namespace that process `pid` lives in. None for one of nobody's, of another
    /// person's, and for one that has ended.
    pub fn of(&mut self, pid: i32) -> Option<u64> {
        let path = format!("/proc/{pid}/ns/user");
        let inode = fs::metadata(&path).ok()?.ino();
        if self.pets.contains(&inode) {
            return Some(inode);
        }
        if let Some((pet, met)) = self.others.get_mut(&inode) {
            *met = true;
            return *pet;
        }
        let pet = self.around(&path);
        self.others.insert(inode, (pet, true));
        pet
    }

    /// The nearest pet's namespace around that of `path`.
    fn around(&self, path: &str) -> Option<u64> {
        let mut inner = File::open(path).ok()?;
        for _ in 0..DEEPEST {
            // An error above the last one that this process may see.
            let outer = File::from(namespace::parent(inner.as_fd()).ok()?);
            let inode = outer.metadata().ok()?.ino();
            if self.pets.contains(&inode) {
                return Some(inode);
            }
            inner = outer;
        }
        None
    }
}

/// The numbers of all processes.
pub fn all_pids() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_of_its_namespace_or_of_nobody() {
        let own = fs::metadata("/proc/self/ns/user").unwrap().ino();
        let pid = std::process::id().cast_signed();
        assert_eq!(Families::new([own]).of(pid), Some(own));
        assert_eq!(Families::new([own + 1]).of(pid), None);
        assert_eq!(Families::new([own]).of(i32::MAX), None);
    }
}
