//! What holds the pet: a row on the overview that sums it up, and a page behind it with every line.

mod line;
mod page;

use std::time::Duration;

use gettextrs::gettext;
use kennel_model::{PetId, PetState, PetSummary, Rating, SecurityReport, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::{self, Engine};
use crate::error;
use crate::words::ngettext_f;
use page::Page;

/// How often the page reads anew while it is seen: a switch of SELinux shows within that.
const INTERVAL: Duration = Duration::from_millis(1500);

/// The row, and the page behind it.
#[derive(Debug)]
pub struct Security {
    engine: Option<Engine>,
    id: PetId,
    state: PetState,
    report: Option<SecurityReport>,
    /// Why the last reading failed.
    problem: Option<UserError>,
    asking: bool,
    /// Something may have changed since the question was asked.
    stale: bool,
    /// Made when it is opened first.
    page: Option<Page>,
    timer: Option<glib::SourceId>,
}

/// What it is told.
#[derive(Debug)]
pub enum SecurityInput {
    /// The pet as it is now.
    Pet(Box<PetSummary>),
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// Read what holds the pet.
    Read,
    /// Show the page.
    Open,
    /// The page is seen, or no longer.
    Seen(bool),
    /// Go to the pet's settings.
    Settings,
}

/// What the person wants.
#[derive(Debug)]
pub enum SecurityOutput {
    /// To change what the pet can reach.
    Settings,
}

#[relm4::component(pub)]
impl Component for Security {
    type Init = (Engine, PetSummary);
    type Input = SecurityInput;
    type Output = SecurityOutput;
    type CommandOutput = Result<SecurityReport, UserError>;

    view! {
        #[root]
        adw::PreferencesGroup {
            connect_map => SecurityInput::Read,
            adw::ActionRow {
                set_title: &gettext("Security"),
                #[watch]
                set_subtitle: &model.summary(),
                set_activatable: true,
                connect_activated => SecurityInput::Open,
                add_prefix = &gtk::Image {
                    // The subtitle says it in words.
                    set_accessible_role: gtk::AccessibleRole::Presentation,
                    #[watch]
                    set_icon_name: Some(line::icon(model.worst())),
                    #[watch]
                    set_css_classes: &[line::class(model.worst())],
                },
                add_suffix = &gtk::Image {
                    set_icon_name: Some("go-next-symbolic"),
                    set_accessible_role: gtk::AccessibleRole::Presentation,
                },
            },
        }
    }

    fn init(
        (engine, pet): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine: Some(engine),
            id: pet.id,
            state: pet.state,
            report: None,
            problem: None,
            asking: false,
            stale: false,
            page: None,
            timer: None,
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: SecurityInput, sender: ComponentSender<Self>, root: &Self::Root) {
        match message {
            SecurityInput::Pet(pet) => {
                self.state = pet.state;
                if self.is_seen(root) {
                    self.read(&sender);
                }
            }
            SecurityInput::Engine(engine) => {
                self.engine = engine;
                if self.engine.is_none() {
                    self.fail(engine::gone());
                } else if self.is_seen(root) {
                    self.read(&sender);
                }
            }
            SecurityInput::Read => self.read(&sender),
            SecurityInput::Open => {
                if let Some(pages) = pages(root) {
                    pages.push(&self.page(&sender).page);
                }
            }
            SecurityInput::Seen(seen) => self.keep_reading(seen, &sender),
            SecurityInput::Settings => {
                if let Some(pages) = pages(root) {
                    pages.pop();
                }
                let _ = sender.output(SecurityOutput::Settings);
            }
        }
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        sender: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        self.asking = false;
        if std::mem::take(&mut self.stale) {
            self.read(&sender);
        }
        match answer {
            Ok(report) => {
                self.problem = None;
                // Rows that say the same stay: the keyboard and what is unfolded are on them.
                if self.report.as_ref() != Some(&report) {
                    if let Some(page) = &mut self.page {
                        page.show(&report, &sender);
                    }
                    self.report = Some(report);
                }
            }
            Err(problem) => self.fail(problem),
        }
    }

    fn shutdown(&mut self, _: &mut Self::Widgets, _: relm4::Sender<Self::Output>) {
        if let Some(timer) = self.timer.take() {
            timer.remove();
        }
    }
}

impl Security {
    fn is_seen(&self, root: &adw::PreferencesGroup) -> bool {
        let page = self.page.as_ref();
        root.is_mapped() || page.is_some_and(|page| page.page.is_mapped())
    }

    /// The page, with what is known.
    fn page(&mut self, sender: &ComponentSender<Self>) -> &Page {
        let (report, problem) = (&self.report, &self.problem);
        self.page.get_or_insert_with(|| {
            let mut page = Page::new(sender);
            match (report, problem) {
                (Some(report), _) => page.show(report, sender),
                (None, Some(problem)) => page.fail(problem),
                (None, None) => {}
            }
            page
        })
    }

    /// Nothing is said to hold that was not read.
    fn fail(&mut self, problem: UserError) {
        if let Some(page) = &mut self.page {
            page.fail(&problem);
        }
        self.report = None;
        self.problem = Some(problem);
    }

    /// One question at a time.
    fn read(&mut self, sender: &ComponentSender<Self>) {
        if self.asking {
            self.stale = true;
        } else if let Some(engine) = self.engine.clone() {
            self.asking = true;
            let id = self.id.clone();
            sender.oneshot_command(async move { engine.status(&id).await });
        }
    }

    /// Reads now and then while the page is seen, never when it is not.
    fn keep_reading(&mut self, seen: bool, sender: &ComponentSender<Self>) {
        if let Some(timer) = self.timer.take() {
            timer.remove();
        }
        if seen {
            self.read(sender);
            let sender = sender.clone();
            self.timer = Some(glib::timeout_add_local(INTERVAL, move || {
                sender.input(SecurityInput::Read);
                glib::ControlFlow::Continue
            }));
        }
    }

    fn worst(&self) -> Rating {
        self.report
            .as_ref()
            .map_or(Rating::Note, SecurityReport::worst)
    }

    fn summary(&self) -> String {
        match (&self.report, &self.problem) {
            (Some(report), _) => summary(report),
            (None, Some(problem)) => error::what(problem),
            (None, None) => gettext("What holds it, and what it can reach"),
        }
    }
}

/// The pages that the overview is the first of.
fn pages(root: &adw::PreferencesGroup) -> Option<adw::NavigationView> {
    root.ancestor(adw::NavigationView::static_type())
        .and_downcast()
}

/// “Held well · 2 notes”, or what there is to worry about.
fn summary(report: &SecurityReport) -> String {
    let count = |rating| report.count(rating) as u64;
    let (risks, notes) = (count(Rating::Risk), count(Rating::Note));
    let mut words = Vec::new();
    if risks == 0 {
        words.push(gettext("Held well"));
    } else {
        words.push(ngettext_f("{n} risk", "{n} risks", risks));
    }
    if notes > 0 {
        words.push(ngettext_f("{n} note", "{n} notes", notes));
    }
    words.join(" · ")
}
