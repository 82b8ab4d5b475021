//! The page for an image that is not listed: its reference is checked while it is typed.

use gettextrs::gettext;
use kennel_model::{CatalogEntry, ImageRef, ImageSource, InvalidImageRef, resolve};
use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, RelmWidgetExt as _, SimpleComponent, adw, gtk};

use crate::problem;

/// The page.
#[derive(Debug)]
pub struct Reference {
    text: String,
    catalog: Vec<CatalogEntry>,
}

/// What the page is told.
#[derive(Debug)]
pub enum ReferenceInput {
    /// The catalog, for its short names.
    Catalog(Vec<CatalogEntry>),
    /// The person typed this.
    Text(String),
    /// Use it.
    Use,
}

#[relm4::component(pub)]
impl SimpleComponent for Reference {
    type Init = ();
    type Input = ReferenceInput;
    type Output = ImageRef;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Another Image"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    set_show_end_title_buttons: false,
                },
                #[wrap(Some)]
                set_content = &adw::PreferencesPage {
                    adw::PreferencesGroup {
                        set_description: Some(&gettext(
                            "Its registry and its name there, such as quay.io/toolbx/ubuntu-toolbox:24.04.",
                        )),
                        #[local_ref]
                        entry -> adw::EntryRow {
                            set_title: &gettext("Image Reference"),
                            set_input_hints: gtk::InputHints::NO_SPELLCHECK | gtk::InputHints::LOWERCASE,
                            #[watch]
                            set_class_active: ("error", model.problem().is_some()),
                            connect_changed[sender] => move |row| {
                                sender.input(ReferenceInput::Text(row.text().into()));
                            },
                            connect_entry_activated => ReferenceInput::Use,
                        },
                        #[name(reason)]
                        problem::reason() -> gtk::Label {
                            #[watch]
                            set_visible: model.problem().is_some(),
                            #[watch]
                            set_label: &model.problem().unwrap_or_default(),
                        },
                    },
                    adw::PreferencesGroup {
                        gtk::Button {
                            set_label: &gettext("Use This Image"),
                            set_halign: gtk::Align::Center,
                            add_css_class: "pill",
                            add_css_class: "suggested-action",
                            #[watch]
                            set_sensitive: model.read().is_ok(),
                            connect_clicked => ReferenceInput::Use,
                        },
                    },
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            text: String::new(),
            catalog: Vec::new(),
        };
        let entry = adw::EntryRow::new();
        let widgets = view_output!();
        let reason = gtk::accessible::Relation::DescribedBy(&[widgets.reason.upcast_ref()]);
        let described: &gtk::Widget = entry.upcast_ref();
        described.update_relation(&[reason]);
        root.connect_shown(move |_| {
            entry.grab_focus();
        });
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: ReferenceInput, sender: ComponentSender<Self>) {
        match message {
            ReferenceInput::Catalog(catalog) => self.catalog = catalog,
            ReferenceInput::Text(text) => text.trim().clone_into(&mut self.text),
            ReferenceInput::Use => {
                if let Ok(reference) = self.read() {
                    let _ = sender.output(reference);
                }
            }
        }
    }
}

impl Reference {
    fn read(&self) -> Result<ImageRef, String> {
        read(&self.text, &self.catalog)
    }

    /// What is wrong with it; nothing while it is empty.
    fn problem(&self) -> Option<String> {
        self.read().err().filter(|_| !self.text.is_empty())
    }
}

/// The image that `text` means, or what is wrong with it, in a sentence.
pub fn read(text: &str, catalog: &[CatalogEntry]) -> Result<ImageRef, String> {
    match resolve(catalog, text) {
        Ok(ImageSource::Reference(reference)) => Ok(reference),
        Ok(_) => Err(gettext(
            "This is a file: go back and choose it at “From a File”.",
        )),
        Err(InvalidImageRef::NoRegistry(_)) => Err(gettext(
            "Include the registry it is from, as in registry.example.org/name:tag. Kennel never guesses one.",
        )),
        Err(InvalidImageRef::Malformed(_)) => Err(gettext(
            "This is not an image reference: enter registry/name:tag, the name in lower case and without spaces.",
        )),
        Err(InvalidImageRef::TooLong) => {
            Err(gettext("An image reference has at most 512 characters."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_pet::offers::tests::entry;

    #[test]
    fn a_reference_or_a_short_name_of_the_catalog_is_read_and_nothing_is_guessed() {
        let mut debian = entry("Debian", "docker.io/library/debian:13");
        debian.aliases = vec!["debian".to_owned()];
        let catalog = [debian];
        let read = |text: &str| read(text, &catalog).map(|reference| reference.to_string());
        assert_eq!(read("quay.io/a/b:1"), Ok("quay.io/a/b:1".to_owned()));
        assert_eq!(read("debian"), Ok("docker.io/library/debian:13".to_owned()));
        for (text, reason) in [
            ("debia", "the registry"),
            ("quay.io/UPPER", "lower case"),
            ("quay.io/a b", "without spaces"),
            ("/tmp/image.tar", "From a File"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(reason), "{text}: {refused}");
        }
        assert!(
            read(&format!("q.io/{}", "a".repeat(600)))
                .unwrap_err()
                .contains("512")
        );
    }
}
