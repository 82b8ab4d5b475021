//! What the build says: ids, versions and directories, with defaults for a plain `cargo run`.

/// The application's id; a development build has another.
pub const APP_ID: &str = match option_env!("APP_ID") {
    Some(id) => id,
    None => "io.github.kennel.Kennel",
};

/// The version shown in About.
pub const VERSION: &str = match option_env!("VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

const LOCALEDIR: &str = match option_env!("LOCALEDIR") {
    Some(directory) => directory,
    None => "/usr/share/locale",
};

/// Finds the translations; GTK sets the person's locale when it starts. Without them the texts
/// stay English.
pub fn translate() {
    let _ = gettextrs::bindtextdomain("kennel", LOCALEDIR);
    let _ = gettextrs::bind_textdomain_codeset("kennel", "UTF-8");
    let _ = gettextrs::textdomain("kennel");
}
