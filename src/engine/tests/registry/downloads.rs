//! What stays of a download that ended early.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kennel_engine::registry::{RegistryError, pull};
use kennel_engine::store::{ProgressSink, StoreError};
use kennel_model::Progress;

use super::common::{Lab, digest, listing};
use super::server::{End, Server};
use super::{Image, fetch, reference, request};

/// Wants the end once something has arrived.
struct Impatient(AtomicUsize);

impl ProgressSink for Impatient {
    fn report(&self, progress: Progress) {
        if let Progress::Downloading { done, .. } = progress {
            self.0.store(done as usize, Ordering::Relaxed);
        }
    }
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[test]
fn cancelling_ends_soon_and_keeps_what_arrived() {
    let image = Image::new(|_| {});
    let half = image.layer.len() / 2;
    let copy = image.clone();
    let calls = Arc::new(AtomicUsize::new(0));
    let server = Server::new(move |asked| {
        let first = copy.is_layer(asked) && calls.fetch_add(1, Ordering::Relaxed) == 0;
        copy.answer(asked)
            .ending(if first { End::Silence(half) } else { End::Well })
    });
    let (lab, name) = (Lab::new(), reference(&server));
    let mut wanted = request(&name);
    wanted.policy.silence = Duration::from_secs(20);
    let before = Instant::now();
    let error = pull(
        &lab.store,
        &wanted,
        &lab.unpacker,
        &Impatient(AtomicUsize::new(0)),
    )
    .unwrap_err();
    assert!(
        matches!(error, RegistryError::Store(StoreError::Cancelled)),
        "{error}"
    );
    assert!(before.elapsed() < Duration::from_secs(2));
    assert!(lab.store.images().unwrap().is_empty());
    assert!(listing(&lab.dir.path().join("store/tmp")).is_empty());
    fetch(&lab, &server).unwrap();
    let last = server
        .asked()
        .into_iter()
        .rfind(|it| image.is_layer(it))
        .unwrap();
    assert_eq!(last.from, half);
}

#[test]
fn what_an_earlier_pull_left_damaged_is_not_believed() {
    let image = Image::new(|_| {});
    let copy = image.clone();
    let server = Server::new(move |asked| copy.answer(asked));
    let lab = Lab::new();
    let mut left = image.layer[..1000].to_vec();
    left[500] ^= 1;
    let name = format!("store/downloads/{}.partial", digest(&image.layer).hex());
    lab.write(&name, &left);
    fetch(&lab, &server).unwrap();
    assert_eq!(image.begun_at(&server), [1000, 0]);
}

#[test]
fn old_downloads_are_swept_and_new_ones_kept() {
    let lab = Lab::new();
    let old = lab.write("store/downloads/a.partial", b"old");
    std::fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(std::time::SystemTime::now() - Duration::from_secs(30 * 24 * 3600))
        .unwrap();
    let new = lab.write("store/downloads/b.partial", b"new!");
    assert_eq!(
        lab.store
            .sweep_downloads(Duration::from_secs(24 * 3600))
            .unwrap(),
        3
    );
    assert!(!old.exists() && new.exists());
    assert_eq!(lab.store.sweep_downloads(Duration::ZERO).unwrap(), 4);
    assert!(!new.exists());
}
