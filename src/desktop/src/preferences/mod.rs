//! The Preferences dialog: whose images are taken without a question, [`alerts`], and the [`command_line`]. The engine reads
//! and writes the person's config.toml; what their company decided about images is shown and cannot
//! be changed.

mod alerts;
mod command_line;

use gettextrs::gettext;
use kennel_model::{Scope, TrustList, UserError};
use relm4::adw::prelude::*;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller,
    RelmWidgetExt as _, adw, gtk,
};

use alerts::AlertsPage;
use command_line::CommandLinePage;

use crate::engine::Engine;
use crate::error;
use crate::problem;
use crate::remove_button::remove_button;
use crate::words::gettext_f;
use crate::wrapping_button;

/// The dialog.
#[derive(Debug)]
pub struct Preferences {
    engine: Engine,
    list: TrustList,
    /// The engine has said it; until then nothing of it can be changed.
    known: bool,
    problem: problem::Group,
    typed: String,
    own: Rows,
    company: Rows,
    /// Its page is the dialog's; it lives as long.
    _alerts: Controller<AlertsPage>,
    _command_line: Controller<CommandLinePage>,
}

/// A group whose rows come and go.
#[derive(Debug, Default)]
struct Rows {
    group: adw::PreferencesGroup,
    rows: Vec<adw::ActionRow>,
}

/// What the person wants.
#[derive(Debug)]
pub enum PreferencesInput {
    /// They typed this.
    Typed(String),
    /// Trust what was typed.
    Add,
    /// Trust this no more.
    Remove(Scope),
    /// Refuse what is not trusted, or ask.
    Only(bool),
    /// The list read again.
    Read,
}

#[relm4::component(pub)]
impl Component for Preferences {
    type Init = Engine;
    type Input = PreferencesInput;
    type Output = ();
    type CommandOutput = Result<TrustList, UserError>;

    view! {
        #[root]
        adw::PreferencesDialog {
            set_title: &gettext("Preferences"),
            add = &adw::PreferencesPage {
                set_title: &gettext("Images"),
                set_icon_name: Some("folder-download-symbolic"),
                add: problem,
                #[local_ref]
                add = own -> adw::PreferencesGroup {
                    set_title: &gettext("Trusted Sources"),
                    set_description: Some(&gettext(
                        "Images from these registries and namespaces are downloaded without asking. Anyone can publish on large registries: trust only a namespace there.",
                    )),
                },
                add = &adw::PreferencesGroup {
                    #[watch]
                    set_sensitive: model.known,
                    #[local_ref]
                    add = entry -> adw::EntryRow {
                        set_title: &gettext("Add Source"),
                        set_input_hints: gtk::InputHints::NO_SPELLCHECK | gtk::InputHints::LOWERCASE,
                        #[watch]
                        set_class_active: ("error", model.problem().is_some()),
                        connect_changed[sender] => move |row| {
                            sender.input(PreferencesInput::Typed(row.text().into()));
                        },
                        connect_entry_activated => PreferencesInput::Add,
                        add_suffix = &wrapping_button::new() -> gtk::Button {
                            set_label: &gettext("Add"),
                            set_valign: gtk::Align::Center,
                            #[watch]
                            set_sensitive: model.typed.trim().parse::<Scope>().is_ok(),
                            connect_clicked => PreferencesInput::Add,
                        },
                    },
                    problem::reason() -> gtk::Label {
                        #[watch]
                        set_visible: model.problem().is_some(),
                        #[watch]
                        set_label: &model.problem().unwrap_or_default(),
                    },
                },
                add = &adw::PreferencesGroup {
                    adw::SwitchRow {
                        set_title: &gettext("Only Trusted Sources"),
                        #[watch]
                        set_subtitle: &model.only_means(),
                        #[watch]
                        set_sensitive: model.known && !model.list.company.only,
                        #[watch]
                        #[block_signal(switched)]
                        set_active: model.list.own.only || model.list.company.only,
                        connect_active_notify[sender] => move |row| {
                            sender.input(PreferencesInput::Only(row.is_active()));
                        } @switched,
                    },
                },
                #[local_ref]
                add = company -> adw::PreferencesGroup {
                    set_title: &gettext("Your Company’s Trusted Sources"),
                    set_description: Some(&gettext("Set for this computer. They cannot be changed here.")),
                    #[watch]
                    set_visible: !model.list.company.registries.is_empty(),
                },
            },
            #[local_ref]
            add = alerts -> adw::PreferencesPage {},
            #[local_ref]
            add = command_line -> adw::PreferencesPage {},
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let alerts_page = AlertsPage::builder().launch(engine.clone()).detach();
        let alerts = &alerts_page.widget().clone();
        let command_line_page = CommandLinePage::builder().launch(engine.clone()).detach();
        let command_line = &command_line_page.widget().clone();
        let again = sender.input_sender().clone();
        let again = move || again.emit(PreferencesInput::Read);
        let model = Self {
            engine,
            known: false,
            problem: problem::Group::new(&gettext("The Trusted Sources Cannot Be Shown"), again),
            _alerts: alerts_page,
            _command_line: command_line_page,
            list: TrustList::default(),
            typed: String::new(),
            own: Rows::default(),
            company: Rows::default(),
        };
        let (own, company) = (&model.own.group.clone(), &model.company.group.clone());
        let entry = &adw::EntryRow::new();
        let problem = &model.problem.group.clone();
        let widgets = view_output!();
        sender.input(PreferencesInput::Read);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: PreferencesInput,
        sender: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        let engine = self.engine.clone();
        match message {
            PreferencesInput::Typed(text) => self.typed = text,
            PreferencesInput::Add => {
                if let Ok(scope) = self.typed.trim().parse::<Scope>() {
                    sender.oneshot_command(async move { engine.trust(&scope).await });
                }
            }
            PreferencesInput::Remove(scope) => {
                sender.oneshot_command(async move { engine.distrust(&scope).await });
            }
            PreferencesInput::Read => {
                sender.oneshot_command(async move { engine.trusted().await });
            }
            PreferencesInput::Only(only) => {
                sender.oneshot_command(async move { engine.trust_only(only).await });
            }
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        answer: Self::CommandOutput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match answer {
            Ok(list) => {
                // What is listed need no longer stand in the entry; what was refused need not be
                // typed again.
                let typed = self.typed.trim().parse::<Scope>();
                if typed.is_ok_and(|scope| list.own.registries.contains(&scope)) {
                    widgets.entry.set_text("");
                }
                self.own.fill(&list.own.registries, Some(&sender));
                self.company.fill(&list.company.registries, None);
                self.list = list;
                self.known = true;
                self.problem.say(None);
            }
            // The rows show what holds still.
            Err(problem) if self.known => error::show(root, &problem),
            Err(problem) => self.problem.say(Some(&problem)),
        }
        self.update_view(widgets, sender);
    }
}

impl Preferences {
    /// Why what was typed is no source.
    fn problem(&self) -> Option<String> {
        let text = self.typed.trim();
        let refused = !text.is_empty() && text.parse::<Scope>().is_err();
        refused.then(|| {
            gettext("Enter a registry, registry/namespace or *.domain, such as quay.io/team.")
        })
    }

    fn only_means(&self) -> String {
        if self.list.company.only {
            gettext("Your company allows only its own sources")
        } else {
            gettext(
                "Other images are refused without asking, even those in the catalog, unless their source is listed",
            )
        }
    }
}

impl Rows {
    /// One row a source; with a sender each can be removed.
    fn fill(&mut self, scopes: &[Scope], sender: Option<&ComponentSender<Preferences>>) {
        for row in self.rows.drain(..) {
            self.group.remove(&row);
        }
        self.rows = scopes.iter().map(|scope| row(scope, sender)).collect();
        for row in &self.rows {
            self.group.add(row);
        }
    }
}

fn row(scope: &Scope, sender: Option<&ComponentSender<Preferences>>) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(scope.as_str())
        .build();
    if let Some(sender) = sender {
        let label = gettext_f("Remove {source}", &[("source", scope.as_str())]);
        let (sender, scope) = (sender.clone(), scope.clone());
        let remove = move || sender.input(PreferencesInput::Remove(scope.clone()));
        row.add_suffix(&remove_button(&label, remove));
    }
    row
}
