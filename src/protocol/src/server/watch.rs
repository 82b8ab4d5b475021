//! Notices changes that others make (the command line, a pet that ends) and tells the peer.

use std::collections::HashSet;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};
use tokio::io::unix::AsyncFd;

/// How long changes are gathered before the peer is told once.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// Files are replaced by rename, so writes need no watching; that also keeps lock files quiet.
const CHANGES: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::MOVED_TO);

/// Watches `directories` and their direct children until aborted.
pub(super) async fn run(connection: zbus::Connection, directories: Vec<PathBuf>) {
    let Ok(inotify) = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK) else {
        return;
    };
    // Its successor is an unsafe function; an `OwnedFd` fulfils what that one asks for.
    #[allow(deprecated)]
    let Ok(inotify) = AsyncFd::new(inotify) else {
        return;
    };
    loop {
        let waiting = watch_all(inotify.get_ref(), &directories);
        let Ok(mut ready) = inotify.readable().await else {
            return;
        };
        tokio::time::sleep(DEBOUNCE).await;
        ready.clear_ready();
        if drain(inotify.get_ref(), &waiting) {
            super::tell_changed(&connection).await;
        }
    }
}

/// Adds what is missing; adding twice changes nothing. Returns the watches that only wait
/// for a directory to be made.
fn watch_all(inotify: &OwnedFd, directories: &[PathBuf]) -> HashSet<i32> {
    let mut waiting = HashSet::new();
    for directory in directories {
        if let Ok(watch) = inotify::add_watch(inotify, directory, CHANGES) {
            waiting.remove(&watch);
            watch_children(inotify, directory);
        } else if let Some(ancestor) = directory.ancestors().skip(1).find(|path| path.is_dir())
            && let Ok(watch) = inotify::add_watch(
                inotify,
                ancestor,
                WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::MASK_ADD,
            )
            && !directories.iter().any(|other| other == ancestor)
        {
            waiting.insert(watch);
        }
    }
    waiting
}

fn watch_children(inotify: &OwnedFd, directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            // One that has just been removed needs no watch.
            let _ = inotify::add_watch(inotify, entry.path(), CHANGES);
        }
    }
}

/// Reads all events; whether one means a change. A directory that appeared counts too.
fn drain(inotify: &OwnedFd, waiting: &HashSet<i32>) -> bool {
    let mut space = [MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(inotify.as_fd(), &mut space);
    let (mut changed, mut appeared) = (false, false);
    while let Ok(event) = reader.next() {
        if waiting.contains(&event.wd()) {
            appeared |= event.events().contains(inotify::ReadFlags::ISDIR);
        } else {
            changed = true;
        }
    }
    changed || appeared
}
