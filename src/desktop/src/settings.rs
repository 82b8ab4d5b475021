//! What the window remembers of itself (GSettings; data/io.github.kennel.Kennel.gschema.xml).
//! Everything that is about pets is the engine's, in config.toml.

use std::path::PathBuf;

use relm4::adw::prelude::*;
use relm4::gtk::gio;

const SCHEMA: &str = "io.github.kennel.Kennel";

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
