//! Phrases in English, in another language, and on their way between.

use super::*;
use crate::UserError;

/// Not as literals in calls: nobody should translate them.
const ONE: &str = "“{name}” is not there: {reason}";
const REASON: &str = "nobody knows";
const CORES: (&str, &str) = ("one core", "{count} cores");

struct Backwards;

impl Language for Backwards {
    fn translated(&self, text: &str, plural: Option<(&str, u64)>) -> String {
        match text {
            ONE => "{reason}: “{name}” fehlt".to_owned(),
            REASON => "niemand weiß es".to_owned(),
            _ => plural.map_or(text, |(plural, _)| plural).to_owned(),
        }
    }

    fn value(&self, value: &str) -> String {
        format!("<{value}>")
    }

    fn separator(&self) -> String {
        " und ".to_owned()
    }
}

fn one() -> Phrase {
    phrase(ONE)
        .with("name", "{reason}")
        .saying("reason", phrase(REASON))
}

#[test]
fn values_are_filled_in_once() {
    assert_eq!(one().to_string(), "“{reason}” is not there: nobody knows");
    assert_eq!(
        one().said_in(&Backwards),
        "niemand weiß es: “<{reason}>” fehlt"
    );
    let foreign = Phrase::verbatim("a {name} of { somebody’s");
    assert_eq!(foreign.to_string(), "a {name} of { somebody’s");
    let unknown = Phrase::verbatim("{known} and {unknown}{").with("known", 1);
    assert_eq!(unknown.to_string(), "1 and {unknown}{");
}

#[test]
fn numbers_choose_the_form() {
    assert_eq!(phrases(CORES.0, CORES.1, 1).to_string(), "one core");
    assert_eq!(phrases(CORES.0, CORES.1, 3).to_string(), "3 cores");
    let list = Phrase::verbatim("{all}").listing("all", ["a".to_owned(), "b".to_owned()]);
    assert_eq!(list.to_string(), "a, b");
    assert_eq!(list.said_in(&Backwards), "<a> und <b>");
}

#[test]
fn an_error_travels_with_its_phrases_and_reads_without_them() {
    let error = UserError::new("gone", one(), phrase(REASON));
    let json = serde_json::to_value(&error).unwrap();
    // What those read who do not translate.
    assert_eq!(json["what"], "“{reason}” is not there: nobody knows");
    assert_eq!(json["todo"], REASON);
    assert_eq!(json["what_phrase"]["values"]["name"], "{reason}");
    assert!(json.get("todo_phrase").is_none(), "it is the text itself");
    let plain = field::english_only(|| serde_json::to_value(&error).unwrap());
    assert!(plain.get("what_phrase").is_none() && plain["what"] == json["what"]);
    let read: UserError = serde_json::from_value(json).unwrap();
    assert_eq!(read, error);
    let old = r#"{"kind": "gone", "what": "it is gone", "todo": "nobody knows"}"#;
    let read: UserError = serde_json::from_str(old).unwrap();
    assert_eq!(read.to_string(), "it is gone: nobody knows");
    assert_eq!(read.todo.said_in(&Backwards), "niemand weiß es");
}

#[test]
fn the_kernels_answers_read_as_ever_in_english() {
    for number in [libc_number::NOT_FOUND, libc_number::DENIED, 9999] {
        let error = std::io::Error::from_raw_os_error(number);
        assert_eq!(reason(&error).to_string(), error.to_string());
    }
    let known = std::io::Error::from_raw_os_error(libc_number::DENIED);
    assert!(!reason(&known).is_plain());
    let other = std::io::Error::other("{odd}");
    assert_eq!(reason(&other).to_string(), "{odd}");
}

mod libc_number {
    pub const NOT_FOUND: i32 = 2;
    pub const DENIED: i32 = 13;
}
