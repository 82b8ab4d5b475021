//! What the build says: id and version, with defaults for a plain `cargo run`.

use std::path::Path;

pub use kennel_model::APP_ID;

/// What the catalogs of translations are called.
pub const GETTEXT_DOMAIN: &str = "kennel";

/// The version shown in About.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Finds the translations, which lie in the same prefix as this program; GTK sets the person's
/// locale when it starts. Without them the texts stay English.
pub fn translate() {
    let program = std::env::current_exe().unwrap_or_default();
    if let Some(prefix) = program.parent().and_then(Path::parent) {
        let _ = gettextrs::bindtextdomain(GETTEXT_DOMAIN, prefix.join("share/locale"));
    }
    let _ = gettextrs::bind_textdomain_codeset(GETTEXT_DOMAIN, "UTF-8");
    let _ = gettextrs::textdomain(GETTEXT_DOMAIN);
}
