//! Desktop notifications, each by a `kennel notify` process of its own: the keeper itself never speaks
//! D-Bus. The process closes its notification when its standard input ends.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use kennel_model::AlertKind;

use crate::alerts::Notice;

/// Those that stand.
#[derive(Default)]
pub struct Notices {
    processes: Vec<(AlertKind, Child)>,
}

impl Notices {
    /// Shows `notice`. Where that cannot be, the log alone has it.
    pub fn raise(&mut self, notice: &Notice) {
        let started = Command::new("/proc/self/exe")
            .arg("notify")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let (Ok(mut process), Ok(mut line)) = (started, serde_json::to_vec(notice)) else {
            return;
        };
        line.push(b'\n');
        if let Some(input) = &mut process.stdin {
            let _ = input.write_all(&line);
        }
        self.processes.push((notice.kind, process));
    }

    /// Takes back what is said of `kind`.
    pub fn clear(&mut self, kind: AlertKind) {
        for (shown, process) in &mut self.processes {
            if *shown == kind {
                drop(process.stdin.take());
            }
        }
    }

    /// Lets go of those that have ended.
    pub fn reap(&mut self) {
        self.processes
            .retain_mut(|(_, process)| matches!(process.try_wait(), Ok(None)));
    }
}
