//! One limit: a switch, a slider, an entry, and what holds.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gettextrs::gettext;
use kennel_model::{Bound, Computer, LimitStatus, PetSpec};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};

use super::super::Ask;
use super::super::entry::Entry;
use super::enforced::Enforced;
use super::measure::Measure;

/// How long a slider must rest before its value is asked for.
const REST: Duration = Duration::from_millis(300);

/// The width of a slider in the smallest window.
const ROOM: i32 = 290;
/// What is between the words of two marks at least.
const BETWEEN: i32 = 6;

/// A limit's rows.
#[derive(Debug, Clone)]
pub struct Slider {
    measure: Measure,
    /// Its row; the switch on it is whether there is a limit.
    pub row: adw::ExpanderRow,
    /// What is wrong with what is typed, to be placed below the rows.
    pub problem: gtk::Label,
    scale: gtk::Scale,
    entry: Entry,
    mark: gtk::Image,
    computer: Rc<Cell<Option<Computer>>>,
    /// Limits can be enforced on this computer.
    offered: Rc<Cell<bool>>,
    /// The slider was moved and has not rested yet.
    moving: Rc<RefCell<Option<glib::SourceId>>>,
}

impl Slider {
    /// The rows of `measure`.
    pub fn new(measure: Measure, ask: &Ask) -> Self {
        let title = measure.title();
        let row = adw::ExpanderRow::builder()
            .title(&title)
            .subtitle(gettext("No limit"))
            .show_enable_switch(true)
            .enable_expansion(false)
            .build();
        let mark = gtk::Image::builder()
            .accessible_role(gtk::AccessibleRole::Presentation)
            // Its place stays: titles are one below the other.
            .icon_name("object-select-symbolic")
            .opacity(0.0)
            .build();
        row.add_prefix(&mark);
        let scale = scale(&title, measure);
        row.add_row(&scale_row(&scale));
        let entry = Entry::value(&title, ask, move |text| {
            Ok(measure.choose(measure.read(text)?))
        });
        row.add_row(&entry.row);
        let slider = Self {
            measure,
            problem: entry.problem.clone(),
            row,
            scale,
            entry,
            mark,
            computer: Rc::default(),
            offered: Rc::new(Cell::new(true)),
            moving: Rc::default(),
        };
        slider.connect(ask);
        slider
    }

    fn connect(&self, ask: &Ask) {
        let measure = self.measure;
        let (computer, asked) = (Rc::clone(&self.computer), ask.clone());
        self.row.connect_enable_expansion_notify(move |row| {
            let bound = match computer.get() {
                Some(computer) if row.enables_expansion() => Bound::At(measure.first(computer)),
                _ => Bound::Unlimited,
            };
            asked.choose(measure.choose(bound));
        });
        let (moving, ask) = (Rc::clone(&self.moving), ask.clone());
        self.scale.connect_value_changed(move |scale| {
            if ask.is_showing() {
                return;
            }
            let value = measure.value(scale.value());
            let (resting, ask) = (Rc::clone(&moving), ask.clone());
            let rest = glib::timeout_add_local_once(REST, move || {
                resting.replace(None);
                ask.choose(measure.choose(Bound::At(value)));
            });
            if let Some(earlier) = moving.replace(Some(rest)) {
                earlier.remove();
            }
        });
    }

    /// Shows what was chosen; a slider that moves is left alone.
    pub fn show(&self, spec: &PetSpec) {
        let wanted = self.measure.wanted(&spec.limits);
        if self.moving.borrow().is_some() {
            return;
        }
        if self.row.enables_expansion() != wanted.is_some() {
            self.row.set_enable_expansion(wanted.is_some());
            self.row.set_expanded(wanted.is_some());
        }
        if let Some(wanted) = wanted {
            self.scale.set_value(self.measure.position(wanted));
        }
        let written = wanted.map(|value| self.measure.written(value));
        self.entry.show(&written.unwrap_or_default());
        self.offer(self.offered.get());
    }

    /// Shows what holds, on a slider for this computer.
    pub fn hold(&self, status: &LimitStatus, computer: Computer) {
        if self.computer.replace(Some(computer)) != Some(computer) {
            self.fit(computer);
        }
        let enforced = Enforced::of(self.measure, status);
        self.row.set_subtitle(enforced.text());
        let mark = enforced.mark();
        self.mark
            .set_opacity(if mark.is_some() { 1.0 } else { 0.0 });
        if let Some((icon, color)) = mark {
            self.mark.set_icon_name(Some(icon));
            self.mark.set_css_classes(&[color]);
        }
    }

    /// Whether a limit can be set; one that is there can be taken away in any case.
    pub fn offer(&self, offered: bool) {
        self.offered.set(offered);
        let is_set = self.row.enables_expansion();
        self.row.set_sensitive(offered || is_set);
        self.scale.set_sensitive(offered);
        self.entry.row.set_sensitive(offered);
    }

    /// Gives the slider the ends and marks of this computer.
    fn fit(&self, computer: Computer) {
        let scale = self.measure.scale(computer);
        // Setting the ends may move the value into them.
        let wanted = self.scale.value();
        let adjustment = self.scale.adjustment();
        adjustment.set_lower(scale.range.0);
        adjustment.set_upper(scale.range.1);
        adjustment.set_step_increment(scale.step);
        adjustment.set_page_increment(scale.step * 5.0);
        adjustment.set_value(wanted);
        self.scale.clear_marks();
        let texts: Vec<String> = scale
            .marks
            .iter()
            .map(|&value| self.measure.mark(value))
            .collect();
        let widest = texts.iter().map(|text| self.width(text)).max();
        let every = every(texts.len(), widest.unwrap_or_default());
        if every > 1 {
            self.scale.set_value_pos(gtk::PositionType::Top);
        }
        for (index, (value, text)) in scale.marks.into_iter().zip(texts).enumerate() {
            let text = glib::markup_escape_text(&text);
            self.scale.add_mark(
                self.measure.position(value),
                gtk::PositionType::Bottom,
                (index % every == 0).then_some(text.as_str()),
            );
        }
    }

    fn width(&self, text: &str) -> i32 {
        self.scale.create_pango_layout(Some(text)).pixel_size().0
    }
}

/// Which marks have words, so that with large text they do not run into each other: each one, each
/// second one, and so on.
fn every(marks: usize, widest: i32) -> usize {
    let fit = (ROOM / (widest + BETWEEN)).max(1);
    marks.div_ceil(usize::try_from(fit).unwrap_or(1)).max(1)
}

fn scale(title: &str, measure: Measure) -> gtk::Scale {
    // The ends come with what the computer has.
    let adjustment = gtk::Adjustment::new(0.0, 0.0, 1.0, 0.1, 0.5, 0.0);
    let scale = gtk::Scale::builder()
        .adjustment(&adjustment)
        .hexpand(true)
        .digits(-1)
        .draw_value(true)
        .value_pos(gtk::PositionType::Right)
        .build();
    leave_the_wheel(&scale);
    scale.set_format_value_func(move |_, position| measure.words(measure.value(position)));
    scale.update_property(&[gtk::accessible::Property::Label(title)]);
    scale
}

/// The wheel turns the page: a limit that lies under the pointer then stays what it is.
fn leave_the_wheel(scale: &gtk::Scale) {
    let controllers = scale.observe_controllers();
    for controller in controllers.iter::<glib::Object>().flatten() {
        if let Some(wheel) = controller.downcast_ref::<gtk::EventControllerScroll>() {
            wheel.set_propagation_phase(gtk::PropagationPhase::None);
        }
    }
}

fn scale_row(scale: &gtk::Scale) -> adw::PreferencesRow {
    let room = gtk::Box::builder()
        .margin_top(6)
        .margin_bottom(6)
        .margin_start(12)
        .margin_end(12)
        .build();
    room.append(scale);
    adw::PreferencesRow::builder()
        .activatable(false)
        .focusable(false)
        .child(&room)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_marks_stay_apart() {
        assert_eq!(every(4, 45), 1);
        assert_eq!(every(4, 100), 2);
        assert_eq!(every(5, 100), 3);
        assert_eq!(every(4, 400), 4);
        assert_eq!(every(0, 0), 1);
    }
}
