//! How much of the disk a tree occupies.

use std::collections::HashSet;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

/// Directories nested deeper are not looked into: each level keeps one open.
const DEPTH_LIMIT: usize = 256;
const OPEN_DIR: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// The bytes that `path` and everything below it occupy. Follows no link, stays on the file
/// system, counts a file with several names once, and passes over what it may not read. A
/// missing tree occupies nothing.
pub fn tree_bytes(path: &Path) -> io::Result<u64> {
    let top = match rustix::fs::open(path, OPEN_DIR, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(0),
        other => other?,
    };
    let stat = rustix::fs::fstat(&top)?;
    let mut walk = Walk {
        device: stat.st_dev,
        seen: HashSet::new(),
        bytes: occupied(&stat),
    };
    walk.directory(&top, 0);
    Ok(walk.bytes)
}

struct Walk {
    device: u64,
    /// Inodes of files with several names.
    seen: HashSet<u64>,
    bytes: u64,
}

impl Walk {
    fn directory(&mut self, dir: &OwnedFd, depth: usize) {
        let Ok(entries) = Dir::read_from(dir) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if name == c"." || name == c".." {
                continue;
            }
            let Ok(stat) = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            let is_dir = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
            if stat.st_dev != self.device
                || (!is_dir && stat.st_nlink > 1 && !self.seen.insert(stat.st_ino))
            {
                continue;
            }
            self.bytes = self.bytes.saturating_add(occupied(&stat));
            if is_dir
                && depth < DEPTH_LIMIT
                && let Ok(inner) = rustix::fs::openat(dir, name, OPEN_DIR, Mode::empty())
            {
                self.directory(&inner, depth + 1);
            }
        }
    }
}

/// st_blocks counts 512 bytes, whatever the file system (stat(2)).
fn occupied(stat: &rustix::fs::Stat) -> u64 {
    u64::try_from(stat.st_blocks)
        .unwrap_or(0)
        .saturating_mul(512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_not_followed_and_names_not_counted_twice() {
        let dir = tempfile::tempdir().unwrap();
        let (tree, outside) = (dir.path().join("tree"), dir.path().join("outside"));
        std::fs::create_dir_all(tree.join("deep/er")).unwrap();
        std::fs::write(&outside, vec![1; 1 << 20]).unwrap();
        std::os::unix::fs::symlink(&outside, tree.join("link")).unwrap();
        std::os::unix::fs::symlink("..", tree.join("deep/loop")).unwrap();
        let before = tree_bytes(&tree).unwrap();
        assert!(before < 1 << 20, "{before}");
        std::fs::write(tree.join("deep/er/file"), vec![1; 1 << 20]).unwrap();
        std::fs::hard_link(tree.join("deep/er/file"), tree.join("again")).unwrap();
        let after = tree_bytes(&tree).unwrap() - before;
        assert!((1 << 20..3 << 19).contains(&after), "{after}");
        assert_eq!(tree_bytes(&dir.path().join("missing")).unwrap(), 0);
    }
}
