//! The sidebar: the list of pets, and below it the pets that are being made.

mod job_row;
mod pet_row;

use gettextrs::gettext;
use kennel_model::{PetId, PetSummary, Progress};
use relm4::adw::prelude::*;
use relm4::factory::FactoryVecDeque;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::app::actions;
use crate::engine::Now;
use job_row::{CancelPressed, JobRow};
use pet_row::PetRow;

/// The sidebar.
#[derive(Debug)]
pub struct Sidebar {
    pets: FactoryVecDeque<PetRow>,
    jobs: FactoryVecDeque<JobRow>,
}

/// What the sidebar is told.
#[derive(Debug)]
pub enum SidebarInput {
    /// The pets as they are now.
    Pets(Vec<(PetSummary, Now)>),
    /// Mark this pet as the one whose page is shown.
    Mark(PetId),
    /// The person chose the nth row.
    Activated(i32),
    /// A job that makes a pet of this name began.
    JobBegan(u32, String),
    /// It got further.
    JobProgress(u32, Progress),
    /// The person pressed its Cancel button.
    CancelJob(u32),
    /// It ended.
    JobEnded(u32),
    /// All of them ended, with the engine.
    JobsLost,
}

/// What the person wants.
#[derive(Debug)]
pub enum SidebarOutput {
    /// To see this pet.
    Chosen(PetId),
    /// A new pet.
    NewPet,
    /// An end of this job.
    Cancel(u32),
}

#[relm4::component(pub)]
impl SimpleComponent for Sidebar {
    type Init = ();
    type Input = SidebarInput;
    type Output = SidebarOutput;

    view! {
        #[root]
        adw::NavigationPage {
            set_title: "Kennel",
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_start = &gtk::Button {
                        set_icon_name: "list-add-symbolic",
                        set_tooltip_text: Some(&gettext("New Pet")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("New Pet"))],
                        connect_clicked[sender] => move |_| {
                            let _ = sender.output(SidebarOutput::NewPet);
                        },
                    },
                    pack_end: &actions::menu_button(),
                },
                #[wrap(Some)]
                set_content = &gtk::ScrolledWindow {
                    set_hscrollbar_policy: gtk::PolicyType::Never,
                    #[local_ref]
                    pet_list -> gtk::ListBox {
                        add_css_class: "navigation-sidebar",
                        update_property: &[gtk::accessible::Property::Label(&gettext("Pets"))],
                        connect_row_activated[sender] => move |_, row| {
                            sender.input(SidebarInput::Activated(row.index()));
                        },
                    },
                },
                #[local_ref]
                add_bottom_bar = job_list -> gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            pets: FactoryVecDeque::builder()
                .launch(gtk::ListBox::default())
                .detach(),
            jobs: FactoryVecDeque::builder()
                .launch(gtk::Box::default())
                .forward(sender.input_sender(), |CancelPressed(job)| {
                    SidebarInput::CancelJob(job)
                }),
        };
        let pet_list = model.pets.widget();
        let job_list = model.jobs.widget();
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: SidebarInput, sender: ComponentSender<Self>) {
        match message {
            SidebarInput::Pets(pets) => self.show(pets),
            SidebarInput::Mark(id) => self.mark(&id),
            SidebarInput::Activated(index) => {
                let row = usize::try_from(index)
                    .ok()
                    .and_then(|index| self.pets.get(index));
                if let Some(row) = row {
                    let _ = sender.output(SidebarOutput::Chosen(row.pet.id.clone()));
                }
            }
            SidebarInput::JobBegan(job, name) => {
                self.jobs.guard().push_back((job, name));
            }
            SidebarInput::JobProgress(job, progress) => {
                self.change_job(job, |row| row.advance(&progress));
            }
            SidebarInput::CancelJob(job) => {
                self.change_job(job, JobRow::cancel);
                let _ = sender.output(SidebarOutput::Cancel(job));
            }
            SidebarInput::JobEnded(job) => {
                let mut jobs = self.jobs.guard();
                let index = jobs.iter().position(|row| row.job == job);
                if let Some(index) = index {
                    jobs.remove(index);
                }
            }
            SidebarInput::JobsLost => self.jobs.guard().clear(),
        }
    }
}

impl Sidebar {
    /// Shows the pets, keeping the rows (and with them the focus) where the same pets are listed.
    fn show(&mut self, pets: Vec<(PetSummary, Now)>) {
        let mut rows = self.pets.guard();
        let listed = rows.iter().map(|row| &row.pet.id);
        if listed.eq(pets.iter().map(|(pet, _)| &pet.id)) {
            for (index, (pet, now)) in pets.into_iter().enumerate() {
                if let Some(row) = rows.get_mut(index) {
                    *row = PetRow { pet, now };
                }
            }
        } else {
            rows.clear();
            for pet in pets {
                rows.push_back(pet);
            }
        }
    }

    fn mark(&self, id: &PetId) {
        let index = self.pets.iter().position(|row| row.pet.id == *id);
        let list = self.pets.widget();
        list.select_row(
            index
                .and_then(|index| list.row_at_index(index as i32))
                .as_ref(),
        );
    }

    fn change_job(&mut self, job: u32, change: impl FnOnce(&mut JobRow)) {
        let mut jobs = self.jobs.guard();
        let index = jobs.iter().position(|row| row.job == job);
        if let Some(row) = index.and_then(|index| jobs.get_mut(index)) {
            change(row);
        }
    }
}
