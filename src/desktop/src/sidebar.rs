//! The sidebar: the list of pets, searched and sorted, and below it the pets that are being made.

mod filter;
mod job_row;
mod order;
mod pet_row;
mod rows;

use gettextrs::gettext;
use kennel_model::{PetId, PetSummary, Progress};
use relm4::adw::prelude::*;
use relm4::factory::FactoryVecDeque;
use relm4::gtk::{gio, glib};
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::app::actions;
use crate::engine::Now;
use crate::settings;
pub use filter::finds;
use job_row::{CancelPressed, JobRow};
pub use order::Order;
#[cfg(test)]
pub use order::tests;
use pet_row::PetRow;

/// How many rows are made in one frame: a long list fills while the window is drawn already.
const AT_ONCE: usize = 12;

/// The sidebar.
#[derive(Debug)]
pub struct Sidebar {
    /// All pets, in the engine's order.
    all: Vec<(PetSummary, Now)>,
    /// Those that the search finds, as they are sorted.
    pets: FactoryVecDeque<PetRow>,
    /// More rows come with the next frame.
    filling: bool,
    search: String,
    order: Order,
    marked: Option<PetId>,
    settings: Option<gio::Settings>,
    jobs: FactoryVecDeque<JobRow>,
}

/// What the sidebar is told.
#[derive(Debug)]
pub enum SidebarInput {
    /// The pets as they are now.
    Pets(Vec<(PetSummary, Now)>),
    /// Mark this pet as the one whose page is shown.
    Mark(PetId),
    /// Make more of the rows that are missing.
    Fill,
    /// The person chose the nth row.
    Activated(i32),
    /// The person pressed Delete on a row.
    DeletePressed,
    /// Let the person search.
    Search,
    /// Give the list the keyboard.
    Focus,
    /// Show what is found by this, as if the person had typed it.
    ShowFound(String),
    /// The person searches for this.
    SearchFor(String),
    /// The person wants what the search found first.
    OpenFirst,
    /// The settings have another order.
    Sorted,
    /// A job that makes a pet of this name began.
    JobBegan(u32, String),
    /// It got further.
    JobProgress(u32, Progress),
    /// The person pressed its Cancel button.
    CancelJob(u32),
    /// It could not be cancelled.
    CancelFailed(u32),
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
    /// This pet deleted.
    Delete(PetId),
}

#[relm4::component(pub)]
impl Component for Sidebar {
    type Init = ();
    type Input = SidebarInput;
    type Output = SidebarOutput;
    type CommandOutput = ();

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
                    #[name(search_button)]
                    pack_end = &gtk::ToggleButton {
                        set_icon_name: "system-search-symbolic",
                        set_tooltip_text: Some(&gettext("Search Pets")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Search Pets"))],
                    },
                },
                #[name(search_bar)]
                add_top_bar = &gtk::SearchBar {
                    set_key_capture_widget: Some(&root),
                    connect_entry: &search_entry,
                    #[wrap(Some)]
                    #[name(search_entry)]
                    set_child = &gtk::SearchEntry {
                        set_hexpand: true,
                        set_placeholder_text: Some(&gettext("Name, image or folder")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Search Pets"))],
                        connect_search_changed[sender] => move |entry| {
                            sender.input(SidebarInput::SearchFor(entry.text().into()));
                        },
                        connect_activate => SidebarInput::OpenFirst,
                    },
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
                        set_placeholder: Some(&nothing_found()),
                        add_controller = delete_key(&sender),
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
        let settings = settings::load();
        let model = Self {
            all: Vec::new(),
            filling: false,
            search: String::new(),
            order: order(settings.as_ref()),
            marked: None,
            settings,
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
        let (bar, button) = (&widgets.search_bar, &widgets.search_button);
        let both = bar.bind_property("search-mode-enabled", button, "active");
        both.bidirectional().sync_create().build();
        if let Some(settings) = &model.settings {
            let sender = sender.clone();
            let sorted = move |_: &gio::Settings, _: &str| sender.input(SidebarInput::Sorted);
            settings.connect_changed(Some(settings::SORT), sorted);
        }
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: SidebarInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            SidebarInput::Pets(pets) => {
                self.all = pets;
                self.show(&sender);
            }
            SidebarInput::Fill => {
                self.filling = false;
                self.show(&sender);
            }
            SidebarInput::Mark(id) => {
                self.marked = Some(id);
                self.mark();
            }
            SidebarInput::Search => {
                widgets.search_bar.set_search_mode(true);
                widgets.search_entry.grab_focus();
            }
            SidebarInput::Focus => self.focus(),
            SidebarInput::ShowFound(text) => {
                widgets.search_bar.set_search_mode(true);
                widgets.search_entry.set_text(&text);
                widgets.search_entry.grab_focus();
                widgets.search_entry.set_position(-1);
            }
            SidebarInput::SearchFor(text) => {
                self.search = text;
                self.show(&sender);
            }
            SidebarInput::OpenFirst => {
                let first = self.pets.get(0).map(|row| row.pet.id.clone());
                if let Some(id) = first.filter(|_| !self.search.is_empty()) {
                    widgets.search_bar.set_search_mode(false);
                    let _ = sender.output(SidebarOutput::Chosen(id));
                }
            }
            SidebarInput::Sorted => {
                self.order = order(self.settings.as_ref());
                self.show(&sender);
            }
            SidebarInput::DeletePressed => {
                let row = self.pets.widget().selected_row();
                let row = row.and_then(|row| usize::try_from(row.index()).ok());
                if let Some(row) = row.and_then(|index| self.pets.get(index)) {
                    let _ = sender.output(SidebarOutput::Delete(row.pet.id.clone()));
                }
            }
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
            SidebarInput::CancelFailed(job) => self.change_job(job, JobRow::go_on),
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
    /// Shows the pets, keeping the rows (and with them the focus) of those that are listed already.
    fn show(&mut self, sender: &ComponentSender<Self>) {
        let found = |(pet, _): &&(PetSummary, Now)| finds(&self.search, pet);
        let mut pets: Vec<_> = self.all.iter().filter(found).cloned().collect();
        let recent = match self.order {
            Order::Recent => settings::recent(),
            _ => Vec::new(),
        };
        pets.sort_by(|(a, _), (b, _)| self.order.compare(a, b, &recent));
        let listed: Vec<PetId> = self.pets.iter().map(|row| row.pet.id.clone()).collect();
        let wanted: Vec<PetId> = pets.iter().map(|(pet, _)| pet.id.clone()).collect();
        let mut rows = self.pets.guard();
        let stays = rows::staying(&listed, &wanted);
        for index in (0..stays.len()).rev().filter(|&index| !stays[index]) {
            rows.remove(index);
        }
        let mut made = 0;
        for (index, (pet, now)) in pets.into_iter().enumerate() {
            match rows.get(index).filter(|row| row.pet.id == pet.id) {
                None if made == AT_ONCE => break,
                None => {
                    made += 1;
                    rows.insert(index, (pet, now));
                }
                Some(row) if row.pet == pet && row.now == now => {}
                Some(_) => {
                    if let Some(row) = rows.get_mut(index) {
                        *row = PetRow { pet, now };
                    }
                }
            }
        }
        let missing = rows.len() < wanted.len();
        drop(rows);
        self.mark();
        if missing && !std::mem::replace(&mut self.filling, true) {
            let sender = sender.clone();
            self.pets.widget().add_tick_callback(move |_, _| {
                sender.input(SidebarInput::Fill);
                glib::ControlFlow::Break
            });
        }
    }

    /// Selects the row of the pet whose page is shown.
    fn mark(&self) {
        let marked = |row: &PetRow| Some(&row.pet.id) == self.marked.as_ref();
        let index = self.pets.iter().position(marked);
        let list = self.pets.widget();
        let row = index.and_then(|index| list.row_at_index(index as i32));
        // Selecting takes the keyboard along, also to the row that is selected.
        if list.selected_row() != row {
            list.select_row(row.as_ref());
        }
    }

    /// Gives the keyboard to the selected row, else to the list.
    fn focus(&self) {
        let list = self.pets.widget();
        match list.selected_row() {
            Some(row) => row.grab_focus(),
            None => list.child_focus(gtk::DirectionType::TabForward),
        };
    }

    fn change_job(&mut self, job: u32, change: impl FnOnce(&mut JobRow)) {
        let mut jobs = self.jobs.guard();
        let index = jobs.iter().position(|row| row.job == job);
        if let Some(row) = index.and_then(|index| jobs.get_mut(index)) {
            change(row);
        }
    }
}

fn order(settings: Option<&gio::Settings>) -> Order {
    settings.map_or_else(Order::default, |settings| {
        Order::of_key(&settings.string(settings::SORT))
    })
}

/// What stands in the list when a search finds nothing.
fn nothing_found() -> gtk::Label {
    gtk::Label::builder()
        .label(gettext("No pet has this name"))
        .wrap(true)
        .margin_top(24)
        .css_classes(["dim-label"])
        .build()
}

/// The Delete key, on a row of the list only: elsewhere it belongs to what has the keyboard.
fn delete_key(sender: &ComponentSender<Sidebar>) -> gtk::ShortcutController {
    let keys = gtk::ShortcutController::new();
    let sender = sender.clone();
    keys.add_shortcut(gtk::Shortcut::new(
        gtk::ShortcutTrigger::parse_string("Delete|KP_Delete"),
        Some(gtk::CallbackAction::new(move |_, _| {
            sender.input(SidebarInput::DeletePressed);
            glib::Propagation::Stop
        })),
    ));
    keys
}
