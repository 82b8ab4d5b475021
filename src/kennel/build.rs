//! The translations of what notifications say, out of `po/`: a static binary has no catalogs to read,
//! and the process that shows a notification outlives the folder that the app came in.
//!
//! Only the texts of [`SOURCES`] are taken, a few kilobytes.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

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

/// One entry of a PO file, by keyword.
#[derive(Default)]
struct Entry {
    is_of_sources: bool,
    fields: BTreeMap<String, String>,
}

impl Entry {
    fn text(&self, keyword: &str) -> &str {
        self.fields.get(keyword).map_or("", String::as_str)
    }

    /// The translation's forms: `msgstr`, or `msgstr[0]` and those that follow.
    fn forms(&self) -> Vec<&str> {
        let forms = self.fields.range("msgstr".to_owned().."msgstz".to_owned());
        forms.map(|(_, form)| form.as_str()).collect()
    }
}

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
    let entries = entries(&fs::read_to_string(path)?)?;
    let language = path.file_stem().and_then(|stem| stem.to_str());
    let language = language.ok_or("no name")?;
    let header = entries.iter().find(|entry| entry.text("msgid").is_empty());
    let mut header = header.map_or("", |entry| entry.text("msgstr")).lines();
    let rule = header.find_map(|line| line.strip_prefix("Plural-Forms:"));
    let rule = rule.unwrap_or_default().replace(' ', "");
    let known = RULES.iter().find(|(text, _)| *text == rule);
    let (_, rule) = known.ok_or_else(|| format!("nobody knows the rule {rule}"))?;
    let texts: BTreeMap<&str, Vec<&str>> = entries
        .iter()
        .filter(|entry| entry.is_of_sources)
        .map(|entry| (entry.text("msgid"), entry.forms()))
        .collect();
    let mut code = format!("Catalog {{ language: {language:?}, rule: Rule::{rule}, texts: &[\n");
    for (text, forms) in texts {
        writeln!(code, "({text:?}, &{forms:?}),")?;
    }
    code.push_str("] },\n");
    Ok(code)
}

fn entries(text: &str) -> Result<Vec<Entry>, Box<dyn Error>> {
    let mut all = Vec::new();
    let (mut entry, mut keyword) = (Entry::default(), String::new());
    for line in text.lines().chain([""]) {
        if let Some(places) = line.strip_prefix("#:") {
            entry.is_of_sources |= places.split_whitespace().any(is_of_sources);
        } else if line.is_empty() {
            all.push(std::mem::take(&mut entry));
        } else if !line.starts_with('#') {
            let (word, literal) = line.split_at(line.find('"').ok_or("a line without a text")?);
            if !word.is_empty() {
                word.trim().clone_into(&mut keyword);
            }
            let field = entry.fields.entry(keyword.clone()).or_default();
            field.push_str(&unescaped(literal));
        }
    }
    Ok(all)
}

/// Whether `place`, such as `src/a.rs:7`, is in one of the sources.
fn is_of_sources(place: &str) -> bool {
    place
        .split_once(':')
        .is_some_and(|(file, _)| SOURCES.contains(&file))
}

/// A literal of a PO file as text; the texts have no escapes but these.
fn unescaped(literal: &str) -> String {
    let text = literal.strip_prefix('"').unwrap_or(literal);
    let text = text.strip_suffix('"').unwrap_or(text);
    text.replace("\\n", "\n")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\")
}
