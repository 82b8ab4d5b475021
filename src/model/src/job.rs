//! What a long operation says while it runs: progress, then one outcome.

use serde::{Deserialize, Serialize};

use crate::{ImageSummary, PetSummary, Phrase, UserError};

/// How far a long operation is. Byte counts; `total` 0 means unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Progress {
    /// Reading an image into the store and verifying it.
    Importing {
        /// Bytes read so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// Hashing everything in the store again.
    Verifying {
        /// Bytes hashed so far.
        done: u64,
        /// Bytes of all blobs.
        total: u64,
    },
    /// Fetching layers from a registry; what has arrived is unpacked at the same time.
    Downloading {
        /// Bytes here so far, those of an earlier try included.
        done: u64,
        /// Bytes of all layers that are missing; 0 while the registry is being asked.
        total: u64,
    },
    /// Unpacking layers.
    Unpacking {
        /// Compressed bytes consumed so far, over all layers.
        done: u64,
        /// Compressed bytes of all layers that need unpacking.
        total: u64,
    },
    /// Writing the pet's spec and directories.
    Creating,
    /// The pet's namespaces, mounts and account are being set up.
    Starting,
    /// A step of the pet's setup runs.
    SettingUp {
        /// What the step is called.
        name: String,
        /// Which one of them it is, from 1.
        index: usize,
        /// How many there are now.
        count: usize,
    },
    /// The pet was asked to end.
    Stopping,
    /// The pet's own files are being deleted.
    Removing,
}

/// What a job left behind when it succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum JobOutcome {
    /// A pet was created or changed state.
    Pet {
        /// The pet as it is now.
        pet: Box<PetSummary>,
    },
    /// An image is in the store.
    Image {
        /// The image.
        image: Box<ImageSummary>,
    },
    /// Nothing to show: the thing is gone.
    Removed,
    /// What nothing needed is gone.
    Pruned {
        /// Bytes that were freed.
        freed: u64,
    },
}

/// One line of a job's output (JSON lines from a one-shot process, signals on D-Bus).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum JobEvent {
    /// The job got further.
    Progress {
        /// How far.
        progress: Progress,
    },
    /// Something the person should know, such as a fallback that was taken.
    Notice {
        /// One sentence.
        #[serde(flatten, with = "crate::phrase::field::text")]
        text: Phrase,
    },
    /// A command of the pet's setup printed a line.
    Output {
        /// The line, without control characters.
        text: String,
    },
    /// The job succeeded; its last event.
    Done {
        /// What it made.
        outcome: JobOutcome,
    },
    /// The job failed; its last event.
    Failed {
        /// Why, and what to do.
        error: UserError,
    },
}
