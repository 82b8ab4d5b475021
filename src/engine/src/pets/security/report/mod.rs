//! The report: what the facts mean for the person, one rule a line. Nothing is read here.

mod image;
mod kernel;
mod limits;
mod modules;
mod reach;
#[cfg(test)]
mod tests;

use kennel_model::{ReportLine, Topic, phrase};

use super::facts::Facts;

/// The lines of `facts`, in the order of their topics.
pub fn report(facts: &Facts<'_>) -> Vec<ReportLine> {
    let mut lines = state(facts);
    lines.extend(modules::lines(facts));
    lines.extend(
        facts
            .security
            .into_iter()
            .flat_map(|security| kernel::lines(facts, security)),
    );
    lines.extend(reach::lines(facts));
    lines.extend(image::lines(facts));
    lines.extend(limits::lines(facts));
    lines
}

/// What of the report is not about the pet as it is at this moment.
fn state(facts: &Facts<'_>) -> Vec<ReportLine> {
    let name = &facts.spec.name;
    if facts.security.is_none() {
        let line = ReportLine::note(
            Topic::State,
            phrase("It does not run"),
            phrase(
                "What only a running pet shows is left out: its label, its namespaces, what its root may do.",
            ),
        );
        return vec![line.mended_by(
            phrase("Start it to see that."),
            vec![format!("kennel start {name}")],
        )];
    }
    if facts.restart_needed {
        let line = ReportLine::note(
            Topic::State,
            phrase("It was changed after it was started"),
            phrase("What it can reach is told as it was chosen, and holds from the next start on."),
        );
        let restart = vec![format!("kennel restart {name}")];
        return vec![line.mended_by(phrase("Restart it, which ends what runs in it."), restart)];
    }
    Vec::new()
}

/// The command that changes a setting of the pet.
fn edit(facts: &Facts<'_>, option: &str) -> String {
    format!("kennel edit {} {option}", facts.spec.name)
}
