//! How much the pet may use, as the kernel holds it.

use kennel_model::{Phrase, ReportLine, Topic, phrase};

use super::super::facts::Obstacle;
use super::{Facts, edit};
use kennel_model::Limit;

/// A limit in the report.
struct Row<'a> {
    topic: Topic,
    limit: &'a Limit,
    /// Such as “memory”.
    of: Phrase,
    text: fn(u64) -> Phrase,
    /// What follows from having none, and the option that sets one; `None` where nobody misses it.
    none: Option<(Phrase, &'static str)>,
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
            phrase("processor time"),
            cores,
            Some((
                phrase(
                    "A program inside, such as a hidden miner, can keep the whole processor busy.",
                ),
                "--cpus 2",
            )),
        ),
        row(
            Topic::CpuLimit,
            &limits.cpu_weight,
            phrase("its share of the processor"),
            weight,
            None,
        ),
        row(
            Topic::MemoryLimit,
            &limits.memory,
            phrase("memory"),
            bytes,
            Some((
                phrase("A program inside can use up the memory of this computer."),
                "--memory 4G",
            )),
        ),
        row(
            Topic::MemoryLimit,
            &limits.swap,
            phrase("swap"),
            bytes,
            None,
        ),
        row(
            Topic::ProcessLimit,
            &limits.pids,
            phrase("processes"),
            processes,
            Some((
                phrase("A program inside can start as many as your account may have."),
                "--pids 4096",
            )),
        ),
    ]
}

/// What cannot be enforced, with the fix: a risk where it was asked for.
fn unavailable(obstacle: &Obstacle, rows: &[Row<'_>], all: bool) -> ReportLine {
    let missed = rows.iter().filter(|row| row.limit.enforced.is_none());
    let missed: Vec<Phrase> = missed
        .filter_map(|row| Some((row.text)(row.limit.wanted?)))
        .collect();
    let topic = Topic::CpuLimit;
    let line = if missed.is_empty() {
        ReportLine::note(
            topic,
            if all {
                phrase("Limits cannot be enforced here")
            } else {
                phrase("Not every limit can be enforced here")
            },
            phrase("You asked for none that is missing; you could not have it, as {reason}.")
                .saying("reason", obstacle.reason.clone()),
        )
    } else {
        ReportLine::risk(
            topic,
            phrase("Not enforced, though you asked for it: {limits}").listing("limits", missed),
            phrase("It is not held to that, as {reason}.")
                .saying("reason", obstacle.reason.clone()),
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
            phrase("Limit of {thing}: {limit}")
                .saying("thing", of.clone())
                .saying("limit", (row.text)(held)),
            phrase("The kernel holds all its programs together to that."),
        )),
        (Some(wanted), held, Some(reason))
            if facts.security.is_some() && facts.obstacle.is_none() =>
        {
            let held = held.map_or_else(|| phrase("no limit"), row.text);
            Some(ReportLine::risk(
                *topic,
                phrase("Limit of {thing}: {limit}, though you asked for {wanted}")
                    .saying("thing", of.clone())
                    .saying("limit", held)
                    .saying("wanted", (row.text)(wanted)),
                phrase("It can use more than you wanted, as {reason}.")
                    .saying("reason", reason.clone()),
            ))
        }
        (None, None, _) if facts.obstacle.is_none() => row.none.clone().map(|(meaning, option)| {
            ReportLine::note(
                *topic,
                phrase("No limit of {thing}").saying("thing", of.clone()),
                meaning,
            )
            .set_by(phrase("Set one."), edit(facts, option))
        }),
        // Not enforceable, which is told once; or it does not run.
        _ => None,
    }
}

fn cores(millis: u64) -> Phrase {
    match millis {
        1000 => phrase("1 core"),
        _ => phrase("{cores} cores").with("cores", millis as f64 / 1000.0),
    }
}

fn weight(weight: u64) -> Phrase {
    phrase("weight {weight}, where everything else has 100").with("weight", weight)
}

fn processes(count: u64) -> Phrase {
    phrase("{count} processes").with("count", count)
}

/// In the units in which limits are given, where they are whole; the kernel rounds to pages.
fn bytes(bytes: u64) -> Phrase {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    if bytes == 0 {
        phrase("none")
    } else if bytes.is_multiple_of(GIB) {
        phrase("{size} GiB").with("size", bytes / GIB)
    } else if bytes.is_multiple_of(MIB) {
        phrase("{size} MiB").with("size", bytes / MIB)
    } else {
        phrase("{size} MB").with("size", bytes.div_ceil(1_000_000))
    }
}
