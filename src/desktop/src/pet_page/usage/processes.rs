//! The pet's busiest processes, each with a button that ends it.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{PetProcess, PetProcesses, UserError};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::error;
use crate::problem;
use crate::usage::words;
use crate::words::{gettext_f, ngettext_f};

/// How many are shown.
const SHOWN: usize = 10;

/// The list of processes.
#[derive(Debug)]
pub struct Processes {
    /// The group.
    pub group: adw::PreferencesGroup,
    more: gtk::Label,
    problem: gtk::Label,
    rows: Vec<Row>,
    before: Option<PetProcesses>,
}

/// A place in the list.
#[derive(Debug)]
struct Row {
    row: adw::ActionRow,
    processor: gtk::Label,
    memory: gtk::Label,
    end: gtk::Button,
    process: Rc<RefCell<Option<PetProcess>>>,
}

impl Processes {
    /// An empty list; `end` hears which process is to end.
    pub fn new(end: impl Fn(PetProcess) + 'static) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Processes"))
            .build();
        let end: Rc<dyn Fn(PetProcess)> = Rc::new(end);
        let rows: Vec<Row> = (0..SHOWN).map(|_| Row::new(&end)).collect();
        for row in &rows {
            group.add(&row.row);
        }
        let more = gtk::Label::builder()
            .xalign(0.0)
            .margin_top(6)
            .margin_start(12)
            .css_classes(["caption", "dim-label"])
            .build();
        group.add(&more);
        let problem = problem::reason();
        group.add(&problem);
        Self {
            group,
            more,
            problem,
            rows,
            before: None,
        }
    }

    /// Shows the busiest of `now`.
    pub fn show(&mut self, now: PetProcesses) {
        self.problem.set_visible(false);
        let sorted = busiest(&now, self.before.as_ref());
        for (index, row) in self.rows.iter().enumerate() {
            row.show(sorted.get(index).copied());
        }
        let more = sorted.len().saturating_sub(SHOWN);
        self.more.set_visible(more > 0);
        self.more.set_label(&ngettext_f(
            "{n} more, less busy",
            "{n} more, less busy",
            more as u64,
        ));
        self.before = Some(now);
    }
}

impl Processes {
    /// Says why there are none to be shown. A pet that stops meanwhile has another page with the next
    /// sample.
    pub fn fail(&mut self, error: &UserError) {
        for row in &self.rows {
            row.show(None);
        }
        self.more.set_visible(false);
        self.problem.set_label(&error::both(error));
        self.problem.set_visible(true);
        self.before = None;
    }
}

/// Each process with the cores it keeps busy: those first, then those with the most memory.
fn busiest<'a>(now: &'a PetProcesses, before: Option<&PetProcesses>) -> Vec<(&'a PetProcess, f64)> {
    let mut all: Vec<(&PetProcess, f64)> = now
        .processes
        .iter()
        .map(|process| (process, now.cores(before, process)))
        .collect();
    // By whole percents: a little more or less is no other place in the list.
    let percent = |cores: f64| (cores * 100.0).round() as u64;
    all.sort_by_key(|(process, cores)| {
        std::cmp::Reverse((percent(*cores), process.memory, process.pid))
    });
    all
}

impl Row {
    fn new(end: &Rc<dyn Fn(PetProcess)>) -> Self {
        let number = |width| {
            gtk::Label::builder()
                .xalign(1.0)
                .width_chars(width)
                .css_classes(["numeric", "dim-label"])
                .build()
        };
        let (processor, memory) = (number(5), number(9));
        let button = gtk::Button::builder()
            .icon_name("process-stop-symbolic")
            .valign(gtk::Align::Center)
            .css_classes(["flat"])
            .build();
        let row = adw::ActionRow::builder()
            .use_markup(false)
            .title_lines(1)
            .subtitle_lines(1)
            .visible(false)
            .build();
        // With large text one goes below the other.
        let numbers = adw::WrapBox::builder()
            .child_spacing(6)
            .align(1.0)
            .valign(gtk::Align::Center)
            .build();
        numbers.append(&processor);
        numbers.append(&memory);
        row.add_suffix(&numbers);
        row.add_suffix(&button);
        let process: Rc<RefCell<Option<PetProcess>>> = Rc::default();
        let (meant, end) = (Rc::clone(&process), Rc::clone(end));
        button.connect_clicked(move |_| {
            let process = meant.borrow().clone();
            if let Some(process) = process {
                end(process);
            }
        });
        Self {
            row,
            processor,
            memory,
            end: button,
            process,
        }
    }

    fn show(&self, shown: Option<(&PetProcess, f64)>) {
        self.row.set_visible(shown.is_some());
        if let Some((process, cores)) = shown {
            self.row.set_title(&process.name);
            let subtitle = gettext_f(
                "{command} · {user}, {pid}",
                &[
                    ("command", &process.command),
                    ("user", &process.user),
                    ("pid", &process.inside.to_string()),
                ],
            );
            self.row.set_subtitle(&subtitle);
            self.row.set_tooltip_text(Some(&process.command));
            self.processor.set_label(&words::percent(cores));
            self.memory.set_label(&words::memory(process.memory));
            // Its PID 1: that is what Stop is for.
            self.end.set_sensitive(process.inside != 1);
            let name = gettext_f("End {name}", &[("name", &process.name)]);
            self.end.set_tooltip_text(Some(&name));
            self.end
                .update_property(&[gtk::accessible::Property::Label(&name)]);
        }
        self.process
            .replace(shown.map(|(process, _)| process.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: i32, cpu_millis: u64, memory: u64) -> PetProcess {
        PetProcess {
            pid,
            start_time: 1,
            age_millis: 1_000_000,
            inside: pid,
            name: "x".to_owned(),
            command: "x".to_owned(),
            user: "root".to_owned(),
            cpu_millis,
            memory,
        }
    }

    #[test]
    fn the_busiest_are_first_and_then_the_largest() {
        let at = |at_micros, processes| PetProcesses {
            at_micros,
            processes,
        };
        let before = at(
            0,
            vec![process(1, 900_000, 5), process(2, 10, 1), process(3, 0, 9)],
        );
        let now = at(
            2_000_000,
            vec![
                process(1, 900_002, 5),
                process(2, 1010, 1),
                process(3, 0, 9),
            ],
        );
        let order: Vec<i32> = busiest(&now, Some(&before))
            .iter()
            .map(|(it, _)| it.pid)
            .collect();
        assert_eq!(order, [2, 3, 1]);
    }
}
