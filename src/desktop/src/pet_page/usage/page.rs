//! The page of a pet's usage.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use gettextrs::gettext;
use kennel_model::{PetDisk, PetId, PetProcess, PetProcesses, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib::format_size;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use super::graphs::Graphs;
use super::processes::Processes;
use crate::usage::{Feed, Known};
use crate::words::gettext_f;

/// How long the place on the disk is believed: it takes a walk over all its directories.
const DISK_AGE: Duration = Duration::from_secs(60);

/// The page.
#[derive(Debug)]
pub struct UsagePage {
    feed: Feed,
    pet: PetId,
    known: Known,
    graphs: Graphs,
    processes: Processes,
    /// The processes are being read.
    reading: bool,
    /// What was asked to end already, by pid and start time.
    asked: HashSet<(i32, u64)>,
    disk: adw::ActionRow,
    measured: Option<Instant>,
}

/// What the page is told.
#[derive(Debug)]
pub enum UsagePageInput {
    /// Pets were looked at again.
    Sampled,
    /// The person wants this process to end.
    AskEnd(PetProcess),
    /// And is sure; at once or not.
    End(PetProcess, bool),
}

/// What the engine answered.
#[derive(Debug)]
pub enum UsageAnswer {
    /// These processes run.
    Processes(Result<PetProcesses, UserError>),
    /// The process was told to end.
    Ended(Result<(), UserError>),
    /// It takes so much of the disk.
    Disk(Result<PetDisk, UserError>),
}

#[relm4::component(pub)]
impl Component for UsagePage {
    type Init = (Feed, PetId);
    type Input = UsagePageInput;
    type Output = UserError;
    type CommandOutput = UsageAnswer;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: &gettext("Usage"),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {},
                gtk::Stack {
                    #[local_ref]
                    add_named[Some("usage")] = page -> adw::PreferencesPage {},
                    add_named[Some("stopped")] = &adw::StatusPage {
                        set_icon_name: Some("media-playback-stop-symbolic"),
                        set_title: &gettext("Not Running"),
                        set_description: Some(&gettext("A stopped pet uses nothing but disk space.")),
                    },
                    add_named[Some("unknown")] = &adw::StatusPage {
                        set_icon_name: Some("dialog-warning-symbolic"),
                        set_title: &gettext("Usage Is Not Known"),
                        set_description: Some(&gettext("The engine, which looks at it, does not run.")),
                    },
                    #[watch]
                    set_visible_child_name: match model.known {
                        Known::Nothing => "unknown",
                        Known::Stopped => "stopped",
                        Known::NotYet | Known::Runs => "usage",
                    },
                },
            },
        }
    }

    fn init(
        (feed, pet): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let ask = sender.input_sender().clone();
        let disk = adw::ActionRow::builder()
            .title(gettext("On the Disk"))
            .subtitle(gettext("Measuring"))
            .build();
        let model = Self {
            known: Known::NotYet,
            graphs: Graphs::new(),
            processes: Processes::new(move |process| ask.emit(UsagePageInput::AskEnd(process))),
            reading: false,
            asked: HashSet::new(),
            disk,
            measured: None,
            feed,
            pet,
        };
        let place = adw::PreferencesGroup::new();
        place.add(&model.disk);
        let page = &adw::PreferencesPage::new();
        page.add(&model.graphs.group);
        page.add(&model.processes.group);
        page.add(&place);
        let widgets = view_output!();
        let sampled = sender.input_sender().clone();
        // Nobody hears of it once the page is gone.
        model
            .feed
            .attach(&root, move || drop(sampled.send(UsagePageInput::Sampled)));
        ComponentParts { model, widgets }
    }

    fn update(
        &mut self,
        message: UsagePageInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match message {
            UsagePageInput::Sampled => {
                self.show();
                self.read(&sender);
            }
            UsagePageInput::AskEnd(process) => {
                let again = self.asked.contains(&(process.pid, process.start_time));
                ask_end(process, again, root, &sender);
            }
            UsagePageInput::End(process, force) => {
                self.asked.insert((process.pid, process.start_time));
                if let Some(engine) = self.feed.engine() {
                    let pet = self.pet.clone();
                    sender.oneshot_command(async move {
                        UsageAnswer::Ended(engine.end_process(&pet, &process, force).await)
                    });
                }
            }
        }
    }

    fn update_cmd(&mut self, answer: UsageAnswer, sender: ComponentSender<Self>, _: &Self::Root) {
        match answer {
            UsageAnswer::Processes(answer) => {
                self.reading = false;
                match answer {
                    Ok(processes) => self.processes.show(processes),
                    Err(problem) => self.processes.fail(&problem),
                }
            }
            UsageAnswer::Ended(Ok(())) => self.read(&sender),
            UsageAnswer::Ended(Err(problem)) => {
                let _ = sender.output(problem);
            }
            UsageAnswer::Disk(answer) => self.disk.set_subtitle(&match answer {
                Ok(disk) => gettext_f(
                    "{own} of its own · {free} free",
                    &[
                        ("own", &format_size(disk.own)),
                        ("free", &format_size(disk.free)),
                    ],
                ),
                Err(_) => gettext("It could not be measured"),
            }),
        }
    }
}

impl UsagePage {
    fn show(&mut self) {
        self.known = self.feed.knows(&self.pet);
        if let Some(computer) = self.feed.computer() {
            self.feed
                .read(&self.pet, |history| self.graphs.show(history, computer));
        }
    }

    /// Reads what no sample has: the processes each time, the disk now and then.
    fn read(&mut self, sender: &ComponentSender<Self>) {
        let runs = self.known == Known::Runs;
        let Some(engine) = self.feed.engine().filter(|_| runs) else {
            return;
        };
        if !std::mem::replace(&mut self.reading, true) {
            let (engine, pet) = (engine.clone(), self.pet.clone());
            sender.oneshot_command(
                async move { UsageAnswer::Processes(engine.processes(&pet).await) },
            );
        }
        if self.measured.is_none_or(|at| at.elapsed() > DISK_AGE) {
            self.measured = Some(Instant::now());
            let pet = self.pet.clone();
            sender.oneshot_command(async move { UsageAnswer::Disk(engine.disk(&pet).await) });
        }
    }
}

/// Asks before a process ends; the list may have moved under the pointer. One that was asked
/// `again` gets no time.
fn ask_end(
    process: PetProcess,
    again: bool,
    root: &adw::NavigationPage,
    sender: &ComponentSender<UsagePage>,
) {
    let (heading, body, verb) = if again {
        (
            gettext("{name} Did Not End"),
            gettext("It was asked to, but is still running. Ended at once, it saves nothing."),
            gettext("End at Once"),
        )
    } else {
        (
            gettext("End {name}?"),
            gettext("It is asked to end. What it has not saved may be lost."),
            gettext("End"),
        )
    };
    let heading = heading.replace("{name}", &process.name);
    let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
    let command = gtk::Label::builder()
        .label(&process.command)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .lines(4)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .css_classes(["caption", "monospace"])
        .build();
    dialog.set_extra_child(Some(&command));
    dialog.add_responses(&[("cancel", &gettext("_Cancel")), ("end", &verb)]);
    dialog.set_response_appearance("end", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let sender = sender.clone();
    dialog.connect_response(Some("end"), move |_, _| {
        sender.input(UsagePageInput::End(process.clone(), again));
    });
    dialog.present(Some(root));
}
