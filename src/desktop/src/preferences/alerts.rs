//! The page about alerts: when the person is told about their pets.

use gettextrs::gettext;
use kennel_model::{AlertDefaults, AlertSettings, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw};

use crate::engine::Engine;
use crate::error;
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
}

/// What the person changed: the one thing that is set.
#[derive(Debug)]
pub struct Changed(AlertSettings);

#[relm4::component(pub)]
impl Component for AlertsPage {
    type Init = Engine;
    type Input = Changed;
    type Output = ();
    type CommandOutput = Result<AlertDefaults, UserError>;

    view! {
        #[root]
        adw::PreferencesPage {
            set_title: &gettext("Alerts"),
            set_icon_name: Some("dialog-warning-symbolic"),
            #[watch]
            set_sensitive: model.known.is_some(),
            adw::PreferencesGroup {
                adw::SwitchRow {
                    set_title: &gettext("Alerts"),
                    set_subtitle: &gettext("When a pet uses up the processor, its memory or the disk, or ends by itself, even while this window is closed"),
                    #[watch]
                    #[block_signal(switched)]
                    set_active: model.is_on(),
                    connect_active_notify[sender] => move |row| {
                        sender.input(Changed(AlertSettings {
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
                set_sensitive: model.is_on(),
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
        let model = Self {
            engine,
            own: AlertSettings::default(),
            known: None,
            asking: true,
            waiting: false,
            thresholds: Thresholds::add_to(group, move |change| changes.emit(Changed(change))),
        };
        let widgets = view_output!();
        let engine = model.engine.clone();
        sender.oneshot_command(async move { engine.alert_defaults().await });
        ComponentParts { model, widgets }
    }

    fn update(&mut self, Changed(change): Changed, sender: ComponentSender<Self>, _: &Self::Root) {
        self.own = self.own.with(change);
        self.waiting = true;
        self.ask(&sender);
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
            }
            Err(problem) => {
                self.waiting = false;
                error::show(root, &problem);
                // The rows show what holds still.
                if let Some(known) = self.known {
                    self.own = known.own;
                    self.thresholds.show(known.thresholds);
                }
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
