//! Whether this process is the only one of the app, as far as that can be known without a word on
//! the bus: there each answer takes time that a start does not have. The name on the bus decides;
//! this only tells beforehand how that will be.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kennel_model::APP_ID;
use nix::fcntl::{Flock, FlockArg};

/// Held as long as this process lives.
static HELD: OnceLock<Flock<File>> = OnceLock::new();

/// Claims to be the only one; whether no other does. Where nothing can be claimed, it is.
pub fn claim() -> bool {
    let Some(place) = place() else { return true };
    match lock(&place) {
        Some(Ok(held)) => HELD.set(held).is_ok(),
        Some(Err(())) => false,
        None => true,
    }
}

/// The sandboxes of one app have a folder in common, and nothing else.
fn place() -> Option<PathBuf> {
    let runtime = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
    let shared = runtime.join("app").join(APP_ID);
    Some(if shared.is_dir() {
        shared.join("window.lock")
    } else {
        runtime.join(format!("{APP_ID}.lock"))
    })
}

/// The lock, or that another has it; nothing where there can be none.
fn lock(place: &Path) -> Option<Result<Flock<File>, ()>> {
    let file = File::create(place).ok()?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(held) => Some(Ok(held)),
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => Some(Err(())),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_at_a_time() {
        let place = std::env::temp_dir().join(format!("kennel-alone-{}", std::process::id()));
        let first = lock(&place);
        assert!(matches!(first, Some(Ok(_))));
        assert!(matches!(lock(&place), Some(Err(()))));
        drop(first);
        assert!(matches!(lock(&place), Some(Ok(_))));
        assert!(lock(Path::new("/nowhere/at/all")).is_none());
        let _ = std::fs::remove_file(&place);
    }
}
