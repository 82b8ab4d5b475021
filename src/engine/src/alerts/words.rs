//! Alerts in words: a title and a sentence each, told apart.

use kennel_model::{AlertKind, AlertThresholds};

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
    pub detail: &'a str,
}

/// A few words, such as a notification's first line.
pub fn title(kind: AlertKind, name: &str) -> String {
    match kind {
        AlertKind::Busy => format!("{name} is busy"),
        AlertKind::HeldBack => format!("{name} is held back by its limit"),
        AlertKind::MemoryNearLimit => format!("{name} is near its memory limit"),
        AlertKind::OutOfMemory => format!("{name} is out of memory"),
        AlertKind::DiskNearlyFull => "The disk of your pets is nearly full".to_owned(),
        AlertKind::Ended => format!("{name} ended unexpectedly"),
    }
}

/// It in a sentence.
pub fn sentence(kind: AlertKind, about: &About<'_>) -> String {
    let About { name, detail, .. } = about;
    let load = about.reading.load.as_ref();
    match kind {
        AlertKind::Busy => {
            let seconds = about.thresholds.cpu_seconds;
            format!(
                "“{name}” is busy: for {seconds} seconds it has used nearly all of {}",
                cores(load)
            )
        }
        AlertKind::HeldBack => format!(
            "“{name}” is held back by its limit: it wants more than {} and is made to wait",
            cores(load)
        ),
        AlertKind::MemoryNearLimit => match load.and_then(|load| load.memory) {
            Some(memory) => format!(
                "“{name}” is near its memory limit: it uses {} of {} MB",
                memory.used / 1_000_000,
                memory.whole / 1_000_000
            ),
            None => format!("“{name}” is near its memory limit"),
        },
        AlertKind::OutOfMemory => format!("“{name}” is out of memory: {detail}"),
        AlertKind::DiskNearlyFull => {
            let free = about.reading.disk.map_or(0, free_megabytes);
            format!("the disk of your pets is nearly full: {free} MB are free")
        }
        AlertKind::Ended => format!("“{name}” ended though nobody stopped it: {detail}"),
    }
}

/// That it is over.
pub fn over(kind: AlertKind, name: &str) -> String {
    match kind {
        AlertKind::Busy => format!("“{name}” is not busy any more"),
        AlertKind::HeldBack => format!("“{name}” is not held back any more"),
        AlertKind::MemoryNearLimit => format!("“{name}” is not near its memory limit any more"),
        AlertKind::OutOfMemory => format!("nothing more was killed in “{name}”"),
        AlertKind::DiskNearlyFull => "the disk of your pets has room again".to_owned(),
        AlertKind::Ended => format!("“{name}” was started again"),
    }
}

fn cores(load: Option<&Load>) -> String {
    match load.map(|load| load.cores) {
        Some(1.0) => "its one core".to_owned(),
        Some(cores) => format!("its {cores} cores"),
        None => "its processor time".to_owned(),
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
            detail: "",
        };
        assert_eq!(
            sentence(AlertKind::Busy, &about),
            "“webshop” is busy: for 60 seconds it has used nearly all of its 0.5 cores"
        );
        assert_eq!(
            sentence(AlertKind::HeldBack, &about),
            "“webshop” is held back by its limit: it wants more than its 0.5 cores and is made to wait"
        );
    }
}
