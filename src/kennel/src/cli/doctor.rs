//! `kennel doctor`: what this computer lacks.

use kennel_engine::pets::Kennel;
use kennel_model::{Finding, Health, UserError};

use super::output::print_json;

/// Prints every finding, worst first; the status is 1 when no pet can start.
pub fn run(kennel: &Kennel, json: bool) -> Result<i32, UserError> {
    let findings = kennel.doctor();
    let missing = findings.iter().any(|one| one.health == Health::Missing);
    if json {
        print_json(&findings)?;
    } else {
        findings.iter().for_each(print);
        println!("{}", verdict(&findings));
    }
    Ok(i32::from(missing))
}

fn verdict(findings: &[Finding]) -> &'static str {
    match findings.first().map(|worst| worst.health) {
        Some(Health::Missing) => "Pets cannot start here until what is missing is mended.",
        Some(Health::Degraded) => "Pets work here; what is said above does not, or not as well.",
        _ => "This computer has what pets need.",
    }
}

fn print(finding: &Finding) {
    let mark = match finding.health {
        Health::Missing => "missing ",
        Health::Degraded => "degraded",
        Health::Found => "found   ",
    };
    println!("{mark}  {}: {}", finding.check.title(), finding.found);
    for text in finding.consequence.iter().chain(&finding.advice) {
        println!("          {text}");
    }
    for command in &finding.commands {
        println!("            {command}");
    }
}
