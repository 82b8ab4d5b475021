//! What the engine says to a person: a text in English with named values, which the command line
//! shows as it is and the app in the person's language.
//!
//! The English text is the key of its translations, as everywhere with gettext: a text that an app
//! does not know, since the engine is newer, is shown in English.

pub mod direction;
pub mod field;
mod reason;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use reason::reason;

/// A text with `{name}` for each of its values. Made by [`phrase`], [`phrases`] or, where there is
/// nothing to translate, [`Phrase::verbatim`]; there is no other way from a text to a phrase, so
/// that none is forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase(Box<Content>);

/// Apart, so that errors are small.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    text: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plural: Option<Plural>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Value>,
    /// Whether it begins with a capital letter wherever it stands.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    capital: bool,
}

/// The text for another number than one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Plural {
    text: Cow<'static, str>,
    count: u64,
}

/// What stands in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A name, a path, a number: the same in every language.
    Text(String),
    /// Something that is said in words.
    Phrase(Phrase),
    /// Several of them.
    List(Vec<Value>),
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

/// How a text becomes the one that is shown, in one language.
pub trait Language {
    /// The text itself, its values not filled in; `plural` is its form for `count` things.
    fn translated(&self, text: &str, plural: Option<(&str, u64)>) -> String;

    /// A value among words that may be written in another direction.
    fn value(&self, value: &str) -> String;

    /// What stands between the parts of a list.
    fn separator(&self) -> String;
}

/// The language that everything is written in.
#[derive(Debug)]
pub struct English;

impl Language for English {
    fn translated(&self, text: &str, plural: Option<(&str, u64)>) -> String {
        match plural {
            Some((plural, count)) if count != 1 => plural.to_owned(),
            _ => text.to_owned(),
        }
    }

    fn value(&self, value: &str) -> String {
        value.to_owned()
    }

    fn separator(&self) -> String {
        ", ".to_owned()
    }
}

/// A text for translation, which xgettext finds by this function's name.
pub fn phrase(text: &'static str) -> Phrase {
    Phrase::of(Cow::Borrowed(text))
}

/// A text for translation in a table of constants; [`Phrase::verbatim`] makes it a phrase.
pub const fn marked(text: &'static str) -> &'static str {
    text
}

/// One that is another for several things; `{count}` is their number.
pub fn phrases(one: &'static str, several: &'static str, count: u64) -> Phrase {
    let plural = Plural {
        text: Cow::Borrowed(several),
        count,
    };
    let mut phrase = phrase(one);
    phrase.0.plural = Some(plural);
    phrase.with("count", count)
}

impl Phrase {
    /// Words that are somebody else's, such as the kernel's, that only a terminal shows, or that are
    /// [`marked`] elsewhere.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::of(Cow::Owned(text.into()))
    }

    fn of(text: Cow<'static, str>) -> Self {
        Self(Box::new(Content {
            text,
            plural: None,
            values: BTreeMap::new(),
            capital: false,
        }))
    }

    /// With something that is the same in every language.
    #[must_use]
    pub fn with(self, name: &str, value: impl fmt::Display) -> Self {
        self.value(name, Value::Text(value.to_string()))
    }

    /// With something that is said in words itself.
    #[must_use]
    pub fn saying(self, name: &str, value: Phrase) -> Self {
        self.value(name, Value::Phrase(value))
    }

    /// With several things.
    #[must_use]
    pub fn listing<T: Into<Value>>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let list = values.into_iter().map(Into::into).collect();
        self.value(name, Value::List(list))
    }

    fn value(mut self, name: &str, value: Value) -> Self {
        self.0.values.insert(name.to_owned(), value);
        self
    }

    /// With a capital letter.
    #[must_use]
    pub fn capitalised(mut self) -> Self {
        self.0.capital = true;
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.text.is_empty()
    }

    /// What is said in words as its value `name`.
    pub fn part(&self, name: &str) -> Option<&Self> {
        match self.0.values.get(name) {
            Some(Value::Phrase(part)) => Some(part),
            _ => None,
        }
    }

    /// Whether its text alone says all of it, so that it travels as a text.
    fn is_plain(&self) -> bool {
        self.0.plural.is_none() && self.0.values.is_empty() && !self.0.capital
    }

    /// It in `language`.
    pub fn said_in(&self, language: &dyn Language) -> String {
        let plural = self.0.plural.as_ref();
        let plural = plural.map(|plural| (plural.text.as_ref(), plural.count));
        let mut text = language.translated(&self.0.text, plural);
        if !self.0.values.is_empty() {
            text = fill(&text, |name| {
                Some(self.0.values.get(name)?.said_in(language))
            });
        }
        if self.0.capital {
            capitalised(&text)
        } else {
            text
        }
    }
}

impl Value {
    fn said_in(&self, language: &dyn Language) -> String {
        match self {
            Self::Text(text) => language.value(text),
            Self::Phrase(phrase) => phrase.said_in(language),
            Self::List(values) => {
                let parts: Vec<String> = values.iter().map(|it| it.said_in(language)).collect();
                parts.join(&language.separator())
            }
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// In English.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said_in(&English))
    }
}

/// `text` with a capital letter.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// `text` with a value for each `{name}`, once: what looks so in a value stays as it is.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after
            .split_once('}')
            .and_then(|(name, after)| Some((value(name)?, after)));
        rest = match found {
            Some((value, after)) => {
                filled.push_str(&value);
                after
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
