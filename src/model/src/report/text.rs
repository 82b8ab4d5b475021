//! The report as text: for a terminal, a pipe and the clipboard.

use super::{Denials, Rating, ReportLine, Section, SecurityReport};

/// How the text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// With words: for a pipe, a screen reader, the clipboard.
    Plain,
    /// With coloured marks: for a terminal.
    Coloured,
}

/// The columns that a mark takes.
const INDENT: usize = 8;
/// The widest line, where words allow it.
const WIDTH: usize = 96;

impl Look {
    fn mark(self, rating: Rating) -> String {
        // The escapes take no column.
        match (self, rating) {
            (Self::Plain, _) => format!("  {:<6}", rating.as_str()),
            (Self::Coloured, Rating::Good) => "  \x1b[32m✓\x1b[0m     ".to_owned(),
            (Self::Coloured, Rating::Note) => "  \x1b[36m•\x1b[0m     ".to_owned(),
            (Self::Coloured, Rating::Risk) => "  \x1b[33m!\x1b[0m     ".to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => format!("\x1b[1m{text}\x1b[0m"),
        }
    }
}

/// The whole report.
pub fn report_text(report: &SecurityReport, look: Look) -> String {
    let mut text = format!(
        "{} is {}: {}\n",
        look.bold(report.name.as_str()),
        report.state.as_str(),
        verdict(report)
    );
    for section in Section::ALL {
        let lines = report.report.iter();
        let lines: Vec<&ReportLine> = lines
            .filter(|line| line.topic.section() == section)
            .collect();
        if lines.is_empty() {
            continue;
        }
        text.extend(["\n", &look.bold(section.title()), "\n"]);
        for line in lines {
            push_line(&mut text, line, look);
        }
        if section == Section::Held {
            push_denials(&mut text, &report.denials);
        }
    }
    text
}

/// “2 notes, 1 risk”.
fn verdict(report: &SecurityReport) -> String {
    let counted = |rating, one: &str| match report.count(rating) {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {one}s")),
    };
    let parts: Vec<String> = [
        counted(Rating::Risk, "risk"),
        counted(Rating::Note, "note"),
        Some(format!("{} good", report.count(Rating::Good))),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

fn push_line(text: &mut String, line: &ReportLine, look: Look) {
    text.push_str(&look.mark(line.verdict));
    let mut fact = String::new();
    push_wrapped(&mut fact, &line.fact.to_string(), INDENT);
    text.push_str(fact.trim_start());
    push_wrapped(text, &line.meaning.to_string(), INDENT);
    if let Some(change) = &line.change {
        push_wrapped(text, &change.how.to_string(), INDENT);
        // Not wrapped: they are to be copied.
        for command in &change.commands {
            text.extend([&" ".repeat(INDENT + 2), command, "\n"]);
        }
    }
}

fn push_denials(text: &mut String, denials: &Denials) {
    let Denials::Read { last } = denials else {
        return;
    };
    for denial in last {
        let indent = " ".repeat(INDENT);
        text.extend([
            &indent,
            &denial.time,
            "  ",
            &denial.describe().to_string(),
            "\n",
        ]);
    }
}

/// `paragraph` at `indent`, broken between words.
fn push_wrapped(text: &mut String, paragraph: &str, indent: usize) {
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        if column == 0 {
            text.push_str(&" ".repeat(indent));
            column = indent + width;
        } else if column + 1 + width > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent + width;
        } else {
            text.push(' ');
            column += 1 + width;
        }
        text.push_str(word);
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::Topic;
    use super::*;
    use crate::{PetState, Phrase};

    fn said(text: &str) -> Phrase {
        Phrase::verbatim(text)
    }

    fn report() -> SecurityReport {
        let home = ReportLine::risk(
            Topic::Home,
            said("Your home folder is shared"),
            said("It can read it."),
        );
        SecurityReport {
            name: "web".parse().unwrap(),
            state: PetState::Running,
            report: vec![
                ReportLine::good(
                    Topic::SystemCalls,
                    said("System calls are filtered"),
                    said("Good."),
                ),
                home.set_by(said("Give it its own."), "kennel edit web --home private"),
                ReportLine::note(
                    Topic::CpuLimit,
                    said("No limit"),
                    said(&"It may use all. ".repeat(12)),
                ),
            ],
            denials: Denials::NotApplicable,
        }
    }

    #[test]
    fn each_line_says_its_verdict_in_a_word() {
        let text = report_text(&report(), Look::Plain);
        assert!(text.starts_with("web is running: 1 risk, 1 note, 1 good\n"));
        assert!(
            text.contains("\nWhat holds it\n  good  System calls are filtered\n        Good.\n")
        );
        assert!(text.contains("  risk  Your home folder is shared\n"));
        assert!(text.contains("          kennel edit web --home private\n"));
        assert!(!text.contains('\x1b'));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn on_a_terminal_there_are_marks() {
        let text = report_text(&report(), Look::Coloured);
        for mark in ["✓", "•", "!"] {
            assert!(text.contains(mark), "{text}");
        }
        assert!(!text.contains("  risk  "));
    }
}
