//! How much of the computer the whole pet may use.

use gettextrs::gettext;
use kennel_model::{Bound, Choices, LimitChoices, PetSpec, parse_bytes, parse_cpus};
use relm4::adw;
use relm4::adw::prelude::*;

use super::entry::Entry;
use super::{Ask, Section};

/// The limits; an empty row is no limit.
#[derive(Debug)]
pub struct LimitRows {
    cpu: Entry,
    memory: Entry,
    processes: Entry,
}

impl LimitRows {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Limits"))
            .description(gettext(
                "Empty is no limit. They hold at once, where this computer can enforce them.",
            ))
            .build();
        let limits = Self {
            cpu: Entry::value(&gettext("Processor Cores"), ask, read_cpu),
            memory: Entry::value(&gettext("Memory"), ask, read_memory),
            processes: Entry::value(&gettext("Processes and Threads"), ask, read_processes),
        };
        for entry in [&limits.cpu, &limits.memory, &limits.processes] {
            group.add(&entry.row);
            group.add(&entry.problem);
        }
        page.add(&group);
        limits
    }
}

impl Section for LimitRows {
    fn show(&mut self, spec: &PetSpec) {
        let text =
            |limit: Option<u64>, write: fn(u64) -> String| limit.map(write).unwrap_or_default();
        self.cpu.show(&text(spec.limits.cpu_millis, |millis| {
            (millis as f64 / 1000.0).to_string()
        }));
        self.memory.show(&text(spec.limits.memory, bytes));
        self.processes
            .show(&text(spec.limits.pids, |pids| pids.to_string()));
    }
}

/// As [`parse_bytes`] reads it, in the greatest unit without a fraction.
fn bytes(bytes: u64) -> String {
    for (unit, size) in [
        ("T", 1_u64 << 40),
        ("G", 1 << 30),
        ("M", 1 << 20),
        ("K", 1 << 10),
    ] {
        if bytes.is_multiple_of(size) {
            return format!("{}{unit}", bytes / size);
        }
    }
    bytes.to_string()
}

fn read_cpu(text: &str) -> Result<Choices, String> {
    let wrong = || gettext("Write a number of cores, such as 2 or 1.5.");
    Ok(choices(LimitChoices {
        cpu_millis: Some(bound(text, |text| parse_cpus(text).ok()).ok_or_else(wrong)?),
        ..LimitChoices::default()
    }))
}

fn read_memory(text: &str) -> Result<Choices, String> {
    let wrong = || gettext("Write a number with K, M, G or T, such as 512M or 2G.");
    Ok(choices(LimitChoices {
        memory: Some(bound(text, |text| parse_bytes(text).ok()).ok_or_else(wrong)?),
        ..LimitChoices::default()
    }))
}

fn read_processes(text: &str) -> Result<Choices, String> {
    let wrong = || gettext("Write a number, such as 500.");
    let count = |text: &str| text.parse().ok().filter(|&count| count > 0);
    Ok(choices(LimitChoices {
        pids: Some(bound(text, count).ok_or_else(wrong)?),
        ..LimitChoices::default()
    }))
}

fn bound(text: &str, parse: impl Fn(&str) -> Option<u64>) -> Option<Bound> {
    if text.is_empty() {
        Some(Bound::Unlimited)
    } else {
        parse(text).map(Bound::At)
    }
}

fn choices(limits: LimitChoices) -> Choices {
    Choices {
        limits,
        ..Choices::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_written_as_it_is_read() {
        for text in ["2G", "512M", "1536M", "3K", "1000", "1T"] {
            assert_eq!(bytes(parse_bytes(text).unwrap()), text);
        }
    }

    #[test]
    fn an_empty_row_takes_the_limit_away() {
        let limits = |read: Result<Choices, String>| read.unwrap().limits;
        assert_eq!(limits(read_memory("")).memory, Some(Bound::Unlimited));
        assert_eq!(limits(read_cpu("1.5")).cpu_millis, Some(Bound::At(1500)));
        assert!(read_processes("0").is_err() && read_processes("many").is_err());
    }
}
