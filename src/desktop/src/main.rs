//! Kennel's window.
//!
//! ```text
//! App ─┬─ Welcome (while there is no pet), NoEngine (while there is no engine)
//!      ├─ Sidebar ─ PetRow…, JobRow…
//!      ├─ PetPage (one per pet, kept so that its terminals live on) ─┬─ Overview
//!      │                                                             ├─ Terminals ─ Tab…
//!      │                                                             ├─ Apps
//!      │                                                             ├─ Settings (a section a file)
//!      │                                                             ├─ UsagePage
//!      │                                                             └─ NameDialog
//!      ├─ Images, Activity, AllPets, Doctor, Preferences (dialogs)
//!      └─ NewPet (dialog) ─ ProjectFile (a group of it), Picker, Reference, Approval (its further pages)
//! ```
//!
//! Everything it knows comes from [`engine::Engine`], which speaks to `kennel serve`.

mod activity;
mod app;
mod chosen_file;
mod close_question;
mod command_row;
mod config;
mod doctor;
mod engine;
mod error;
mod images;
mod later;
mod mark;
mod menu;
mod new_pet;
mod no_engine;
mod pet_name;
mod pet_page;
mod preferences;
mod preset_rows;
mod problem;
mod reachable;
mod remove_button;
mod settings;
mod shares;
mod sidebar;
mod thresholds;
mod usage;
mod welcome;
mod words;

use relm4::RelmApp;

fn main() {
    // GTK and the engine start side by side.
    let beginning = relm4::spawn(app::Beginning::new());
    config::translate();
    let app = RelmApp::new(config::APP_ID).visible_on_activate(false);
    app::arrivals::accept_files(&relm4::main_application());
    relm4::set_global_css(include_str!("style.css"));
    app.run::<app::App>(beginning);
}
