//! Answers and questions: JSON on standard output, a yes or no on the terminal.

use std::io::{IsTerminal, Write};
use std::time::SystemTime;

use kennel_model::UserError;
use kennel_model::phrase::field::english_only;
use serde::Serialize;

/// Asks on a terminal; elsewhere the flag must say it.
pub fn confirm(said: bool, question: &str) -> Result<(), UserError> {
    if said {
        return Ok(());
    }
    let refused = || {
        UserError::verbatim(
            "unconfirmed",
            "nothing was deleted",
            "say --yes to do it without being asked",
        )
    };
    if ask(question) == Some(true) {
        Ok(())
    } else {
        Err(refused())
    }
}

/// The answer to `question`; `None` where nobody is at a terminal.
pub fn ask(question: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    Some(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Prints `value` for a program to read, with the texts in English.
pub fn print_json<T: Serialize>(value: &T) -> Result<(), UserError> {
    english_only(|| print_phrases_too(value))
}

/// The same for `serve`, whose app translates them.
pub fn print_phrases_too<T: Serialize>(value: &T) -> Result<(), UserError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| UserError::verbatim("json", error.to_string(), "report this as a bug"))?;
    // A reader that closed the pipe has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}

/// Prints rows below a header, each column as wide as it must be; the last ends the line.
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let mut lines = vec![header.map(str::to_owned)];
    lines.extend(rows);
    let widths: [usize; N] = std::array::from_fn(|column| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    for line in lines {
        let cells = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let text = cells.collect::<Vec<_>>().join("  ");
        // A reader that closed the pipe has seen enough.
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    }
}

/// A size for people, in units of 1000.
pub fn megabytes(bytes: u64) -> String {
    if bytes >= 1_000_000_000 {
        format!("{:.1} GB", bytes as f64 / 1e9)
    } else {
        format!("{} MB", bytes.div_ceil(1_000_000))
    }
}

/// How long ago `time` (RFC 3339, UTC) was, in the largest whole unit. None if it does not read.
pub fn age(time: &str, now: SystemTime) -> Option<String> {
    let then = humantime::parse_rfc3339(time).ok()?;
    let days = now.duration_since(then).ok()?.as_secs() / 86_400;
    let (count, unit) = match days {
        0 => return Some("today".to_owned()),
        1..14 => (days, "day"),
        14..60 => (days / 7, "week"),
        60..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    Some(format!(
        "{count} {unit}{}",
        if count == 1 { "" } else { "s" }
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_one_number_and_a_unit() {
        let now = humantime::parse_rfc3339("2026-06-30T12:00:00Z").unwrap();
        for (time, want) in [
            ("2026-06-30T01:00:00Z", "today"),
            ("2026-06-29T11:00:00Z", "1 day"),
            ("2026-06-15T00:00:00.123456789Z", "2 weeks"),
            ("2026-03-01T00:00:00Z", "4 months"),
            ("2020-01-01T00:00:00Z", "6 years"),
        ] {
            assert_eq!(age(time, now).as_deref(), Some(want), "{time}");
        }
        // Built reproducibly, or nonsense.
        for time in ["2027-01-01T00:00:00Z", "yesterday", ""] {
            assert_eq!(age(time, now), None, "{time}");
        }
    }

    #[test]
    fn sizes_are_rounded_up_so_that_nothing_is_nothing() {
        assert_eq!(megabytes(0), "0 MB");
        assert_eq!(megabytes(1), "1 MB");
        assert_eq!(megabytes(1_550_000_000), "1.6 GB");
    }
}
