//! The Activity dialog: what happened to all pets lately, the newest first, and the commands that they
//! ran on this computer. What is in it can be searched.

mod search;
mod words;

use std::time::Duration;

use gettextrs::gettext;
use kennel_model::{Event, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk, tokio};

use crate::engine::Engine;
use crate::problem;
use search::Search;

/// The dialog.
#[derive(Debug)]
pub struct Activity {
    engine: Engine,
    /// `None` until the engine has said it.
    events: Option<Vec<Event>>,
    search: Search,
    /// How many the search finds; the first [`SHOWN`] of them have a row.
    found: usize,
    group: adw::PreferencesGroup,
    rows: Vec<adw::ActionRow>,
    /// What there is instead, when the last answer was none.
    problem: problem::Page,
    failed: bool,
}

/// How many events are listed at most: each is a widget, and who looks for an older one searches.
const SHOWN: usize = 200;

/// How long after a change of the lists the log has its line at the latest: who stops a pet writes it
/// when the pet is gone.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// What comes to the dialog.
#[derive(Debug)]
pub enum ActivityInput {
    /// Look again: something has happened.
    Look,
    /// The person searches for this.
    SearchFor(String),
    /// Show them the commands of the host only, or all.
    HostCommands(bool),
}

#[relm4::component(pub)]
impl Component for Activity {
    type Init = Engine;
    type Input = ActivityInput;
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
                add_top_bar = &adw::WrapBox {
                    set_child_spacing: 6,
                    set_line_spacing: 6,
                    set_margin_start: 12,
                    set_margin_end: 12,
                    set_margin_bottom: 6,
                    #[watch]
                    set_visible: model.can_be_searched(),
                    gtk::SearchEntry {
                        set_hexpand: true,
                        set_width_chars: 6,
                        set_key_capture_widget: Some(&root),
                        set_placeholder_text: Some(&gettext("Pet, event or command")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Search Activity"))],
                        connect_search_changed[sender] => move |entry| {
                            sender.input(ActivityInput::SearchFor(entry.text().into()));
                        },
                        connect_stop_search[root] => move |entry| clear_or_close(entry, &root),
                    },
                    gtk::ToggleButton {
                        set_label: &gettext("Host Commands"),
                        set_tooltip_text: Some(&gettext("Only the commands that pets ran on this computer")),
                        connect_toggled[sender] => move |button| {
                            sender.input(ActivityInput::HostCommands(button.is_active()));
                        },
                    },
                },
                gtk::Stack {
                    add_named[Some("empty")] = &adw::StatusPage {
                        set_icon_name: Some("document-open-recent-symbolic"),
                        set_title: &gettext("Nothing Has Happened Yet"),
                        set_description: Some(&gettext("What happens to your pets is listed here.")),
                    },
                    add_named[Some("nothing")] = &adw::StatusPage {
                        set_icon_name: Some("system-search-symbolic"),
                        set_title: &gettext("Nothing Found"),
                        #[watch]
                        set_description: Some(&model.nothing_means()),
                    },
                    add_named[Some("reading")] = &adw::Bin {},
                    #[local_ref]
                    add_named[Some("problem")] = problem -> adw::StatusPage {},
                    add_named[Some("events")] = &adw::PreferencesPage {
                        #[local_ref]
                        add = group -> adw::PreferencesGroup {},
                        add = &adw::PreferencesGroup {
                            problem::remark() -> gtk::Label {
                                set_label: &gettext("Search to find earlier events."),
                                #[watch]
                                set_visible: model.found > SHOWN,
                            },
                        },
                    },
                    #[watch]
                    set_visible_child_name: model.page(),
                },
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let again = sender.input_sender().clone();
        let again = move || again.emit(ActivityInput::Look);
        let model = Self {
            engine,
            problem: problem::Page::new(&gettext("The Activity Cannot Be Shown"), again),
            failed: false,
            events: None,
            search: Search::default(),
            found: 0,
            group: adw::PreferencesGroup::new(),
            rows: Vec::new(),
        };
        let group = &model.group.clone();
        let problem = &model.problem.page.clone();
        let widgets = view_output!();
        model.look(Duration::ZERO, &sender);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: ActivityInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            ActivityInput::Look => {
                self.look(Duration::ZERO, &sender);
                self.look(AFTERWARDS, &sender);
            }
            ActivityInput::SearchFor(text) => {
                self.search.text = text;
                self.show();
            }
            ActivityInput::HostCommands(only) => {
                self.search.host_commands = only;
                self.show();
            }
        }
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        _: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        self.failed = answer.is_err();
        match answer {
            Ok(events) if self.events.as_ref() == Some(&events) => {}
            Ok(events) => {
                self.events = Some(events);
                self.show();
            }
            // No dialog: the next change asks again.
            Err(problem) => self.problem.say(&problem),
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

    /// Lists what the search finds.
    fn show(&mut self) {
        for row in self.rows.drain(..) {
            self.group.remove(&row);
        }
        let events = self.events.iter().flatten();
        let found: Vec<&Event> = events.filter(|event| self.search.finds(event)).collect();
        self.found = found.len();
        self.rows = found.into_iter().take(SHOWN).map(words::row).collect();
        for row in &self.rows {
            self.group.add(row);
        }
    }

    fn is_empty(&self) -> bool {
        self.events.as_ref().is_some_and(Vec::is_empty)
    }

    fn can_be_searched(&self) -> bool {
        !self.failed
            && self
                .events
                .as_ref()
                .is_some_and(|events| !events.is_empty())
    }

    fn page(&self) -> &'static str {
        if self.failed {
            "problem"
        } else if self.events.is_none() {
            "reading"
        } else if self.is_empty() {
            "empty"
        } else if self.found == 0 {
            "nothing"
        } else {
            "events"
        }
    }

    fn nothing_means(&self) -> String {
        if self.search.host_commands && self.search.text.trim().is_empty() {
            gettext("No pet has run a command on this computer recently.")
        } else {
            gettext("No recent event has all these words.")
        }
    }
}

/// Escape: first the search goes, then the dialog.
fn clear_or_close(entry: &gtk::SearchEntry, dialog: &adw::Dialog) {
    if entry.text().is_empty() {
        dialog.close();
    } else {
        entry.set_text("");
    }
}
