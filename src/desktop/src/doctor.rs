//! The This Computer dialog: what it lacks for pets, what follows, and the commands that mend it.

use gettextrs::gettext;
use kennel_model::{Check, Finding, Health, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::command_row;
use crate::engine::Engine;
use crate::problem;
use crate::{error, phrase};

/// The dialog.
#[derive(Debug)]
pub struct Doctor {
    engine: Engine,
    /// It is being looked at.
    looking: bool,
    /// What was found the last time.
    findings: Option<Vec<Finding>>,
    groups: Vec<adw::PreferencesGroup>,
    /// The rows that can be opened.
    rows: Vec<(Check, adw::ExpanderRow)>,
    page: adw::PreferencesPage,
    /// What there is instead, when it could not be looked at even once.
    problem: problem::Page,
    failed: bool,
    toasts: adw::ToastOverlay,
}

/// What the dialog is told.
#[derive(Debug)]
pub enum DoctorInput {
    /// Look again.
    Look,
}

#[relm4::component(pub)]
impl Component for Doctor {
    type Init = Engine;
    type Input = DoctorInput;
    type Output = ();
    type CommandOutput = Result<Vec<Finding>, UserError>;

    view! {
        #[root]
        adw::Dialog {
            set_title: &gettext("This Computer"),
            set_content_width: 560,
            set_content_height: 640,
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_start = &gtk::Button {
                        set_icon_name: "view-refresh-symbolic",
                        set_tooltip_text: Some(&gettext("Check Again")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Check Again"))],
                        #[watch]
                        set_sensitive: !model.looking,
                        connect_clicked => DoctorInput::Look,
                    },
                },
                #[local_ref]
                toasts -> adw::ToastOverlay {
                    #[wrap(Some)]
                    set_child = &gtk::Stack {
                        add_named[Some("looking")] = &adw::StatusPage {
                            set_title: &gettext("Checking This Computer"),
                            #[wrap(Some)]
                            set_child = &adw::Spinner {
                                set_height_request: 32,
                            },
                        },
                        #[local_ref]
                        add_named[Some("found")] = page -> adw::PreferencesPage {
                            #[watch]
                            set_description: &model.verdict(),
                        },
                        #[local_ref]
                        add_named[Some("problem")] = problem -> adw::StatusPage {},
                        #[watch]
                        set_visible_child_name: model.shown(),
                    },
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
        let again = move || again.emit(DoctorInput::Look);
        let model = Self {
            engine,
            problem: problem::Page::new(&gettext("This Computer Could Not Be Looked At"), again),
            failed: false,
            looking: true,
            findings: None,
            groups: Vec::new(),
            rows: Vec::new(),
            page: adw::PreferencesPage::new(),
            toasts: adw::ToastOverlay::new(),
        };
        let (page, toasts) = (&model.page.clone(), &model.toasts.clone());
        let problem = &model.problem.page.clone();
        let widgets = view_output!();
        model.look(&sender);
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: DoctorInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            DoctorInput::Look => {
                self.looking = true;
                self.look(&sender);
            }
        }
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        _: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        self.looking = false;
        self.failed = answer.is_err();
        match answer {
            Ok(findings) => self.show(findings),
            // What was found before stays.
            Err(problem) if self.findings.is_some() => error::show(root, &problem),
            Err(problem) => self.problem.say(&problem),
        }
    }
}

impl Doctor {
    fn look(&self, sender: &ComponentSender<Self>) {
        let engine = self.engine.clone();
        sender.oneshot_command(async move { engine.doctor().await });
    }

    fn shown(&self) -> &'static str {
        if self.findings.is_some() {
            "found"
        } else if self.failed && !self.looking {
            "problem"
        } else {
            "looking"
        }
    }

    fn verdict(&self) -> String {
        let worst = self.findings.iter().flatten().map(|one| one.health).min();
        match worst {
            Some(Health::Missing) => {
                gettext("Pets cannot start here until what is missing is fixed.")
            }
            Some(Health::Degraded) => {
                gettext("Pets work here. What is listed first does not work, or not fully.")
            }
            Some(Health::Found) => gettext("This computer has everything that pets need."),
            None => String::new(),
        }
    }

    /// A group for what is amiss, a row for each; one group for what is as it should be.
    /// What the person has opened stays open.
    fn show(&mut self, findings: Vec<Finding>) {
        let opened = self.rows.drain(..).filter(|(_, row)| row.is_expanded());
        let opened: Vec<Check> = opened.map(|(check, _)| check).collect();
        for group in self.groups.drain(..) {
            self.page.remove(&group);
        }
        for health in [Health::Missing, Health::Degraded, Health::Found] {
            let these: Vec<&Finding> = findings.iter().filter(|one| one.health == health).collect();
            if these.is_empty() {
                continue;
            }
            let group = adw::PreferencesGroup::builder()
                .title(title(health))
                .build();
            for finding in these {
                let row = row(finding, &self.toasts);
                group.add(&row);
                if let Ok(row) = row.downcast::<adw::ExpanderRow>() {
                    row.set_expanded(row.is_expanded() || opened.contains(&finding.check));
                    self.rows.push((finding.check, row));
                }
            }
            self.page.add(&group);
            self.groups.push(group);
        }
        self.findings = Some(findings);
    }
}

fn title(health: Health) -> String {
    match health {
        Health::Missing => gettext("Missing"),
        Health::Degraded => gettext("Could Be Better"),
        Health::Found => gettext("As It Should Be"),
    }
}

/// Shape and colour of a finding's mark.
fn mark(health: Health) -> (&'static str, &'static str) {
    match health {
        Health::Missing => ("dialog-error-symbolic", "error"),
        Health::Degraded => ("dialog-warning-symbolic", "warning"),
        Health::Found => ("object-select-symbolic", "success"),
    }
}

fn row(finding: &Finding, toasts: &adw::ToastOverlay) -> adw::PreferencesRow {
    let (icon, class) = mark(finding.health);
    let image = gtk::Image::builder()
        .icon_name(icon)
        .css_classes([class])
        .build();
    image.update_property(&[gtk::accessible::Property::Label(&title(finding.health))]);
    let consequence = finding.consequence.as_ref().map(phrase::said);
    let consequence = consequence.unwrap_or_default();
    let said = format!("{} {consequence}", phrase::sentence(&finding.found));
    let Some(advice) = &finding.advice else {
        let row = adw::ActionRow::builder()
            .use_markup(false)
            .title(name(finding.check))
            .subtitle(said.trim_end())
            .build();
        row.add_prefix(&image);
        return row.upcast();
    };
    let row = adw::ExpanderRow::builder()
        .use_markup(false)
        .title(name(finding.check))
        .subtitle(said)
        .expanded(finding.health == Health::Missing)
        .build();
    row.add_prefix(&image);
    row.add_row(&command_row::new(
        &phrase::said(advice),
        &finding.commands,
        toasts,
    ));
    row.upcast()
}

/// The check's name in the person's language.
fn name(check: Check) -> String {
    match check {
        Check::Kernel => gettext("Kernel"),
        Check::UserNamespaces => gettext("User Namespaces"),
        Check::SubordinateIds => gettext("Subordinate IDs"),
        Check::Overlay => gettext("Overlay File Systems"),
        Check::ControlGroups => gettext("Control Groups"),
        Check::Selinux => "SELinux".to_owned(),
        Check::Apparmor => "AppArmor".to_owned(),
        Check::DiskSpace => gettext("Disk Space"),
        Check::Reflink => gettext("Copies That Share Blocks"),
        Check::PrivateNetwork => gettext("Private Networks"),
        Check::SessionBus => gettext("Session Bus"),
        Check::Portals => gettext("Portals"),
        Check::Terminal => gettext("Terminal"),
        Check::FlatpakBridge => "Flatpak".to_owned(),
    }
}
