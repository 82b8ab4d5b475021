//! The window's menu, keys, breakpoint and About dialog.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{ComponentSender, adw, gtk};

use super::{App, AppInput, debug_info};
use crate::config;
use crate::menu;
use crate::new_pet::Start;
use crate::settings;
use crate::sidebar::Order;

/// The main menu's button.
pub fn menu_button() -> gtk::MenuButton {
    let menu = gio::Menu::new();
    menu.append(Some(&gettext("New Pet…")), Some("win.new-pet"));
    menu.append(Some(&gettext("Images")), Some("win.images"));
    menu.append(Some(&gettext("This Computer")), Some("win.doctor"));
    menu.append(Some(&gettext("Activity")), Some("win.activity"));
    menu.append(Some(&gettext("Usage of All Pets")), Some("win.usage"));
    menu.append(Some(&gettext("Preferences")), Some("win.preferences"));
    menu.append_submenu(Some(&gettext("Sort By")), &sort_menu());
    menu.append(Some(&gettext("Keyboard Shortcuts")), Some("win.shortcuts"));
    menu.append(Some(&gettext("About Kennel")), Some("win.about"));
    let name = gettext("Main Menu");
    let button = gtk::MenuButton::builder()
        .icon_name("open-menu-symbolic")
        .tooltip_text(&name)
        .build();
    menu::give(&button, menu);
    button.update_property(&[gtk::accessible::Property::Label(&name)]);
    button.add_controller(menu_key());
    button
}

/// What the list can be sorted by.
fn sort_menu() -> gio::Menu {
    let menu = gio::Menu::new();
    for order in Order::ALL {
        let label = match order {
            Order::Name => gettext("Name"),
            Order::State => gettext("State"),
            Order::Distribution => gettext("Distribution"),
            Order::Project => gettext("Project Folder"),
            Order::Recent => gettext("Recently Used"),
        };
        menu.append(Some(&label), Some(&format!("win.sort::{}", order.key())));
    }
    menu
}

/// F10 for the main menu. GTK's own key of a primary menu comes before the focused widget, and
/// programs in a terminal want it, too.
fn menu_key() -> gtk::ShortcutController {
    let keys = gtk::ShortcutController::new();
    keys.set_scope(gtk::ShortcutScope::Global);
    keys.add_shortcut(gtk::Shortcut::new(
        gtk::ShortcutTrigger::parse_string("F10"),
        Some(gtk::CallbackAction::new(|widget, _| {
            if let Some(button) = widget.downcast_ref::<gtk::MenuButton>() {
                button.popup();
            }
            glib::Propagation::Stop
        })),
    ));
    keys
}

/// Below 500sp the list and the page take turns.
pub fn collapse_when_narrow(
    window: &adw::ApplicationWindow,
    split: &adw::NavigationSplitView,
    sender: &ComponentSender<App>,
) {
    let condition = adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        500.0,
        adw::LengthUnit::Sp,
    );
    let narrow = adw::Breakpoint::new(condition);
    narrow.add_setter(split, "collapsed", Some(&true.to_value()));
    let (applied, unapplied) = (sender.clone(), sender.clone());
    narrow.connect_apply(move |_| applied.input(AppInput::Rearranged));
    narrow.connect_unapply(move |_| unapplied.input(AppInput::Rearranged));
    window.add_breakpoint(narrow);
}

/// The window's actions and their keys. The keys act after the focused widget, so a terminal
/// keeps its plain Ctrl keys.
pub fn install(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let keys = gtk::ShortcutController::new();
    let add = |name: &str, trigger: &str, message: fn() -> AppInput| {
        let action = gio::SimpleAction::new(name, None);
        let sender = sender.clone();
        action.connect_activate(move |_, _| sender.input(message()));
        window.add_action(&action);
        keys.add_shortcut(gtk::Shortcut::new(
            gtk::ShortcutTrigger::parse_string(trigger),
            Some(gtk::NamedAction::new(&format!("win.{name}"))),
        ));
    };
    add("new-pet", "<Control>n", || AppInput::NewPet(Start::Usual));
    add("images", "<Control>i", || AppInput::Images);
    add("preferences", "<Control>comma", || AppInput::Preferences);
    add("doctor", "<Control>d", || AppInput::Doctor);
    add("usage", "<Control>u", || AppInput::Usage);
    add("activity", "<Control>h", || AppInput::Activity);
    add("search", "<Control>f", || AppInput::Search);
    add("toggle-list", "F9", || AppInput::ToggleList);
    add("list", "<Control><Shift>l", || AppInput::FocusList);
    add("undo", "<Control>z", || AppInput::Undo);
    add("paste", "<Control>v", || AppInput::Paste);
    add("start-or-stop", "<Control>Return", || AppInput::StartOrStop);
    add("rename", "F2", || AppInput::Rename);
    add("shortcuts", "<Control>question", || AppInput::Shortcuts);
    add("close-tab", "<Control>w", || AppInput::CloseTab);
    add("about", "<Shift>F1", || AppInput::About);
    keys.add_shortcut(gtk::Shortcut::new(
        gtk::ShortcutTrigger::parse_string("<Control>q"),
        Some(gtk::CallbackAction::new(|widget, _| {
            if let Some(window) = widget.downcast_ref::<gtk::Window>() {
                window.close();
            }
            glib::Propagation::Stop
        })),
    ));
    window.add_controller(keys);
    if let Some(settings) = settings::load() {
        window.add_action(&settings.create_action(settings::SORT));
    }
}

/// Who made this.
pub fn about(window: &adw::ApplicationWindow) {
    adw::AboutDialog::builder()
        .application_name("Kennel")
        .application_icon(config::APP_ID)
        .version(config::VERSION)
        .developer_name(gettext("The Kennel Contributors"))
        .debug_info(debug_info::text())
        .debug_info_filename("kennel-debug-info.txt")
        .comments(gettext("Linux environments for your projects"))
        .license_type(gtk::License::Gpl30)
        .build()
        .present(Some(window));
}
