//! What a pet may have run on the host, and what is written down of it.

use std::fs;
use std::io;
use std::path::Path;

use kennel_model::{HostCommands, PetSpec};

use super::Kennel;
use crate::bridge::channel::Channel;
use crate::bridge::directory::Place;
use crate::bridge::host::{self, Call, Host, Refusal, Turn, shown};
use crate::files;
use crate::runtime::plan::RuntimePlan;

/// Where it is kept what of the host is in a running pet, in its running directory.
const PLACES: &str = "places.json";

/// Writes down what of the host is in the pet of `plan`, for as long as it runs.
pub(super) fn record_places(running: &Path, plan: &RuntimePlan) -> io::Result<()> {
    let places = crate::bridge::directory::places(&plan.binds);
    files::replace(&running.join(PLACES), &serde_json::to_vec(&places)?)
}

impl Kennel {
    /// Serves one caller in the pet of `spec`, who is at the other end of `channel`. The calling
    /// process must have one thread.
    pub fn serve_caller(&self, spec: &PetSpec, channel: &Channel, call: Call) -> io::Result<()> {
        let running = self.paths.running(&spec.id);
        let places: Vec<Place> = serde_json::from_slice(&fs::read(running.join(PLACES))?)?;
        let host = Host {
            places,
            nowhere: running.join("nowhere"),
            kennel: fs::read_link("/proc/self/exe")?,
        };
        let tell = |turn: &Turn<'_>| self.heed(spec, turn);
        host::serve(channel, call, &host, &tell)
    }

    /// Allows or refuses a command, and writes down what becomes of it.
    fn heed(&self, spec: &PetSpec, turn: &Turn<'_>) -> Result<(), Refusal> {
        let (event, text) = match turn {
            Turn::Starts(request) => {
                allowed(spec)?;
                ("host-command", shown(request))
            }
            Turn::Failed(request, reason) => (
                "host-command-failed",
                format!("{}: {reason}", shown(request)),
            ),
            Turn::Ended(request, Some(status)) => (
                "host-command-ended",
                format!("{}: exit status {status}", shown(request)),
            ),
            Turn::Ended(request, None) => (
                "host-command-ended",
                format!("{}: its caller went first", shown(request)),
            ),
        };
        self.write_log(&spec.id, event, &text);
        Ok(())
    }
}

/// As it is written now: what was allowed when the pet started may have been taken back.
fn allowed(spec: &PetSpec) -> Result<(), Refusal> {
    match spec.host_commands {
        HostCommands::On => Ok(()),
        HostCommands::Off => Err(Refusal {
            status: 125,
            reason: format!(
                "“{}” may not run commands on the host: to let it, run there: kennel edit {} --host-commands on",
                spec.name, spec.name
            ),
        }),
    }
}
