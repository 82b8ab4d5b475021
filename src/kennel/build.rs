//! The translations of what notifications say, out of `po/`: a static binary has no catalogs to read,
//! and the process that shows a notification outlives the folder that the app came in.
//!
//! Only the texts of [`SOURCES`] are taken, a few kilobytes.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use polib::message::MessageView;
use polib::po_file;

/// Where those texts are marked.
const SOURCES: [&str; 4] = [
    "src/engine/src/alerts/words.rs",
    "src/engine/src/cgroup/out_of_memory.rs",
    "src/engine/src/notify/server.rs",
    "src/engine/src/runtime/keeper/wait.rs",
];

/// The rules by which languages count, as gettext writes them without spaces, and their names in
/// `catalogs.rs`.
const RULES: [(&str, &str); 4] = [
    ("nplurals=1;plural=0;", "One"),
    ("nplurals=2;plural=(n!=1);", "English"),
    ("nplurals=2;plural=(n>1);", "French"),
    (
        "nplurals=6;plural=n==0?0:n==1?1:n==2?2:n%100>=3&&n%100<=10?3:n%100>=11?4:5;",
        "Arabic",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let po = root.join("po");
    println!("cargo::rerun-if-changed={}", po.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&po)?
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "po"))
        .collect();
    files.sort();
    let mut code = "static CATALOGS: &[Catalog] = &[\n".to_owned();
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        code.push_str(&catalog(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or("cargo says no OUT_DIR")?;
    fs::write(Path::new(&out).join("catalogs.rs"), code)?;
    Ok(())
}

/// The catalog in the file at `path`, as Rust.
fn catalog(path: &Path) -> Result<String, Box<dyn Error>> {
    let catalog = po_file::parse(path)?;
    let language = path.file_stem().and_then(|stem| stem.to_str());
    let language = language.ok_or("no name")?;
    let rule = catalog.metadata.plural_rules.dump().replace(' ', "");
    let known = RULES.iter().find(|(text, _)| *text == rule);
    let (_, rule) = known.ok_or_else(|| format!("nobody knows the rule {rule}"))?;
    let texts: BTreeMap<&str, Vec<&str>> = catalog
        .messages()
        .filter(|message| message.source().split_whitespace().any(is_of_sources))
        .map(|message| (message.msgid(), forms(message)))
        .collect();
    let mut code = format!("Catalog {{ language: {language:?}, rule: Rule::{rule}, texts: &[\n");
    for (text, forms) in texts {
        writeln!(code, "({text:?}, &{forms:?}),")?;
    }
    code.push_str("] },\n");
    Ok(code)
}

/// The translations of `message`, one for each kind of number where it counts something.
fn forms(message: &dyn MessageView) -> Vec<&str> {
    match (message.msgstr(), message.msgstr_plural()) {
        (Ok(only), _) => vec![only],
        (_, Ok(forms)) => forms.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether `place`, such as `src/a.rs:7`, is in one of the sources.
fn is_of_sources(place: &str) -> bool {
    place
        .split_once(':')
        .is_some_and(|(file, _)| SOURCES.contains(&file))
}
