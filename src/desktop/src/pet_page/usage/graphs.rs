//! Four graphs: processor, memory, processes, disk.

use gettextrs::gettext;
use kennel_model::Computer;
use relm4::adw::prelude::*;
use relm4::gtk::glib::format_size;
use relm4::{adw, gtk};

use crate::usage::{Curve, Graph, History, Moment, Picture, Tint, top, words};
use crate::words::gettext_f;

/// Bytes of memory at the top of an idle pet's graph.
const LEAST_MEMORY: f64 = 64.0 * 1024.0 * 1024.0;
/// Processes at the top of an idle pet's graph.
const LEAST_PROCESSES: f64 = 8.0;
/// Bytes a second at the top of an idle pet's graph.
const LEAST_TRAFFIC: f64 = 1_000_000.0;

/// The group of graphs.
#[derive(Debug)]
pub struct Graphs {
    /// The group.
    pub group: adw::PreferencesGroup,
    processor: Card,
    memory: Card,
    processes: Card,
    disk: Card,
}

/// One graph with its title and its words.
#[derive(Debug)]
struct Card {
    row: adw::PreferencesRow,
    value: gtk::Label,
    note: gtk::Label,
    edge: gtk::Label,
    graph: Graph,
}

impl Graphs {
    /// Empty graphs.
    pub fn new() -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("The Last Five Minutes"))
            .build();
        let graphs = Self {
            processor: Card::new(&gettext("Processor")),
            memory: Card::new(&gettext("Memory")),
            processes: Card::new(&gettext("Processes")),
            disk: Card::new(&gettext("Disk")),
            group,
        };
        for card in [
            &graphs.processor,
            &graphs.memory,
            &graphs.processes,
            &graphs.disk,
        ] {
            graphs.group.add(&card.row);
        }
        graphs
    }

    /// Draws `history`.
    pub fn show(&self, history: &History, computer: Computer) {
        let Some(now) = history.last() else { return };
        self.show_processor(history, now, computer);
        self.show_memory(history, now);
        self.show_processes(history, now);
        self.show_disk(history, now);
    }

    fn show_processor(&self, history: &History, now: &Moment, computer: Computer) {
        let limit = now.sample.cpu_limit.map(|millis| millis as f64 / 1000.0);
        let edge = limit.map_or(f64::from(computer.cores), |limit| {
            top(0.0, Some(limit), 1.0, 2.0)
        });
        let mut curves = vec![first(
            history.series(|moment| moment.rate.map(|rate| rate.cores)),
        )];
        if now.sample.throttling.is_some() && limit.is_some() {
            let held = |moment: &Moment| Some(moment.rate?.held_back? * edge);
            curves.push(second(history.series(held)));
        }
        let note = words::held_back(now).or_else(|| {
            let limit = words::cores(now.sample.cpu_limit?);
            Some(gettext_f("Limit: {limit}", &[("limit", &limit)]))
        });
        self.processor.show(
            &words::processor(now, computer),
            note,
            &words::cores((edge * 1000.0).round() as u64),
            Picture {
                curves,
                top: edge,
                limit,
            },
        );
    }

    fn show_memory(&self, history: &History, now: &Moment) {
        let series = history.series(|moment| Some(moment.sample.memory as f64));
        let limit = now.sample.memory_limit.map(|limit| limit as f64);
        let edge = top(highest(&series), limit, LEAST_MEMORY, 2.0);
        let note = now
            .sample
            .memory_limit
            .map(|limit| gettext_f("Limit: {limit}", &[("limit", &words::memory(limit))]));
        let curves = vec![first(series)];
        self.memory.show(
            &words::memory_of(now),
            note,
            &words::memory(edge as u64),
            Picture {
                curves,
                top: edge,
                limit,
            },
        );
    }

    fn show_processes(&self, history: &History, now: &Moment) {
        let series = history.series(|moment| Some(moment.sample.processes as f64));
        let seen = highest(&series);
        let limit = now.sample.process_limit.map(|limit| limit as f64);
        // A limit far away would leave a flat line.
        let near = limit.filter(|limit| seen * 4.0 >= *limit);
        let edge = top(seen, near, LEAST_PROCESSES, 2.0);
        let note = now
            .sample
            .process_limit
            .map(|limit| gettext_f("Limit: {limit}", &[("limit", &limit.to_string())]));
        let curves = vec![first(series)];
        self.processes.show(
            &now.sample.processes.to_string(),
            note,
            &format!("{edge:.0}"),
            Picture {
                curves,
                top: edge,
                limit: near,
            },
        );
    }

    fn show_disk(&self, history: &History, now: &Moment) {
        self.disk.row.set_visible(now.sample.io.is_some());
        let read = history.series(|moment| moment.rate?.read);
        let written = history.series(|moment| moment.rate?.written);
        let edge = top(
            highest(&read).max(highest(&written)),
            None,
            LEAST_TRAFFIC,
            10.0,
        );
        let speed = |rate: Option<f64>| {
            let bytes = format_size(rate.unwrap_or(0.0) as u64);
            gettext_f("{size}/s", &[("size", &bytes)])
        };
        let rate = now.rate;
        let text = gettext_f(
            "{read} read · {written} written",
            &[
                ("read", &speed(rate.and_then(|rate| rate.read))),
                ("written", &speed(rate.and_then(|rate| rate.written))),
            ],
        );
        let curves = vec![first(read), second(written)];
        let picture = Picture {
            curves,
            top: edge,
            limit: None,
        };
        let note = Some(gettext("The dashed line is what it writes"));
        self.disk.show(&text, note, &speed(Some(edge)), picture);
    }
}

fn first(series: Vec<(f64, Option<f64>)>) -> Curve {
    Curve {
        series,
        tint: Tint::First,
    }
}

fn second(series: Vec<(f64, Option<f64>)>) -> Curve {
    Curve {
        series,
        tint: Tint::Second,
    }
}

fn highest(series: &[(f64, Option<f64>)]) -> f64 {
    series
        .iter()
        .filter_map(|(_, value)| *value)
        .fold(0.0, f64::max)
}

impl Card {
    fn new(title: &str) -> Self {
        let name = gtk::Label::builder()
            .label(title)
            .xalign(0.0)
            .css_classes(["heading"])
            .build();
        let value = gtk::Label::builder()
            .xalign(1.0)
            .wrap(true)
            .justify(gtk::Justification::Right)
            .css_classes(["numeric"])
            .build();
        // Large text goes on another line.
        let head = adw::WrapBox::builder()
            .child_spacing(12)
            .justify(adw::JustifyMode::Spread)
            .build();
        head.append(&name);
        head.append(&value);
        let graph = Graph::new(title, 120, 84);
        graph.set_hexpand(true);
        let edge = gtk::Label::builder()
            .halign(gtk::Align::Start)
            .valign(gtk::Align::Start)
            .margin_start(6)
            .margin_top(2)
            .css_classes(["caption", "numeric"])
            .build();
        let overlay = gtk::Overlay::builder().child(&graph).build();
        overlay.add_overlay(&edge);
        let note = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .css_classes(["caption"])
            .build();
        let content = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(6)
            .margin_top(12)
            .margin_bottom(12)
            .margin_start(12)
            .margin_end(12)
            .build();
        content.append(&head);
        content.append(&overlay);
        content.append(&note);
        let row = adw::PreferencesRow::builder()
            .title(title)
            .activatable(false)
            .child(&content)
            .build();
        Self {
            row,
            value,
            note,
            edge,
            graph,
        }
    }

    fn show(&self, value: &str, note: Option<String>, edge: &str, picture: Picture) {
        let words = match &note {
            Some(note) => format!("{value}. {note}"),
            None => value.to_owned(),
        };
        self.value.set_label(value);
        self.edge.set_label(edge);
        self.note.set_visible(note.is_some());
        self.note.set_label(&note.unwrap_or_default());
        self.graph.show_picture(picture, &words);
    }
}
