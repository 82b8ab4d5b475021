//! The Usage of All Pets dialog: a row for each pet that runs, and their sum.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{Computer, PetId};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::{Feed, Moment, words};
use crate::words::gettext_f;

/// The dialog.
#[derive(Debug)]
pub struct AllPets {
    feed: Feed,
    /// Every pet by its name, running or not.
    names: Vec<(PetId, String)>,
    stack: gtk::Stack,
    group: adw::PreferencesGroup,
    total: Row,
    rows: RefCell<Vec<(PetId, Row)>>,
}

/// What one pet, or all, use.
#[derive(Debug, Clone)]
struct Row {
    row: adw::PreferencesRow,
    words: gtk::Label,
    processor: gtk::LevelBar,
    memory: gtk::LevelBar,
}

impl AllPets {
    /// Opens it over `parent`, about these pets.
    pub fn open(parent: &impl IsA<gtk::Widget>, feed: &Feed, names: Vec<(PetId, String)>) {
        let page = adw::PreferencesPage::new();
        let all = adw::PreferencesGroup::new();
        let total = Row::new(&gettext("All Pets"));
        all.add(&total.row);
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Running Pets"))
            .build();
        page.add(&all);
        page.add(&group);
        let nothing = adw::StatusPage::builder()
            .icon_name("media-playback-stop-symbolic")
            .title(gettext("No Pets Running"))
            .description(gettext("They use nothing until you start one."))
            .build();
        let unknown = adw::StatusPage::builder()
            .icon_name("dialog-warning-symbolic")
            .title(gettext("Usage Is Not Known"))
            .description(gettext("The engine, which looks at it, does not run."))
            .build();
        let stack = gtk::Stack::new();
        stack.add_named(&page, Some("pets"));
        stack.add_named(&nothing, Some("nothing"));
        stack.add_named(&unknown, Some("unknown"));
        let view = adw::ToolbarView::new();
        view.add_top_bar(&adw::HeaderBar::new());
        view.set_content(Some(&stack));
        let dialog = adw::Dialog::builder()
            .title(gettext("Usage of All Pets"))
            .content_width(480)
            .content_height(520)
            .child(&view)
            .build();
        let all_pets = Rc::new(Self {
            feed: feed.clone(),
            names,
            stack,
            group,
            total,
            rows: RefCell::default(),
        });
        feed.attach(&dialog, move || all_pets.show());
        dialog.present(Some(parent));
    }

    fn show(&self) {
        let Some(computer) = self.feed.computer() else {
            if self.feed.engine().is_none() {
                self.stack.set_visible_child_name("unknown");
            }
            return;
        };
        let moment = |id: &PetId| {
            self.feed
                .read(id, |history| history.last().cloned())
                .flatten()
        };
        let running: Vec<(&PetId, &str, Moment)> = self
            .names
            .iter()
            .filter_map(|(id, name)| Some((id, name.as_str(), moment(id)?)))
            .collect();
        let page = if running.is_empty() {
            "nothing"
        } else {
            "pets"
        };
        self.stack.set_visible_child_name(page);
        self.keep_rows(&running);
        for ((_, row), (_, _, moment)) in self.rows.borrow().iter().zip(&running) {
            row.show(moment, computer);
        }
        let moments: Vec<Moment> = running.into_iter().map(|(.., moment)| moment).collect();
        self.total.show_sum(&moments, computer);
    }

    /// A row for each of these pets, and none for another.
    fn keep_rows(&self, running: &[(&PetId, &str, Moment)]) {
        let mut rows = self.rows.borrow_mut();
        if rows
            .iter()
            .map(|(id, _)| id)
            .eq(running.iter().map(|(id, ..)| *id))
        {
            return;
        }
        for (_, row) in rows.drain(..) {
            self.group.remove(&row.row);
        }
        for (id, name, _) in running {
            let row = Row::new(name);
            self.group.add(&row.row);
            rows.push(((*id).clone(), row));
        }
    }
}

impl Row {
    fn new(title: &str) -> Self {
        let name = gtk::Label::builder()
            .label(title)
            .xalign(0.0)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .css_classes(["heading"])
            .build();
        let words = gtk::Label::builder()
            .xalign(0.0)
            .wrap(true)
            .css_classes(["caption", "dim-label", "numeric"])
            .build();
        let (processor, memory) = (bar(&gettext("Processor")), bar(&gettext("Memory")));
        let bars = gtk::Grid::builder()
            .row_spacing(6)
            .column_spacing(12)
            .margin_top(6)
            .build();
        for (line, (title, bar)) in [
            (gettext("Processor"), &processor),
            (gettext("Memory"), &memory),
        ]
        .into_iter()
        .enumerate()
        {
            let label = gtk::Label::builder()
                .label(title)
                .xalign(0.0)
                .css_classes(["caption"])
                .build();
            bars.attach(&label, 0, line as i32, 1, 1);
            bars.attach(bar, 1, line as i32, 1, 1);
        }
        let content = gtk::Box::builder()
            .orientation(gtk::Orientation::Vertical)
            .spacing(3)
            .margin_top(12)
            .margin_bottom(12)
            .margin_start(12)
            .margin_end(12)
            .build();
        content.append(&name);
        content.append(&words);
        content.append(&bars);
        let row = adw::PreferencesRow::builder()
            .title(title)
            .use_markup(false)
            .activatable(false)
            .child(&content)
            .build();
        Self {
            row,
            words,
            processor,
            memory,
        }
    }

    fn show(&self, moment: &Moment, computer: Computer) {
        self.words.set_label(&words::summary(moment, computer));
        let most = words::may_use(moment, computer) as f64 / 1000.0;
        let cores = moment.rate.map_or(0.0, |rate| rate.cores);
        self.processor.set_value(share(cores, most));
        let most = moment.sample.memory_limit.unwrap_or(computer.memory);
        self.memory
            .set_value(share(moment.sample.memory as f64, most as f64));
    }

    fn show_sum(&self, moments: &[Moment], computer: Computer) {
        let cores: f64 = moments
            .iter()
            .filter_map(|it| it.rate)
            .map(|rate| rate.cores)
            .sum();
        let memory: u64 = moments.iter().map(|it| it.sample.memory).sum();
        let processes = moments.iter().map(|it| it.sample.processes).sum();
        let all = f64::from(computer.cores);
        let text = gettext_f(
            "{percent} of {cores} · {memory} of {all} · {processes}",
            &[
                ("percent", &words::percent(cores / all)),
                ("cores", &words::cores(u64::from(computer.cores) * 1000)),
                ("memory", &words::memory(memory)),
                ("all", &words::memory(computer.memory)),
                ("processes", &words::processes(processes)),
            ],
        );
        self.words.set_label(&text);
        self.processor.set_value(share(cores, all));
        self.memory
            .set_value(share(memory as f64, computer.memory as f64));
    }
}

fn bar(title: &str) -> gtk::LevelBar {
    let bar = gtk::LevelBar::builder()
        .hexpand(true)
        .valign(gtk::Align::Center)
        .build();
    // One colour: how full it is says the same.
    for offset in ["low", "high", "full"] {
        bar.remove_offset_value(Some(offset));
    }
    bar.update_property(&[gtk::accessible::Property::Label(title)]);
    bar
}

fn share(used: f64, most: f64) -> f64 {
    if most > 0.0 {
        (used / most).clamp(0.0, 1.0)
    } else {
        0.0
    }
}
