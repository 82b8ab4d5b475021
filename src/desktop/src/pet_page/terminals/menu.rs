//! The menus of terminals and the actions behind them.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio, glib};
use relm4::{ComponentSender, gtk};
use vte4::TerminalExt as _;

use super::zoom::Zoom;
use super::{Terminals, TerminalsInput, links, paste};
use crate::menu;

/// The menu at the end of the tabs.
pub fn button() -> gtk::MenuButton {
    let menu = gio::Menu::new();
    let first = gio::Menu::new();
    first.append(Some(&gettext("Find…")), Some("terminals.find"));
    first.append(Some(&gettext("Show All Tabs")), Some("terminals.overview"));
    menu.append_section(None, &first);
    let size = gio::Menu::new();
    size.append(Some(&gettext("Larger Text")), Some("terminals.zoom-in"));
    size.append(Some(&gettext("Smaller Text")), Some("terminals.zoom-out"));
    size.append(Some(&gettext("Normal Size")), Some("terminals.zoom-reset"));
    menu.append_section(None, &size);
    menu.append_section(None, &last());
    let name = gettext("Terminal Menu");
    let button = gtk::MenuButton::builder()
        .icon_name("view-more-symbolic")
        .tooltip_text(&name)
        .css_classes(["flat"])
        .build();
    menu::give(&button, menu);
    button.update_property(&[gtk::accessible::Property::Label(&name)]);
    button
}

fn last() -> gio::Menu {
    let last = gio::Menu::new();
    last.append(Some(&gettext("Clear Scrollback")), Some("terminals.clear"));
    last.append(
        Some(&gettext("Open in External Terminal")),
        Some("terminals.external"),
    );
    last
}

/// The menu of the right mouse button; what is about a link is there only on one.
fn context() -> gio::Menu {
    let menu = gio::Menu::new();
    let link = gio::Menu::new();
    for (label, action) in [
        (gettext("Open Link"), "terminal.open-link"),
        (gettext("Copy Link"), "terminal.copy-link"),
    ] {
        let item = gio::MenuItem::new(Some(&label), Some(action));
        item.set_attribute_value("hidden-when", Some(&"action-disabled".to_variant()));
        link.append_item(&item);
    }
    menu.append_section(None, &link);
    let text = gio::Menu::new();
    text.append(Some(&gettext("Copy")), Some("terminal.copy"));
    text.append(Some(&gettext("Paste")), Some("terminal.paste"));
    text.append(Some(&gettext("Select All")), Some("terminal.select-all"));
    menu.append_section(None, &text);
    let find = gio::Menu::new();
    find.append(Some(&gettext("Find…")), Some("terminals.find"));
    menu.append_section(None, &find);
    menu.append_section(None, &last());
    menu
}

/// The actions on all terminals of a pet, as group `terminals`.
pub fn actions(sender: &ComponentSender<Terminals>) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    let add = |name: &str, message: fn() -> TerminalsInput| {
        let action = gio::SimpleAction::new(name, None);
        let sender = sender.clone();
        action.connect_activate(move |_, _| sender.input(message()));
        group.add_action(&action);
    };
    add("new", || TerminalsInput::OpenHere);
    add("find", || TerminalsInput::Find);
    add("overview", || TerminalsInput::Overview);
    add("zoom-in", || TerminalsInput::Zoom(Zoom::In));
    add("zoom-out", || TerminalsInput::Zoom(Zoom::Out));
    add("zoom-reset", || TerminalsInput::Zoom(Zoom::Reset));
    add("clear", || TerminalsInput::Clear);
    add("external", || TerminalsInput::External);
    group
}

/// Gives `terminal` its context menu and the actions on it, as group `terminal`.
pub fn install(terminal: &vte4::Terminal) {
    /// The link under the pointer when the menu was asked for.
    type Link = Rc<RefCell<Option<String>>>;
    let group = gio::SimpleActionGroup::new();
    let link = Link::default();
    let add = |name: &str, act: Box<dyn Fn(&vte4::Terminal, &Link)>| {
        let action = gio::SimpleAction::new(name, None);
        let (weak, link) = (terminal.downgrade(), Rc::clone(&link));
        action.connect_activate(move |_, _| {
            if let Some(terminal) = weak.upgrade() {
                act(&terminal, &link);
            }
        });
        group.add_action(&action);
        action
    };
    add(
        "copy",
        Box::new(|terminal, _| terminal.copy_clipboard_format(vte4::Format::Text)),
    );
    add("paste", Box::new(|terminal, _| paste::clipboard(terminal)));
    add("select-all", Box::new(|terminal, _| terminal.select_all()));
    let open = add(
        "open-link",
        Box::new(|terminal, link| {
            if let Some(link) = link.borrow().as_deref() {
                links::open(terminal, link);
            }
        }),
    );
    let copy_link = add(
        "copy-link",
        Box::new(|terminal, link| {
            if let Some(link) = link.borrow().as_deref() {
                terminal.clipboard().set_text(link);
            }
        }),
    );
    terminal.insert_action_group("terminal", Some(&group));
    terminal.set_context_menu_model(Some(&context()));
    let point = move |found: Option<String>| {
        open.set_enabled(found.as_deref().is_some_and(links::may_open));
        copy_link.set_enabled(found.is_some());
        link.replace(found);
    };
    point(None);
    let point = Rc::new(point);
    let click = gtk::GestureClick::builder()
        .button(gdk::BUTTON_SECONDARY)
        .propagation_phase(gtk::PropagationPhase::Capture)
        .build();
    let pointed = Rc::clone(&point);
    click.connect_pressed(move |click, _, x, y| {
        let terminal = click.widget().and_downcast::<vte4::Terminal>();
        pointed(terminal.and_then(|terminal| links::at(&terminal, x, y)));
    });
    terminal.add_controller(click);
    // The menu that a key opens is about no link.
    let keys = gtk::EventControllerKey::new();
    keys.set_propagation_phase(gtk::PropagationPhase::Capture);
    keys.connect_key_pressed(move |_, key, _, _| {
        if matches!(key, gdk::Key::Menu | gdk::Key::F10) {
            point(None);
        }
        glib::Propagation::Proceed
    });
    terminal.add_controller(keys);
}
