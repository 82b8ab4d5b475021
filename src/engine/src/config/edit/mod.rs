//! Changing the person's `config.toml`, comments and all other keys kept. A verb a file.

mod alerts;
mod trust;

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::file::CONFIG_FILE;
use super::{CONFIG_VERSION, ConfigError, ConfigFile, Places, read_optional};
use crate::files;

pub use alerts::set_alerts;
pub use trust::TrustEdit;

/// Lets `edit` change the person's file, which is replaced as a whole. A file that this Kennel does
/// not understand is left as it is.
fn change(
    places: &Places,
    edit: impl FnOnce(&mut DocumentMut, &Path) -> Result<(), ConfigError>,
) -> Result<(), ConfigError> {
    let path = places.person.join(CONFIG_FILE);
    let old = read_optional(&path)?;
    let text = applied(old.as_deref().unwrap_or_default(), &path, edit)?;
    replace(&path, &text).map_err(|source| ConfigError::Write { path, source })
}

/// `text` of the file at `path` with the change made.
fn applied(
    text: &str,
    path: &Path,
    edit: impl FnOnce(&mut DocumentMut, &Path) -> Result<(), ConfigError>,
) -> Result<String, ConfigError> {
    ConfigFile::parse(text, path)?;
    let mut document = read(text, path)?;
    if !document.contains_key("version") {
        // No key at all: what is there is comments, and they stay above.
        let gap = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        document = read(&format!("{text}{gap}version = {CONFIG_VERSION}\n"), path)?;
    }
    edit(&mut document, path)?;
    let text = document.to_string();
    ConfigFile::parse(&text, path)?;
    Ok(text)
}

fn read(text: &str, path: &Path) -> Result<DocumentMut, ConfigError> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| ConfigError::invalid(path, error.message()))
}

/// The table `name`, made if it is missing.
fn table<'d>(
    document: &'d mut DocumentMut,
    name: &str,
    path: &Path,
) -> Result<&'d mut dyn TableLike, ConfigError> {
    document
        .entry(name)
        .or_insert(Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| ConfigError::invalid(path, format!("{name} is not a table")))
}

/// Sets `key`; the comments around an old value stay.
fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            *item = Item::Value(value);
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

/// What stands before a value: blanks, line ends and comments.
fn prefix(value: &Value) -> String {
    let raw = value.decor().prefix().and_then(|raw| raw.as_str());
    raw.unwrap_or_default().to_owned()
}

/// Replaces the file, also behind a link of the person's; who may read it stays.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let Ok(real) = path.canonicalize() else {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        return files::replace(path, text.as_bytes());
    };
    let permissions = std::fs::metadata(&real)?.permissions();
    files::replace(&real, text.as_bytes())?;
    std::fs::set_permissions(&real, permissions)
}
