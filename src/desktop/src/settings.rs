//! What the window remembers of itself (GSettings; data/io.github.kennel.Kennel.gschema.xml).
//! Everything that is about pets is the engine's, in config.toml.

use std::path::PathBuf;

use kennel_model::{APP_ID, PetId};
use relm4::adw::prelude::*;
use relm4::gtk::gio;

const RECENT: &str = "recent";

/// More pets than anybody works with by turns.
const RECENT_LIMIT: usize = 50;

/// The schema is named as the app is.
const SCHEMA: &str = APP_ID;

/// The person's settings of the window; `None` where the schema is not installed, and then
/// nothing is remembered.
pub fn load() -> Option<gio::Settings> {
    Some(gio::Settings::new_full(
        &schema()?,
        gio::SettingsBackend::NONE,
        None,
    ))
}

/// The installed schema, or that of a build tree, which lies beside the program.
fn schema() -> Option<gio::SettingsSchema> {
    let installed = gio::SettingsSchemaSource::default();
    if let Some(schema) = installed
        .as_ref()
        .and_then(|source| source.lookup(SCHEMA, true))
    {
        return Some(schema);
    }
    let directory: PathBuf = std::env::current_exe().ok()?.with_file_name("schemas");
    gio::SettingsSchemaSource::from_directory(directory, installed.as_ref(), false)
        .ok()?
        .lookup(SCHEMA, false)
}

/// Gives the window the size it had, and keeps the one it gets.
pub fn remember_size(window: &relm4::adw::ApplicationWindow) {
    let Some(settings) = load() else { return };
    for (key, property) in [
        ("window-width", "default-width"),
        ("window-height", "default-height"),
        ("window-maximized", "maximized"),
    ] {
        settings.bind(key, window, property).build();
    }
}

/// How the list of pets is sorted.
pub const SORT: &str = "sort";

/// The pets that were shown, the last one first.
pub fn recent() -> Vec<PetId> {
    let Some(settings) = load() else {
        return Vec::new();
    };
    let ids = settings.strv(RECENT);
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

/// Remembers that this pet was shown.
pub fn remember_pet(id: &PetId) {
    let Some(settings) = load() else { return };
    let mut ids = recent();
    if ids.first() == Some(id) {
        return;
    }
    ids.retain(|other| other != id);
    ids.insert(0, id.clone());
    ids.truncate(RECENT_LIMIT);
    let ids: Vec<&str> = ids.iter().map(PetId::as_str).collect();
    // Where the desktop forbids writing it, the list stays as it is.
    let _ = settings.set_strv(RECENT, ids);
}
