//! How much the pet may use, as the kernel holds it.

use kennel_model::{ReportLine, Topic};

use super::super::facts::Obstacle;
use super::{Facts, edit};
use kennel_model::Limit;

/// A limit in the report.
struct Row<'a> {
    topic: Topic,
    limit: &'a Limit,
    /// Such as “memory”.
    of: &'static str,
    text: fn(u64) -> String,
    /// What follows from having none, and the option that sets one; `None` where nobody misses it.
    none: Option<(&'static str, &'static str)>,
}

pub fn lines(facts: &Facts<'_>) -> Vec<ReportLine> {
    let rows = rows(facts);
    let mut lines: Vec<ReportLine> = facts
        .obstacle
        .iter()
        .map(|obstacle| unavailable(obstacle, &rows, facts.limits.unavailable.is_some()))
        .collect();
    lines.extend(rows.iter().filter_map(|row| line(facts, row)));
    lines
}

fn rows<'a>(facts: &Facts<'a>) -> [Row<'a>; 5] {
    let limits = facts.limits;
    let row = |topic, limit, of, text, none| Row {
        topic,
        limit,
        of,
        text,
        none,
    };
    [
        row(
            Topic::CpuLimit,
            &limits.cpu,
            "processor time",
            cores,
            Some((
                "A program inside, such as a hidden miner, can keep the whole processor busy.",
                "--cpus 2",
            )),
        ),
        row(
            Topic::CpuLimit,
            &limits.cpu_weight,
            "its share of the processor",
            weight,
            None,
        ),
        row(
            Topic::MemoryLimit,
            &limits.memory,
            "memory",
            bytes,
            Some((
                "A program inside can use up the memory of this computer.",
                "--memory 4G",
            )),
        ),
        row(Topic::MemoryLimit, &limits.swap, "swap", bytes, None),
        row(
            Topic::ProcessLimit,
            &limits.pids,
            "processes",
            processes,
            Some((
                "A program inside can start as many as your account may have.",
                "--pids 4096",
            )),
        ),
    ]
}

/// What cannot be enforced, with the fix: a risk where it was asked for.
fn unavailable(obstacle: &Obstacle, rows: &[Row<'_>], all: bool) -> ReportLine {
    let missed = rows.iter().filter(|row| row.limit.enforced.is_none());
    let missed: Vec<String> = missed
        .filter_map(|row| Some((row.text)(row.limit.wanted?)))
        .collect();
    let topic = Topic::CpuLimit;
    let line = if missed.is_empty() {
        ReportLine::note(
            topic,
            if all {
                "Limits cannot be enforced here"
            } else {
                "Not every limit can be enforced here"
            },
            format!(
                "You asked for none that is missing; you could not have it, as {}.",
                obstacle.reason
            ),
        )
    } else {
        ReportLine::risk(
            topic,
            format!(
                "Not enforced, though you asked for it: {}",
                missed.join(", ")
            ),
            format!("It is not held to that, as {}.", obstacle.reason),
        )
    };
    line.mended_by(obstacle.advice.clone(), obstacle.commands.clone())
}

fn line(facts: &Facts<'_>, row: &Row<'_>) -> Option<ReportLine> {
    let Row {
        topic, limit, of, ..
    } = row;
    match (limit.wanted, limit.enforced, &limit.reason) {
        // Everything has a weight; only one that was asked for is worth a line.
        (None, ..) if row.none.is_none() => None,
        (_, Some(held), None) => Some(ReportLine::good(
            *topic,
            format!("Limit of {of}: {}", (row.text)(held)),
            "The kernel holds all its programs together to that.",
        )),
        (Some(wanted), held, Some(reason))
            if facts.security.is_some() && facts.obstacle.is_none() =>
        {
            let held = held.map_or_else(|| "no limit".to_owned(), row.text);
            Some(ReportLine::risk(
                *topic,
                format!(
                    "Limit of {of}: {held}, though you asked for {}",
                    (row.text)(wanted)
                ),
                format!("It can use more than you wanted, as {reason}."),
            ))
        }
        (None, None, _) if facts.obstacle.is_none() => row.none.map(|(meaning, option)| {
            ReportLine::note(*topic, format!("No limit of {of}"), meaning)
                .set_by("Set one.", edit(facts, option))
        }),
        // Not enforceable, which is told once; or it does not run.
        _ => None,
    }
}

fn cores(millis: u64) -> String {
    match millis {
        1000 => "1 core".to_owned(),
        _ => format!("{} cores", millis as f64 / 1000.0),
    }
}

fn weight(weight: u64) -> String {
    format!("weight {weight}, where everything else has 100")
}

fn processes(count: u64) -> String {
    format!("{count} processes")
}

/// In the units in which limits are given, where they are whole; the kernel rounds to pages.
fn bytes(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    if bytes == 0 {
        "none".to_owned()
    } else if bytes.is_multiple_of(GIB) {
        format!("{} GiB", bytes / GIB)
    } else if bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} MB", bytes.div_ceil(1_000_000))
    }
}
