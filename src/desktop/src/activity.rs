//! The Activity dialog: what happened to all pets lately, the newest first.

use std::time::Duration;

use gettextrs::gettext;
use kennel_model::{Event, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk, tokio};

use crate::engine::Engine;
use crate::error;
use crate::words::gettext_f;

/// The dialog.
#[derive(Debug)]
pub struct Activity {
    engine: Engine,
    /// `None` until the engine has said it.
    events: Option<Vec<Event>>,
    group: adw::PreferencesGroup,
    rows: Vec<adw::ActionRow>,
}

/// How long after a change of the lists the log has its line at the latest: who stops a pet writes it
/// when the pet is gone.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// Look again: something has happened.
#[derive(Debug)]
pub struct Look;

#[relm4::component(pub)]
impl Component for Activity {
    type Init = Engine;
    type Input = Look;
    type Output = ();
    type CommandOutput = Result<Vec<Event>, UserError>;

    view! {
        #[root]
        adw::Dialog {
            set_title: &gettext("Activity"),
            set_content_width: 560,
            set_content_height: 640,
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {},
                gtk::Stack {
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("document-open-recent-symbolic"),
                        set_title: &gettext("Nothing Happened Yet"),
                        set_description: Some(&gettext("What happens to your pets is listed here.")),
                    },
                    add_named[Some("events")] = &adw::PreferencesPage {
                        #[local_ref]
                        add = group -> adw::PreferencesGroup {},
                    },
                    #[watch]
                    set_visible_child_name: if model.events.as_ref().is_some_and(Vec::is_empty) { "empty" } else { "events" },
                },
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine,
            events: None,
            group: adw::PreferencesGroup::new(),
            rows: Vec::new(),
        };
        let group = &model.group.clone();
        let widgets = view_output!();
        model.look(Duration::ZERO, &sender);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, Look: Look, sender: ComponentSender<Self>, _: &Self::Root) {
        self.look(Duration::ZERO, &sender);
        self.look(AFTERWARDS, &sender);
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        _: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match answer {
            Ok(events) if self.events.as_ref() == Some(&events) => {}
            Ok(events) => self.show(events),
            Err(problem) => error::show(root, &problem),
        }
    }
}

impl Activity {
    fn look(&self, wait: Duration, sender: &ComponentSender<Self>) {
        let engine = self.engine.clone();
        sender.oneshot_command(async move {
            tokio::time::sleep(wait).await;
            engine.activity().await
        });
    }

    fn show(&mut self, events: Vec<Event>) {
        for row in self.rows.drain(..) {
            self.group.remove(&row);
        }
        self.rows = events.iter().map(row).collect();
        for row in &self.rows {
            self.group.add(row);
        }
        self.events = Some(events);
    }
}

fn row(event: &Event) -> adw::ActionRow {
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
        "failed" => ("dialog-error-symbolic", "error"),
        "alert-over" => ("object-select-symbolic", "success"),
        "started" => ("media-playback-start-symbolic", "dim-label"),
        "stopped" | "ended" => ("media-playback-stop-symbolic", "dim-label"),
        _ => ("document-edit-symbolic", "dim-label"),
    }
}

/// The event's sentence. Those of the engine that are sentences already are shown as they are.
fn title(event: &Event) -> String {
    let name = [("name", event.name.as_str())];
    match event.event.as_str() {
        "created" => gettext_f("{name} was made", &name),
        "started" => gettext_f("{name} was started", &name),
        "stopped" => gettext_f("{name} was stopped", &name),
        "ended" => gettext_f("{name} ended", &name),
        "changed" => gettext_f("{name} was changed", &name),
        "renamed" => gettext_f("{name} was renamed", &name),
        "failed" => gettext_f("{name} could not start", &name),
        "alert" | "alert-over" => error::sentence(&event.text),
        _ if event.text.is_empty() => format!("{}: {}", event.name, event.event),
        _ => format!("{}: {}", event.name, event.text),
    }
}

/// When, and what the title does not say.
fn subtitle(event: &Event) -> String {
    let time = glib::DateTime::from_iso8601(&event.time, None)
        .and_then(|time| time.to_local())
        .and_then(|time| time.format("%x, %X"));
    let time = time.map_or_else(|_| event.time.clone(), String::from);
    let said = matches!(
        event.event.as_str(),
        "created" | "ended" | "renamed" | "failed" | "changed"
    );
    if said && !event.text.is_empty() {
        format!("{time} · {}", event.text)
    } else {
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event: &str, text: &str) -> Event {
        Event {
            time: "2026-06-30T12:00:00Z".to_owned(),
            id: kennel_model::PetId::from_random(1),
            name: "webshop".to_owned(),
            event: event.to_owned(),
            text: text.to_owned(),
            kind: None,
        }
    }

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
    }
}
