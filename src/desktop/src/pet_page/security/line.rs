//! One line of the report as a row: how good it is, what it means, and how to change it.

use gettextrs::gettext;
use kennel_model::{Rating, RemedyPlace, ReportLine, Topic};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{Security, SecurityInput};
use crate::{command_row, phrase};

/// The shape of a verdict.
pub fn icon(rating: Rating) -> &'static str {
    match rating {
        Rating::Good => "object-select-symbolic",
        Rating::Note => "dialog-information-symbolic",
        Rating::Risk => "dialog-warning-symbolic",
    }
}

/// The colour of a verdict.
pub fn class(rating: Rating) -> &'static str {
    match rating {
        Rating::Good => "success",
        Rating::Note => "accent",
        Rating::Risk => "warning",
    }
}

fn word(rating: Rating) -> String {
    match rating {
        Rating::Good => gettext("Good"),
        Rating::Note => gettext("Note"),
        Rating::Risk => gettext("Risk"),
    }
}

/// The row of `line`. One that the settings change leads there.
pub fn row(
    line: &ReportLine,
    sender: &ComponentSender<Security>,
    toasts: &adw::ToastOverlay,
) -> adw::PreferencesRow {
    let mark = gtk::Image::builder()
        .icon_name(icon(line.verdict))
        .css_classes([class(line.verdict)])
        .build();
    mark.update_property(&[gtk::accessible::Property::Label(&word(line.verdict))]);
    match &line.change {
        // Starting and restarting have their buttons.
        Some(remedy) if line.topic != Topic::State && remedy.place == RemedyPlace::Computer => {
            let row = adw::ExpanderRow::builder()
                .use_markup(false)
                .title(phrase::said(&line.fact))
                .subtitle(phrase::said(&line.meaning))
                .build();
            row.add_prefix(&mark);
            row.add_row(&command_row::new(
                &phrase::said(&remedy.how),
                &remedy.commands,
                toasts,
            ));
            row.upcast()
        }
        change => {
            let row = adw::ActionRow::builder()
                .use_markup(false)
                .title(phrase::said(&line.fact))
                .subtitle(phrase::said(&line.meaning))
                .build();
            row.add_prefix(&mark);
            if change
                .as_ref()
                .is_some_and(|remedy| remedy.place == RemedyPlace::Settings)
            {
                lead_to_settings(&row, sender);
            }
            row.upcast()
        }
    }
}

fn lead_to_settings(row: &adw::ActionRow, sender: &ComponentSender<Security>) {
    let arrow = gtk::Image::builder()
        .icon_name("go-next-symbolic")
        .tooltip_text(gettext("Change It in the Settings"))
        .build();
    arrow.update_property(&[gtk::accessible::Property::Label(&gettext(
        "Change It in the Settings",
    ))]);
    row.add_suffix(&arrow);
    row.set_activatable(true);
    let sender = sender.clone();
    row.connect_activated(move |_| sender.input(SecurityInput::Settings));
}
