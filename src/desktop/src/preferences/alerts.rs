//! The page about alerts: when the person is told about their pets.

use gettextrs::gettext;
use kennel_model::{AlertDefaults, AlertSettings, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw};

use crate::engine::Engine;
use crate::error;
use crate::problem;
use crate::thresholds::Thresholds;

/// The page. One question to the engine at a time, so that an old answer never follows a newer one.
#[derive(Debug)]
pub struct AlertsPage {
    engine: Engine,
    own: AlertSettings,
    /// What holds; `None` until the engine has said it.
    known: Option<AlertDefaults>,
    asking: bool,
    /// More was changed since the question.
    waiting: bool,
    thresholds: Thresholds,
    problem: problem::Group,
}

/// What the person wants.
#[derive(Debug)]
pub enum AlertsInput {
    /// This, the one thing that is set, otherwise.
    Change(AlertSettings),
    /// The page read again.
    Read,
}

#[relm4::component(pub)]
impl Component for AlertsPage {
    type Init = Engine;
    type Input = AlertsInput;
    type Output = ();
    type CommandOutput = Result<AlertDefaults, UserError>;

    view! {
        #[root]
        adw::PreferencesPage {
            set_title: &gettext("Alerts"),
            set_icon_name: Some("dialog-warning-symbolic"),
            add: problem,
            adw::PreferencesGroup {
                #[watch]
                set_sensitive: model.known.is_some(),
                adw::SwitchRow {
                    set_title: &gettext("Alerts"),
                    set_subtitle: &gettext("When a pet uses up the processor, its memory or the disk, or ends by itself, even while this window is closed"),
                    #[watch]
                    #[block_signal(switched)]
                    set_active: model.is_on(),
                    connect_active_notify[sender] => move |row| {
                        sender.input(AlertsInput::Change(AlertSettings {
                            enabled: Some(row.is_active()),
                            ..AlertSettings::default()
                        }));
                    } @switched,
                },
            },
            #[local_ref]
            group -> adw::PreferencesGroup {
                set_title: &gettext("When to Alert"),
                set_description: Some(&gettext("Each pet’s settings can override this.")),
                #[watch]
                set_sensitive: model.known.is_some() && model.is_on(),
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let group = &adw::PreferencesGroup::new();
        let changes = sender.input_sender().clone();
        let again = changes.clone();
        let model = Self {
            engine,
            own: AlertSettings::default(),
            known: None,
            asking: false,
            waiting: false,
            thresholds: Thresholds::add_to(group, move |change| {
                changes.emit(AlertsInput::Change(change));
            }),
            problem: problem::Group::new(&gettext("The Alerts Cannot Be Shown"), move || {
                again.emit(AlertsInput::Read);
            }),
        };
        let problem = &model.problem.group.clone();
        let widgets = view_output!();
        sender.input(AlertsInput::Read);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: AlertsInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            AlertsInput::Change(change) => {
                self.own = self.own.with(change);
                self.waiting = true;
                self.ask(&sender);
            }
            AlertsInput::Read if self.asking => {}
            AlertsInput::Read => {
                self.asking = true;
                let engine = self.engine.clone();
                sender.oneshot_command(async move { engine.alert_defaults().await });
            }
        }
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        self.asking = false;
        match answer {
            Ok(_) if self.waiting => {}
            Ok(defaults) => {
                self.own = defaults.own;
                self.thresholds.show(defaults.thresholds);
                self.known = Some(defaults);
                self.problem.say(None);
            }
            Err(problem) => {
                self.waiting = false;
                let Some(known) = self.known else {
                    self.problem.say(Some(&problem));
                    return;
                };
                error::show(root, &problem);
                // The rows show what holds still.
                self.own = known.own;
                self.thresholds.show(known.thresholds);
            }
        }
        self.ask(&sender);
    }
}

impl AlertsPage {
    fn ask(&mut self, sender: &ComponentSender<Self>) {
        if !self.asking && std::mem::take(&mut self.waiting) {
            self.asking = true;
            let (engine, settings) = (self.engine.clone(), self.own);
            sender.oneshot_command(async move { engine.set_alerts(&settings).await });
        }
    }

    fn is_on(&self) -> bool {
        let known = self.known.unwrap_or_default().thresholds.enabled;
        self.own.enabled.unwrap_or(known)
    }
}
