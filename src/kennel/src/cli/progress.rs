//! Progress on a terminal.

use std::io::IsTerminal;

use kennel_engine::pets::SetupSink;
use kennel_engine::store::ProgressSink;
use kennel_model::{Progress, shown};

use crate::cancel;

/// Progress as one line that is rewritten; nothing in a pipe.
pub struct TerminalProgress {
    shown: bool,
}

impl TerminalProgress {
    /// Shown when standard error is a terminal.
    pub fn new() -> Self {
        Self {
            shown: std::io::stderr().is_terminal(),
        }
    }

    /// Takes the line away again.
    pub fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}

impl ProgressSink for TerminalProgress {
    fn report(&self, progress: Progress) {
        if let Progress::SettingUp { name, index, count } = &progress {
            self.clear();
            let name = shown(name);
            eprintln!("Setting up: {name} ({index} of {count})");
            return;
        }
        if !self.shown {
            return;
        }
        let text = match progress {
            Progress::Importing { done, total } => {
                format!("Importing {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Verifying { done, total } => {
                format!("Verifying {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Downloading { total: 0, .. } => "Asking the registry".to_owned(),
            Progress::Downloading { done, total } => {
                format!("Fetching {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Unpacking { done, total } => {
                format!("Unpacking {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Creating => "Creating".to_owned(),
            Progress::Starting => "Starting".to_owned(),
            Progress::SettingUp { .. } => return,
            Progress::Stopping => "Stopping".to_owned(),
            Progress::Removing => "Removing".to_owned(),
        };
        eprint!("\r\x1b[K{text}");
    }

    fn is_cancelled(&self) -> bool {
        cancel::is_wanted()
    }
}

impl SetupSink for TerminalProgress {
    fn output(&self, line: &str) {
        self.clear();
        eprintln!("{line}");
    }
}
