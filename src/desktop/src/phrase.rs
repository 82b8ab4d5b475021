//! What the engine says, in the person's language.

use gettextrs::{dgettext, dngettext};
use kennel_model::phrase::direction::{begun, isolated};
use kennel_model::{Language, Phrase};
use relm4::gtk;

use crate::config::GETTEXT_DOMAIN;
use crate::words;

/// That of the person: the engine's English texts are the keys of the catalog, like the app's own.
struct Persons;

impl Language for Persons {
    fn translated(&self, text: &str, plural: Option<(&str, u64)>) -> String {
        // The empty key is the catalog's header, and none has a zero byte.
        if text.is_empty() || text.contains('\0') {
            return text.to_owned();
        }
        match plural {
            Some((plural, count)) => {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                dngettext(GETTEXT_DOMAIN, text, plural, count)
            }
            None => dgettext(GETTEXT_DOMAIN, text),
        }
    }

    fn value(&self, value: &str) -> String {
        // Without GTK there is nothing to read in: unit tests.
        let is_rtl = gtk::is_initialized_main_thread()
            && gtk::Widget::default_direction() == gtk::TextDirection::Rtl;
        if is_rtl {
            isolated(value)
        } else {
            value.to_owned()
        }
    }

    fn separator(&self) -> String {
        words::separator()
    }
}

/// `phrase` in the person's language.
pub fn said(phrase: &Phrase) -> String {
    begun(phrase.said_in(&Persons))
}

/// `phrase` as a sentence: the engine writes them without capital and full stop.
pub fn sentence(phrase: &Phrase) -> String {
    crate::error::sentence(&said(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_translated_is_said_as_it_is() {
        let foreign = Phrase::verbatim("Nobody wrote this {down}");
        assert_eq!(said(&foreign), "Nobody wrote this {down}");
        assert_eq!(sentence(&foreign), "Nobody wrote this {down}.");
        assert_eq!(said(&Phrase::verbatim("")), "");
        assert_eq!(said(&Phrase::verbatim("a\0b")), "a\0b");
    }
}
