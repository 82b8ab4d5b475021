//! What a TOML or JSON file says, each value with its place, and reading it key by key: a value of
//! the wrong type and a key that nobody asked for are errors that name the place.

use std::collections::HashSet;
use std::str::FromStr;

use kennel_model::{InvalidName, PetName};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;

use super::error::{ProjectError, Source};

/// A value and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its first byte.
    pub at: usize,
    /// What it is.
    pub value: Value,
}

/// A value of either format.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// True or false.
    Bool(bool),
    /// An array.
    List(Vec<Node>),
    /// A table or object, in the order of the file where the format keeps one.
    Table(Vec<Entry>),
    /// JSON's null.
    Null,
    /// A date or time, which no key takes.
    Date,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's first byte.
    pub at: usize,
    /// The key.
    pub key: String,
    /// Its value.
    pub node: Node,
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Null => "null",
            Self::Date => "a date",
        }
    }
}

/// A table that is being read.
pub struct Fields<'a> {
    /// The file.
    pub source: Source<'a>,
    entries: Vec<Entry>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// For the table `node`.
    pub fn new(source: Source<'a>, node: Node, what: &str) -> Result<Self, ProjectError> {
        match node.value {
            Value::Table(entries) => {
                no_twins(&source, &entries)?;
                Ok(Self {
                    source,
                    entries,
                    asked: Vec::new(),
                })
            }
            other => Err(wrong_type(&source, node.at, what, "a table", &other)),
        }
    }

    /// The value of `key`, if it is there.
    pub fn take(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index).node)
    }

    /// The text of `key`, and where it stands.
    pub fn text(&mut self, key: &'static str) -> Result<Option<(usize, String)>, ProjectError> {
        let source = self.source;
        self.take(key)
            .map(|node| Ok((node.at, text(&source, key, node)?)))
            .transpose()
    }

    /// What `key` says as a `T`, whose error explains itself.
    pub fn parsed<T: FromStr<Err: std::fmt::Display>>(
        &mut self,
        key: &'static str,
    ) -> Result<Option<T>, ProjectError> {
        self.text(key)?
            .map(|(at, text)| parse(&self.source, at, &text))
            .transpose()
    }

    /// One of `words`, each the name of a value of `T`.
    pub fn word<T: for<'de> Deserialize<'de>>(
        &mut self,
        key: &'static str,
        words: &[&str],
    ) -> Result<Option<T>, ProjectError> {
        self.text(key)?
            .map(|(at, text)| word(&self.source, at, key, &text, words))
            .transpose()
    }

    /// The bool of `key`.
    pub fn bool(&mut self, key: &'static str) -> Result<Option<bool>, ProjectError> {
        match self.take(key) {
            None => Ok(None),
            Some(Node {
                value: Value::Bool(value),
                ..
            }) => Ok(Some(value)),
            Some(node) => Err(wrong_type(
                &self.source,
                node.at,
                key,
                "true or false",
                &node.value,
            )),
        }
    }

    /// The nodes of the list of `key`; empty without it.
    pub fn list(&mut self, key: &'static str) -> Result<Vec<Node>, ProjectError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(node) => list(&self.source, key, node),
        }
    }

    /// The texts of the list of `key`, each with its place.
    pub fn texts(&mut self, key: &'static str) -> Result<Vec<(usize, String)>, ProjectError> {
        let source = self.source;
        self.list(key)?
            .into_iter()
            .map(|node| Ok((node.at, text(&source, key, node)?)))
            .collect()
    }

    /// The entries of the table of `key`; empty without it.
    pub fn table(&mut self, key: &'static str) -> Result<Vec<Entry>, ProjectError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(node) => Ok(Self::new(self.source, node, key)?.entries),
        }
    }

    /// An error for the first key that was not asked for.
    pub fn finish(self) -> Result<(), ProjectError> {
        match self.entries.first() {
            None => Ok(()),
            Some(entry) => Err(unknown_key(&self.source, entry.at, &entry.key, &self.asked)),
        }
    }

    /// What nobody asked for.
    pub fn rest(self) -> Rest {
        Rest {
            entries: self.entries,
            asked: self.asked,
        }
    }
}

/// The keys of a table that nobody asked for.
pub struct Rest {
    /// They.
    pub entries: Vec<Entry>,
    asked: Vec<&'static str>,
}

impl Rest {
    /// The key that was probably meant by `key`.
    pub fn meant(&self, key: &str) -> Option<&'static str> {
        nearest(key, &self.asked)
    }
}

/// Of two equal keys it is not known which one is meant.
pub fn no_twins(source: &Source<'_>, entries: &[Entry]) -> Result<(), ProjectError> {
    let mut seen = HashSet::new();
    match entries.iter().find(|entry| !seen.insert(&entry.key)) {
        None => Ok(()),
        Some(entry) => {
            let what = format!("“{}” is there twice", entry.key);
            Err(source.error(entry.at, what, "leave one of them out"))
        }
    }
}

/// The longest key for which a similar one is looked for, in bytes.
const KEY_LIMIT: usize = 64;

/// The one of `known` that differs from `key` by a slip.
fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    if key.len() > KEY_LIMIT {
        return None;
    }
    let distance = |other: &str| strsim::damerau_levenshtein(key, other);
    let near = known.iter().copied().min_by_key(|other| distance(other))?;
    // Three letters may be wrong, but not all of a short word.
    (distance(near) <= 3.min(near.len() / 2)).then_some(near)
}

/// The error of a key that is not among `known`.
pub fn unknown_key(source: &Source<'_>, at: usize, key: &str, known: &[&str]) -> ProjectError {
    let todo = match nearest(key, known) {
        Some(near) => format!("did you mean “{near}”?"),
        None => format!("the keys are {}", known.join(", ")),
    };
    source.error(at, format!("there is no key “{key}”"), todo)
}

fn wrong_type(
    source: &Source<'_>,
    at: usize,
    key: &str,
    wanted: &str,
    found: &Value,
) -> ProjectError {
    let what = format!("“{key}” is {}", found.kind());
    source.error(at, what, format!("write {wanted}"))
}

/// The text that `node` is.
pub fn text(source: &Source<'_>, key: &str, node: Node) -> Result<String, ProjectError> {
    match node.value {
        Value::Text(text) if text.contains('\0') => {
            let what = format!("“{key}” contains a zero byte");
            Err(source.error(node.at, what, "leave it out"))
        }
        Value::Text(text) => Ok(text),
        other => Err(wrong_type(source, node.at, key, "a text", &other)),
    }
}

/// The nodes of the list that `node` is.
pub fn list(source: &Source<'_>, key: &str, node: Node) -> Result<Vec<Node>, ProjectError> {
    match node.value {
        Value::List(nodes) => Ok(nodes),
        other => Err(wrong_type(source, node.at, key, "a list", &other)),
    }
}

/// A text or a number, as text.
pub fn text_or_number(source: &Source<'_>, key: &str, node: Node) -> Result<String, ProjectError> {
    match node.value {
        Value::Number(number) => Ok(number),
        Value::Text(_) => text(source, key, node),
        other => Err(wrong_type(
            source,
            node.at,
            key,
            "a text or a number",
            &other,
        )),
    }
}

/// A text, a number, or true or false, as text.
pub fn scalar(source: &Source<'_>, key: &str, node: Node) -> Result<String, ProjectError> {
    match node.value {
        Value::Number(number) => Ok(number),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Text(_) => text(source, key, node),
        other => Err(wrong_type(source, node.at, key, "a text", &other)),
    }
}

/// `text` as the name of a pet; the error says the nearest one.
pub fn pet_name(source: &Source<'_>, at: usize, text: &str) -> Result<PetName, ProjectError> {
    text.parse().map_err(|error: InvalidName| {
        let todo = match PetName::suggest(text) {
            Some(name) => format!("write it as {name}"),
            None => "correct the file".to_owned(),
        };
        source.error(at, error.to_string(), todo)
    })
}

/// `text` as a `T`, whose error explains itself.
pub fn parse<T: FromStr<Err: std::fmt::Display>>(
    source: &Source<'_>,
    at: usize,
    text: &str,
) -> Result<T, ProjectError> {
    text.parse().map_err(|error| {
        let error: T::Err = error;
        source.error(at, error.to_string(), "correct the file")
    })
}

/// The value of `T` that `text` names.
pub fn word<T: for<'de> Deserialize<'de>>(
    source: &Source<'_>,
    at: usize,
    key: &str,
    text: &str,
    words: &[&str],
) -> Result<T, ProjectError> {
    let reader: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(reader).map_err(|_| {
        let what = format!("“{key}” cannot be “{text}”");
        source.error(at, what, format!("write one of {}", words.join(", ")))
    })
}

/// A number of seconds from `90s`, `10m`, `2h`.
pub fn seconds(source: &Source<'_>, at: usize, text: &str) -> Result<u64, ProjectError> {
    match humantime::parse_duration(text) {
        Ok(time) if (1..=86_400).contains(&time.as_secs()) => Ok(time.as_secs()),
        _ => Err(source.error(
            at,
            format!("“{text}” is not a time between a second and a day"),
            "write it as 90s, 10m or 2h",
        )),
    }
}

/// Whether `name` can be that of a variable (environ(7)).
pub fn variable_name(source: &Source<'_>, at: usize, name: &str) -> Result<(), ProjectError> {
    if name.is_empty() || name.contains(['=', '\0']) {
        let what = format!("“{}” is not the name of a variable", name.escape_debug());
        return Err(source.error(at, what, "use letters, digits and “_”"));
    }
    Ok(())
}
