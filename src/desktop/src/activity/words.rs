//! How an event reads.

use kennel_model::Event;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};

use super::search::is_host_command;
use crate::phrase;
use crate::words::gettext_f;

/// The row of `event`.
pub fn row(event: &Event) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(title(event))
        .subtitle(subtitle(event))
        .build();
    let (icon, class) = mark(&event.event);
    let image = gtk::Image::builder()
        .icon_name(icon)
        .css_classes([class])
        // The title says it in words.
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    row.add_prefix(&image);
    row
}

/// Shape and colour of an event's mark.
fn mark(event: &str) -> (&'static str, &'static str) {
    match event {
        "alert" | "out-of-memory" => ("dialog-warning-symbolic", "warning"),
        "failed" | "host-command-failed" => ("dialog-error-symbolic", "error"),
        "alert-over" => ("object-select-symbolic", "success"),
        "started" => ("media-playback-start-symbolic", "dim-label"),
        "stopped" | "ended" => ("media-playback-stop-symbolic", "dim-label"),
        "host-command" | "host-command-ended" => ("utilities-terminal-symbolic", "dim-label"),
        _ => ("document-edit-symbolic", "dim-label"),
    }
}

/// The event's sentence. Those of the engine that are sentences already are shown as they are.
pub fn title(event: &Event) -> String {
    let name = [("name", event.name.as_str())];
    match event.event.as_str() {
        "created" => gettext_f("{name} was made", &name),
        "started" => gettext_f("{name} was started", &name),
        "stopped" => gettext_f("{name} was stopped", &name),
        "ended" => gettext_f("{name} ended", &name),
        "changed" => gettext_f("{name} was changed", &name),
        "renamed" => gettext_f("{name} was renamed", &name),
        "failed" => gettext_f("{name} could not start", &name),
        "host-command" => gettext_f("{name} ran a command on this computer", &name),
        "host-command-ended" => gettext_f("A command of {name} on this computer ended", &name),
        "host-command-failed" => {
            gettext_f("A command of {name} could not run on this computer", &name)
        }
        "alert" | "alert-over" => phrase::sentence(&event.text),
        "removed" => gettext_f("{name} was deleted", &name),
        _ => {
            // The word of an event without a text is all there is.
            let text = if event.text.is_empty() {
                event.event.clone()
            } else {
                phrase::said(&event.text)
            };
            let told = [("name", event.name.as_str()), ("text", text.as_str())];
            // Translators: what happened to the pet {name}.
            gettext_f("{name}: {text}", &told)
        }
    }
}

/// When, and what the title does not say.
fn subtitle(event: &Event) -> String {
    let time = glib::DateTime::from_iso8601(&event.time, None)
        .and_then(|time| time.to_local())
        .and_then(|time| time.format("%x, %X"));
    let time = time.map_or_else(|_| event.time.clone(), String::from);
    let said = is_host_command(event)
        || matches!(
            event.event.as_str(),
            "created" | "ended" | "renamed" | "failed" | "changed"
        );
    if said && !event.text.is_empty() {
        format!("{time} · {}", phrase::said(&event.text))
    } else {
        time
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::tests::event;
    use super::*;

    #[test]
    fn an_alert_is_a_sentence_and_the_rest_is_named() {
        assert_eq!(
            title(&event("alert", "“webshop” is busy: it")),
            "“webshop” is busy: it."
        );
        assert_eq!(title(&event("started", "")), "webshop was started");
        assert_eq!(
            title(&event("out-of-memory", "tail was killed")),
            "webshop: tail was killed"
        );
        assert!(subtitle(&event("failed", "no disk")).ends_with(" · no disk"));
        let command = event("host-command-ended", "podman ps: exit status 0");
        assert!(subtitle(&command).ends_with(" · podman ps: exit status 0"));
    }
}
