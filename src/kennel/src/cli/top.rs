//! `kennel top`: the processes of a pet, once.

use std::time::Duration;

use kennel_engine::pets::Kennel;
use kennel_model::{PetProcess, UserError};
use serde::Serialize;

use super::output::{megabytes, print_json, table};

/// The time over which processors are measured.
const MEASURED: Duration = Duration::from_millis(500);

/// A row of `kennel top --json`. Stable.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    process: PetProcess,
    /// Percent of one core, over the last half second.
    cpu_percent: f64,
}

/// A table of the pet's processes, or JSON.
pub fn run(kennel: &Kennel, name: Option<&str>, json: bool) -> Result<(), UserError> {
    let here = std::env::current_dir().unwrap_or_default();
    let spec = kennel.find_or_guess(name, &here)?;
    let before = kennel.processes(&spec)?;
    std::thread::sleep(MEASURED);
    let now = kennel.processes(&spec)?;
    let percent =
        |process: &PetProcess| (now.cores(Some(&before), process) * 1000.0).round() / 10.0;
    let mut rows: Vec<Row> = now
        .processes
        .iter()
        .map(|process| Row {
            cpu_percent: percent(process),
            process: process.clone(),
        })
        .collect();
    rows.sort_by(|a, b| {
        let busier = b.cpu_percent.total_cmp(&a.cpu_percent);
        busier.then(b.process.memory.cmp(&a.process.memory))
    });
    if json {
        return print_json(&rows);
    }
    let cells = rows.into_iter().map(|row| {
        [
            row.process.inside.to_string(),
            row.process.user,
            format!("{:.0} %", row.cpu_percent),
            megabytes(row.process.memory),
            row.process.command,
        ]
    });
    table(["PID", "USER", "CPU", "MEMORY", "COMMAND"], cells);
    Ok(())
}
