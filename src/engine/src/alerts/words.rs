//! Alerts in words: a title and a sentence each, told apart.

use kennel_model::{AlertKind, AlertThresholds, Phrase, phrase, phrases};

use super::{Fill, Load, Reading};

/// What an alert is about, beside its kind.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The pet's name.
    pub name: &'a str,
    /// From when on the person is told.
    pub thresholds: AlertThresholds,
    /// What was seen last.
    pub reading: Reading,
    /// What the kernel or the rest of the engine says of it: who was killed, how it ended.
    pub detail: &'a Phrase,
}

/// A few words, such as a notification's first line.
pub fn title(kind: AlertKind, name: &str) -> Phrase {
    let title = match kind {
        AlertKind::Busy => phrase("{name} is busy"),
        AlertKind::HeldBack => phrase("{name} is held back by its limit"),
        AlertKind::MemoryNearLimit => phrase("{name} is near its memory limit"),
        AlertKind::OutOfMemory => phrase("{name} is out of memory"),
        AlertKind::DiskNearlyFull => return phrase("The disk of your pets is nearly full"),
        AlertKind::Ended => phrase("{name} ended unexpectedly"),
    };
    title.with("name", name)
}

/// It in a sentence.
pub fn sentence(kind: AlertKind, about: &About<'_>) -> Phrase {
    let load = about.reading.load.as_ref();
    let sentence = match kind {
        AlertKind::Busy => phrases(
            "“{name}” is busy: for {count} second it has used nearly all of {cores}",
            "“{name}” is busy: for {count} seconds it has used nearly all of {cores}",
            about.thresholds.cpu_seconds.get().into(),
        )
        .saying("cores", cores(load)),
        AlertKind::HeldBack => phrase(
            "“{name}” is held back by its limit: it wants more than {cores} and is made to wait",
        )
        .saying("cores", cores(load)),
        AlertKind::MemoryNearLimit => match load.and_then(|load| load.memory) {
            Some(memory) => {
                phrase("“{name}” is near its memory limit: it uses {used} of {whole} MB")
                    .with("used", memory.used / 1_000_000)
                    .with("whole", memory.whole / 1_000_000)
            }
            None => phrase("“{name}” is near its memory limit"),
        },
        AlertKind::OutOfMemory => {
            phrase("“{name}” is out of memory: {detail}").saying("detail", about.detail.clone())
        }
        AlertKind::DiskNearlyFull => {
            let free = about.reading.disk.map_or(0, free_megabytes);
            return phrase("the disk of your pets is nearly full: {free} MB are free")
                .with("free", free);
        }
        AlertKind::Ended => phrase("“{name}” ended though nobody stopped it: {detail}")
            .saying("detail", about.detail.clone()),
    };
    sentence.with("name", about.name)
}

/// That it is over.
pub fn over(kind: AlertKind, name: &str) -> Phrase {
    let over = match kind {
        AlertKind::Busy => phrase("“{name}” is not busy any more"),
        AlertKind::HeldBack => phrase("“{name}” is not held back any more"),
        AlertKind::MemoryNearLimit => phrase("“{name}” is not near its memory limit any more"),
        AlertKind::OutOfMemory => phrase("nothing more was killed in “{name}”"),
        AlertKind::DiskNearlyFull => return phrase("the disk of your pets has room again"),
        AlertKind::Ended => phrase("“{name}” was started again"),
    };
    over.with("name", name)
}

fn cores(load: Option<&Load>) -> Phrase {
    match load.map(|load| load.cores) {
        Some(1.0) => phrase("its one core"),
        Some(cores) => phrase("its {cores} cores").with("cores", cores),
        None => phrase("its processor time"),
    }
}

fn free_megabytes(disk: Fill) -> u64 {
    disk.whole.saturating_sub(disk.used) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn busy_and_held_back_are_told_apart() {
        let load = Load {
            used: Duration::ZERO,
            periods: 0,
            throttled: 0,
            cores: 0.5,
            memory: None,
        };
        let about = About {
            name: "webshop",
            thresholds: AlertThresholds::default(),
            reading: Reading {
                at: Duration::ZERO,
                load: Some(load),
                disk: None,
            },
            detail: &Phrase::default(),
        };
        assert_eq!(
            sentence(AlertKind::Busy, &about).to_string(),
            "“webshop” is busy: for 60 seconds it has used nearly all of its 0.5 cores"
        );
        assert_eq!(
            sentence(AlertKind::HeldBack, &about).to_string(),
            "“webshop” is held back by its limit: it wants more than its 0.5 cores and is made to wait"
        );
    }
}
