//! The page on which an image is picked: those of this computer, then the catalog, searchable.

use gettextrs::gettext;
use kennel_model::{CatalogEntry, search};
use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::{error, mark};

/// The page.
#[derive(Debug)]
pub struct Picker {
    offers: Vec<CatalogEntry>,
    query: String,
    /// The rows, in the order of `offers`.
    rows: Vec<adw::ActionRow>,
    here: adw::PreferencesGroup,
    catalog: adw::PreferencesGroup,
    /// Why there is no catalog, when it could not be read.
    trouble: Option<String>,
}

/// What the page is told.
#[derive(Debug)]
pub enum PickerInput {
    /// Show these.
    Offers(Vec<CatalogEntry>),
    /// The catalog could not be read.
    NoCatalog(kennel_model::UserError),
    /// The person searches for this.
    Search(String),
    /// The person wants the best answer.
    First,
}

/// What the person wants.
#[derive(Debug)]
pub enum PickerOutput {
    /// This image.
    Picked(CatalogEntry),
    /// One that is not listed.
    Another,
}

#[relm4::component(pub)]
impl SimpleComponent for Picker {
    type Init = ();
    type Input = PickerInput;
    type Output = PickerOutput;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Choose Image"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    set_show_end_title_buttons: false,
                },
                add_top_bar = &adw::Clamp {
                    set_maximum_size: 600,
                    #[name(entry)]
                    gtk::SearchEntry {
                        set_margin_start: 12,
                        set_margin_end: 12,
                        set_margin_bottom: 6,
                        set_placeholder_text: Some(&gettext("Search Images")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Search Images"))],
                        connect_search_changed[sender] => move |entry| {
                            sender.input(PickerInput::Search(entry.text().into()));
                        },
                        connect_activate => PickerInput::First,
                        // The entry takes the Escape that would lead back.
                        connect_stop_search => move |entry| {
                            let _ = entry.activate_action("navigation.pop", None);
                        },
                    },
                },
                #[wrap(Some)]
                set_content = &gtk::Stack {
                    #[name(list)]
                    adw::PreferencesPage {
                        adw::PreferencesGroup {
                            #[watch]
                            set_visible: model.trouble.is_some(),
                            adw::ActionRow {
                                set_use_markup: false,
                                set_title: &gettext("The Catalog Cannot Be Shown"),
                                #[watch]
                                set_subtitle: model.trouble.as_deref().unwrap_or_default(),
                            },
                        },
                    },
                    #[name(nothing)]
                    adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("No Image Found"),
                        set_description: Some(&gettext("Try other words, or enter it under “Another Image…”.")),
                    },
                    #[watch]
                    set_visible_child: if model.is_empty() {
                        nothing.upcast_ref::<gtk::Widget>()
                    } else {
                        list.upcast_ref::<gtk::Widget>()
                    },
                },
                add_bottom_bar = &gtk::Button {
                    set_label: &gettext("Another Image…"),
                    set_halign: gtk::Align::Center,
                    set_margin_top: 6,
                    set_margin_bottom: 6,
                    connect_clicked[sender] => move |_| {
                        let _ = sender.output(PickerOutput::Another);
                    },
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            offers: Vec::new(),
            query: String::new(),
            rows: Vec::new(),
            here: group(&gettext("On This Computer")),
            catalog: group(&gettext("From the Catalog")),
            trouble: None,
        };
        let widgets = view_output!();
        widgets.list.add(&model.here);
        widgets.list.add(&model.catalog);
        let entry = widgets.entry.clone();
        root.connect_shown(move |_| {
            entry.grab_focus();
        });
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: PickerInput, sender: ComponentSender<Self>) {
        match message {
            PickerInput::Offers(offers) => self.fill(offers, &sender),
            PickerInput::NoCatalog(problem) => {
                self.trouble = Some(error::both(&problem));
            }
            PickerInput::Search(query) => {
                self.query = query;
                self.filter();
            }
            PickerInput::First => {
                if let Some(first) = search(&self.offers, &self.query).first() {
                    let _ = sender.output(PickerOutput::Picked((*first).clone()));
                }
            }
        }
    }
}

impl Picker {
    fn fill(&mut self, offers: Vec<CatalogEntry>, sender: &ComponentSender<Self>) {
        for (row, entry) in self.rows.iter().zip(&self.offers) {
            self.group_of(entry).remove(row);
        }
        self.rows = offers.iter().map(|entry| row(entry, sender)).collect();
        for (row, entry) in self.rows.iter().zip(&offers) {
            self.group_of(entry).add(row);
        }
        self.offers = offers;
        self.filter();
    }

    fn group_of(&self, entry: &CatalogEntry) -> &adw::PreferencesGroup {
        if entry.downloaded {
            &self.here
        } else {
            &self.catalog
        }
    }

    /// Shows what answers the search; the order stays, so that nothing jumps about.
    fn filter(&self) {
        let found = search(&self.offers, &self.query);
        for (row, entry) in self.rows.iter().zip(&self.offers) {
            row.set_visible(found.iter().any(|one| std::ptr::eq(*one, entry)));
        }
        self.here
            .set_visible(found.iter().any(|entry| entry.downloaded));
        self.catalog
            .set_visible(found.iter().any(|entry| !entry.downloaded));
    }

    fn is_empty(&self) -> bool {
        self.trouble.is_none() && search(&self.offers, &self.query).is_empty()
    }
}

fn group(title: &str) -> adw::PreferencesGroup {
    adw::PreferencesGroup::builder().title(title).build()
}

fn row(entry: &CatalogEntry, sender: &ComponentSender<Picker>) -> adw::ActionRow {
    let about = if entry.notes.is_empty() {
        entry.reference.to_string()
    } else {
        format!("{}\n{}", entry.notes, entry.reference)
    };
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(entry.title())
        .subtitle(about)
        .activatable(true)
        .build();
    row.add_prefix(&mark::of(entry));
    let (sender, entry) = (sender.clone(), entry.clone());
    row.connect_activated(move |_| {
        let _ = sender.output(PickerOutput::Picked(entry.clone()));
    });
    row
}
