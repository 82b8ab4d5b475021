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
//! [`launch`] makes the window when there is something to show in it: the desktop's [`search`] is
//! answered without one. Everything it knows comes from [`engine::Engine`], which speaks to `kennel serve`.

mod activity;
mod alone;
mod app;
mod chosen_file;
mod close_question;
mod command_row;
mod config;
mod contrast;
mod doctor;
mod engine;
mod error;
#[cfg(test)]
mod error_states;
mod images;
mod later;
mod launch;
mod mark;
mod menu;
mod new_pet;
mod no_engine;
mod pet_name;
mod pet_page;
mod phrase;
mod preferences;
mod preset_rows;
mod problem;
mod reachable;
mod remove_button;
mod sandbox;
mod search;
mod settings;
mod shares;
mod sidebar;
#[cfg(test)]
mod testing;
mod thresholds;
mod usage;
mod welcome;
mod words;
mod wrapping_button;

fn main() {
    // Before there is a second thread: it sets the locale of all.
    config::translate();
    // GTK and the engine start side by side.
    let beginning = app::Beginning::of_app(engine::Starter::default());
    launch::run(beginning);
}
