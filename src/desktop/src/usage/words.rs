//! Usage in words: numbers with their units.

use gettextrs::{gettext, pgettext};
use kennel_model::Computer;
use relm4::gtk::glib;

use super::Moment;
use crate::words::{self, decimal, gettext_f, ngettext_f};

/// A number of cores, in thousandths: “1 core”, “1.5 cores”.
pub fn cores(millis: u64) -> String {
    if millis.is_multiple_of(1000) {
        return ngettext_f("{n} core", "{n} cores", millis / 1000);
    }
    // A fraction has no plural of its own in gettext.
    let text = if millis < 2000 {
        // Translators: a fraction below two, such as 0.5 or 1.5.
        pgettext("a fraction below two", "{n} cores")
    } else {
        // Translators: a fraction above two, such as 2.5.
        pgettext("a fraction above two", "{n} cores")
    };
    text.replace("{n}", &thousandths(millis))
}

/// A number in thousandths, without digits that say nothing.
fn thousandths(number: u64) -> String {
    let digits = if number.is_multiple_of(100) {
        1
    } else if number.is_multiple_of(10) {
        2
    } else {
        3
    };
    decimal(number as f64 / 1000.0, digits)
}

/// Memory, in the units in which it is made and limited: “512 MiB”, “1.5 GiB”.
pub fn memory(bytes: u64) -> String {
    let text = glib::format_size_full(bytes, glib::FormatSizeFlags::IEC_UNITS).to_string();
    text.replace(".0\u{a0}", "\u{a0}")
        .replace(",0\u{a0}", "\u{a0}")
}

/// A number of processes.
pub fn processes(count: u64) -> String {
    ngettext_f("{n} process", "{n} processes", count)
}

/// Whole percents of a share from 0 to 1; the small that is something is not called nothing.
pub fn percent(share: f64) -> String {
    // The sum of no numbers is a negative zero, which would be written with its sign.
    let percent = share * 100.0 + 0.0;
    let number = if percent > 0.05 && percent < 0.95 {
        decimal(percent, 1)
    } else {
        decimal(percent, 0)
    };
    words::percent(number)
}

/// The cores that a pet may use, in thousandths.
pub fn may_use(moment: &Moment, computer: Computer) -> u64 {
    let all = u64::from(computer.cores) * 1000;
    moment.sample.cpu_limit.map_or(all, |limit| limit.min(all))
}

/// “12 % of 2 cores”.
pub fn processor(moment: &Moment, computer: Computer) -> String {
    let most = may_use(moment, computer);
    match moment.rate {
        None => gettext("Measuring"),
        Some(rate) => gettext_f(
            "{percent} of {cores}",
            &[
                (
                    "percent",
                    &percent(rate.cores * 1000.0 / most.max(1) as f64),
                ),
                ("cores", &cores(most)),
            ],
        ),
    }
}

/// “340 MiB”, or “340 MiB of 2 GiB” where there is a limit.
pub fn memory_of(moment: &Moment) -> String {
    let used = memory(moment.sample.memory);
    match moment.sample.memory_limit {
        None => used,
        Some(limit) => gettext_f(
            "{used} of {limit}",
            &[("used", &used), ("limit", &memory(limit))],
        ),
    }
}

/// “held back 12 % of the time”, where the limit did.
pub fn held_back(moment: &Moment) -> Option<String> {
    let share = moment.rate?.held_back.filter(|&share| share >= 0.005)?;
    Some(gettext_f(
        "Its limit held it back {percent} of the time",
        &[("percent", &percent(share))],
    ))
}

/// All of it on a line.
pub fn summary(moment: &Moment, computer: Computer) -> String {
    [
        processor(moment, computer),
        memory_of(moment),
        processes(moment.sample.processes),
    ]
    .join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units() {
        assert_eq!(cores(1000), "1 core");
        assert_eq!(cores(1500), "1.5 cores");
        assert_eq!(cores(250), "0.25 cores");
        assert_eq!(cores(2125), "2.125 cores");
        assert_eq!(memory(2 << 30), "2\u{a0}GiB");
        assert_eq!(memory(1536 << 20), "1.5\u{a0}GiB");
        assert_eq!(processes(1), "1 process");
        assert_eq!(percent(0.124), "12 %");
        assert_eq!(percent(0.003), "0.3 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(-0.0), "0 %");
    }
}
