//! `kennel status`: what is enforced, in words or as JSON.

use std::io::IsTerminal as _;

use kennel_engine::pets::{Kennel, PetStatus, Usage};
use kennel_model::{Look, SecurityReport, UserError, report_text};

use super::output::{megabytes, print_json};

/// Of one pet, or of all that run.
pub fn run(kennel: &Kennel, name: Option<&str>, json: bool) -> Result<(), UserError> {
    if let Some(name) = name {
        let status = kennel.status(&kennel.find(name)?)?;
        if json {
            return print_json(&status);
        }
        print(&status);
        return Ok(());
    }
    let mut all = Vec::new();
    for spec in kennel.pets()? {
        if kennel.running(&spec)?.is_some() {
            all.push(kennel.status(&spec)?);
        }
    }
    if json {
        return print_json(&all);
    }
    if all.is_empty() {
        println!("No pet runs. Start one with: kennel start NAME");
    }
    for (index, status) in all.iter().enumerate() {
        if index > 0 {
            println!();
        }
        print(status);
    }
    Ok(())
}

fn print(status: &PetStatus) {
    let report = SecurityReport {
        name: status.name.clone(),
        state: status.state,
        report: status.report.clone(),
        denials: status.denials.clone(),
    };
    print!("{}", report_text(&report, look()));
    if let Some(usage) = &status.usage {
        print_usage(usage);
    }
}

/// Marks and colours where a person looks and wants them (no-color.org).
fn look() -> Look {
    let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if std::io::stdout().is_terminal() && !is_refused {
        Look::Coloured
    } else {
        Look::Plain
    }
}

fn print_usage(usage: &Usage) {
    let processes = match usage.processes {
        1 => "1 process".to_owned(),
        count => format!("{count} processes"),
    };
    println!(
        "\nUses now: {processes}, {}, {:.1} s of processor time",
        megabytes(usage.memory),
        usage.cpu_millis as f64 / 1000.0
    );
    let throttling = usage.group.and_then(|group| group.throttling);
    if let Some(held) = throttling.filter(|held| held.throttled > 0) {
        println!(
            "          its limit held it back for {:.1} s",
            held.micros as f64 / 1_000_000.0
        );
    }
    let kills = usage.group.and_then(|group| group.memory_kills);
    if let Some(kills) = kills.filter(|kills| *kills > 0) {
        println!("          {kills} killed for want of memory; kennel logs says which");
    }
}
