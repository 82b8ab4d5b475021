//! The bar that finds text in the selected terminal.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::{adw, gtk};
use vte4::TerminalExt as _;

use super::links::MULTILINE;
use super::tab;

/// `PCRE2_CASELESS`.
const CASELESS: u32 = 0x0000_0008;

/// The bar.
#[derive(Debug, Clone)]
pub struct Find {
    bar: gtk::SearchBar,
    entry: gtk::SearchEntry,
    case: gtk::ToggleButton,
    none: gtk::Label,
    view: adw::TabView,
}

impl Find {
    /// One that finds in what `view` shows.
    pub fn new(view: &adw::TabView) -> Self {
        let entry = gtk::SearchEntry::builder().hexpand(true).build();
        entry.set_width_chars(6);
        name(&entry, &gettext("Find in Terminal"));
        entry.set_placeholder_text(Some(&gettext("Find in Terminal")));
        let case = gtk::ToggleButton::with_label("Aa");
        name(&case, &gettext("Match Case"));
        let none = gtk::Label::builder()
            .label(gettext("No Match"))
            .css_classes(["dim-label"])
            .visible(false)
            .build();
        let previous = button("go-up-symbolic", &gettext("Previous Match"));
        let next = button("go-down-symbolic", &gettext("Next Match"));
        let close = button("window-close-symbolic", &gettext("Close Find"));
        close.add_css_class("flat");
        let steps = gtk::Box::builder().css_classes(["linked"]).build();
        steps.append(&previous);
        steps.append(&next);
        // With large text the buttons go below the entry.
        let row = adw::WrapBox::builder()
            .child_spacing(6)
            .line_spacing(6)
            .build();
        row.append(&entry);
        row.append(&none);
        row.append(&case);
        row.append(&steps);
        row.append(&close);
        let clamp = adw::Clamp::builder().maximum_size(600).child(&row).build();
        let bar = gtk::SearchBar::builder().child(&clamp).build();
        bar.connect_entry(&entry);
        let find = Self {
            bar,
            entry,
            case,
            none,
            view: view.clone(),
        };
        find.connect(&previous, &next, &close);
        find
    }

    /// The widget.
    pub fn widget(&self) -> &gtk::SearchBar {
        &self.bar
    }

    /// Shows the bar, with what is selected on one line as what is looked for.
    pub fn open(&self) {
        let selected = self
            .terminal()
            .filter(vte4::Terminal::has_selection)
            .and_then(|terminal| terminal.text_selected(vte4::Format::Text))
            .filter(|text| !text.trim().is_empty() && !text.contains('\n'));
        if let Some(text) = selected {
            self.entry.set_text(&text);
        }
        self.bar.set_search_mode(true);
        self.entry.grab_focus();
        self.entry.select_region(0, -1);
    }

    fn terminal(&self) -> Option<vte4::Terminal> {
        self.view
            .selected_page()
            .and_then(|page| tab::terminal(&page))
    }

    fn connect(&self, previous: &gtk::Button, next: &gtk::Button, close: &gtk::Button) {
        let find = self.clone();
        self.entry.connect_search_changed(move |_| find.look());
        let find = self.clone();
        self.case.connect_toggled(move |_| find.look());
        // What was written last is nearest: Enter goes up, as the eye does.
        let find = self.clone();
        self.entry.connect_activate(move |_| find.step(true));
        let find = self.clone();
        previous.connect_clicked(move |_| find.step(true));
        let find = self.clone();
        next.connect_clicked(move |_| find.step(false));
        let find = self.clone();
        close.connect_clicked(move |_| find.bar.set_search_mode(false));
        let find = self.clone();
        self.bar.connect_search_mode_enabled_notify(move |bar| {
            if !bar.is_search_mode() {
                find.leave();
            }
        });
        let find = self.clone();
        self.view.connect_selected_page_notify(move |_| {
            if find.bar.is_search_mode() {
                find.arm();
            }
        });
        let find = self.clone();
        let keys = gtk::EventControllerKey::new();
        keys.connect_key_pressed(move |_, key, _, state| {
            let shift = state.contains(gdk::ModifierType::SHIFT_MASK);
            if shift && matches!(key, gdk::Key::Return | gdk::Key::KP_Enter) {
                find.step(false);
                return glib::Propagation::Stop;
            }
            glib::Propagation::Proceed
        });
        keys.set_propagation_phase(gtk::PropagationPhase::Capture);
        self.entry.add_controller(keys);
    }

    /// Tells the terminal what is looked for.
    fn arm(&self) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        let text = self.entry.text();
        let case = if self.case.is_active() { 0 } else { CASELESS };
        let regex = vte4::Regex::for_search(&literal(&text), MULTILINE | case).ok();
        terminal.search_set_regex(regex.as_ref().filter(|_| !text.is_empty()), 0);
        terminal.search_set_wrap_around(true);
    }

    /// Looks for what is now in the entry, from the end.
    fn look(&self) {
        self.arm();
        if let Some(terminal) = self.terminal() {
            terminal.unselect_all();
        }
        self.step(true);
    }

    fn step(&self, up: bool) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        let found = if up {
            terminal.search_find_previous()
        } else {
            terminal.search_find_next()
        };
        let none = !found && !self.entry.text().is_empty();
        self.none.set_visible(none);
        if none {
            self.entry.add_css_class("error");
        } else {
            self.entry.remove_css_class("error");
        }
    }

    /// The keyboard goes back to the terminal, and what was found stays selected.
    fn leave(&self) {
        if let Some(terminal) = self.terminal() {
            terminal.search_set_regex(None, 0);
            terminal.grab_focus();
        }
    }
}

/// A pattern that matches `text` and nothing else.
fn literal(text: &str) -> String {
    let special = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !c.is_ascii_whitespace();
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if special(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

fn button(icon: &str, text: &str) -> gtk::Button {
    let button = gtk::Button::from_icon_name(icon);
    name(&button, text);
    button
}

fn name(widget: &impl IsA<gtk::Widget>, text: &str) {
    widget.set_tooltip_text(Some(text));
    widget
        .upcast_ref::<gtk::Widget>()
        .update_property(&[gtk::accessible::Property::Label(text)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// VTE and GLib both use PCRE2.
    fn matches(wanted: &str, text: &str) -> bool {
        let (compile, run) = (
            glib::RegexCompileFlags::MULTILINE,
            glib::RegexMatchFlags::DEFAULT,
        );
        let regex = glib::Regex::new(&literal(wanted), compile, run);
        let text = glib::GString::from(text);
        let found = regex.unwrap().unwrap().match_(text.as_ref(), run);
        found.is_ok_and(|found| found.matches())
    }

    #[test]
    fn what_is_typed_means_itself() {
        for text in [
            "a.c",
            "[x]",
            "1+1=2",
            "\\d",
            "$HOME",
            "^",
            "(",
            "größe #1",
            "a-b_c",
        ] {
            assert!(matches(text, &format!("… {text} …")), "{text}");
        }
        assert!(!matches("a.c", "abc"));
        assert!(!matches("x*", "y"));
    }
}
