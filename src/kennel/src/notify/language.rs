//! The language of notifications: that of the person's session, out of the catalogs that `build.rs`
//! has put into the binary.

use std::ffi::OsStr;

use kennel_engine::notify::Variables;
use kennel_model::Language;
use kennel_model::phrase::English;
use kennel_model::phrase::direction::isolated;

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));

/// The texts in one language.
#[derive(Debug)]
struct Catalog {
    /// As gettext names it: `de`, `zh_CN`.
    language: &'static str,
    rule: Rule,
    /// Sorted by the English text; forms as [`Rule::form`] numbers them.
    texts: &'static [(&'static str, &'static [&'static str])],
}

/// How a language counts.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// One form for all numbers.
    One,
    /// One and several.
    English,
    /// The same, where none is like one.
    French,
    /// Six forms.
    Arabic,
}

impl Rule {
    fn form(self, count: u64) -> usize {
        match (self, count, count % 100) {
            (Self::One, ..) => 0,
            (Self::English, ..) => usize::from(count != 1),
            (Self::French, ..) => usize::from(count > 1),
            (Self::Arabic, 0..=2, _) => count as usize,
            (Self::Arabic, _, 3..=10) => 3,
            (Self::Arabic, _, 11..) => 4,
            (Self::Arabic, ..) => 5,
        }
    }
}

impl Catalog {
    fn forms(&self, text: &str) -> &'static [&'static str] {
        let found = self.texts.binary_search_by_key(&text, |(text, _)| text);
        found.map_or(&[], |at| self.texts[at].1)
    }

    fn is_right_to_left(&self) -> bool {
        self.language == "ar"
    }
}

impl Language for Catalog {
    fn translated(&self, text: &str, plural: Option<(&str, u64)>) -> String {
        let form = plural.map_or(0, |(_, count)| self.rule.form(count));
        match self.forms(text).get(form) {
            Some(form) => (*form).to_owned(),
            None => English.translated(text, plural),
        }
    }

    fn value(&self, value: &str) -> String {
        if self.is_right_to_left() {
            isolated(value)
        } else {
            value.to_owned()
        }
    }

    fn separator(&self) -> String {
        English.separator()
    }
}

/// That of a session with `environment`, as gettext chooses it (gettext manual, “Locale Environment
/// Variables”).
pub fn of(environment: &Variables) -> &'static dyn Language {
    let variable = |name: &str| {
        let value = environment.get(OsStr::new(name))?.to_str()?;
        Some(value).filter(|value| !value.is_empty())
    };
    let locales = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = locales.into_iter().find_map(variable).unwrap_or("C");
    // A list of languages counts only where there is a language at all.
    if matches!(without_encoding(locale), "C" | "POSIX") {
        return &English;
    }
    let wanted = variable("LANGUAGE").unwrap_or(locale).split(':');
    let is_english = |locale: &str| language_of(locale) == "en";
    let known = wanted.map(|locale| (is_english(locale), catalog(locale)));
    let mut known = known.filter(|(english, catalog)| *english || catalog.is_some());
    match known.next() {
        Some((_, Some(catalog))) => catalog,
        _ => &English,
    }
}

/// The catalog for `locale`: that of its country, or that of its language.
fn catalog(locale: &str) -> Option<&'static Catalog> {
    let of = |name: &str| CATALOGS.iter().find(|catalog| catalog.language == name);
    of(without_encoding(locale)).or_else(|| of(language_of(locale)))
}

fn without_encoding(locale: &str) -> &str {
    locale.split(['.', '@']).next().unwrap_or_default()
}

fn language_of(locale: &str) -> &str {
    locale.split(['_', '.', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::time::Duration;

    use kennel_engine::alerts::{Fill, Load, Notice, Offer, Reading, words};
    use kennel_engine::notify;
    use kennel_model::{AlertKind, AlertThresholds, PetId, Phrase};

    use super::*;

    const KINDS: [AlertKind; 6] = [
        AlertKind::Busy,
        AlertKind::HeldBack,
        AlertKind::MemoryNearLimit,
        AlertKind::OutOfMemory,
        AlertKind::DiskNearlyFull,
        AlertKind::Ended,
    ];

    /// All that a notification about `kind` says, in `language`, one a line.
    fn said(kind: AlertKind, detail: &Phrase, cores: f64, language: &dyn Language) -> Vec<String> {
        let load = Load {
            used: Duration::ZERO,
            periods: 0,
            throttled: 0,
            cores,
            memory: Some(Fill {
                used: 95_000_000,
                whole: 100_000_000,
            }),
        };
        let about = words::About {
            name: "webshop",
            thresholds: AlertThresholds::default(),
            reading: Reading {
                at: Duration::ZERO,
                load: Some(load),
                disk: None,
            },
            detail,
        };
        let text = words::sentence(kind, &about);
        let name = "webshop".parse().unwrap();
        let notice = Notice::new(kind, PetId::from_random(1), name, text, Some(cores));
        // As it comes to the process.
        let notice: Notice = serde_json::from_slice(&serde_json::to_vec(&notice).unwrap()).unwrap();
        let labels = [Offer::Show, Offer::Limit, Offer::Stop].map(notify::label);
        let all = [notice.title, notify::sentence(&notice.text)].into_iter();
        all.chain(labels)
            .map(|phrase| phrase.said_in(language))
            .collect()
    }

    #[test]
    fn every_notification_is_said_in_every_language() {
        assert!(CATALOGS.len() >= 5, "{CATALOGS:?}");
        let killed = kennel_engine::cgroup::out_of_memory::sentence;
        let details = [
            killed(Some("tail"), 1),
            killed(Some("tail"), 3),
            killed(None, 1),
            killed(None, 2),
            kennel_engine::runtime::keeper::ending(
                std::os::unix::process::ExitStatusExt::from_raw(9),
            ),
            kennel_engine::runtime::keeper::ending(
                std::os::unix::process::ExitStatusExt::from_raw(256),
            ),
        ];
        for catalog in CATALOGS {
            for (kind, cores) in KINDS
                .into_iter()
                .flat_map(|kind| [(kind, 1.0), (kind, 2.0)])
            {
                for detail in &details {
                    let english = said(kind, detail, cores, &English);
                    let translated = said(kind, detail, cores, catalog);
                    for (english, translated) in english.iter().zip(&translated) {
                        assert_ne!(english, translated, "{}", catalog.language);
                        assert!(!translated.contains(['{', '}']), "{translated}");
                    }
                    // Not only what is around it.
                    let told = detail.said_in(catalog);
                    assert_ne!(told, detail.to_string(), "{}", catalog.language);
                }
            }
        }
    }

    #[test]
    fn the_language_is_that_of_the_session() {
        let word = |variables: &[(&str, &str)]| {
            let variables = variables.iter();
            let pair = |&(name, value): &(&str, &str)| (OsString::from(name), value.into());
            let environment: Variables = variables.map(pair).collect();
            notify::label(Offer::Stop).said_in(of(&environment))
        };
        assert_eq!(word(&[("LANG", "de_DE.UTF-8")]), "Stoppen");
        assert_eq!(word(&[("LANG", "zh_CN.UTF-8")]), "停止");
        assert_eq!(word(&[("LANG", "de_AT.UTF-8@euro")]), "Stoppen");
        assert_eq!(word(&[("LC_ALL", "de_DE"), ("LANG", "fr_FR")]), "Stoppen");
        let list = [("LANGUAGE", "tlh:en:de"), ("LANG", "de_DE")];
        assert_eq!(word(&list), "Stop");
        let list = [("LANGUAGE", "tlh:de:en"), ("LANG", "en_US.UTF-8")];
        assert_eq!(word(&list), "Stoppen");
        for plain in ["C", "C.UTF-8", "POSIX", "", "en_GB.UTF-8", "tlh"] {
            assert_eq!(word(&[("LANG", plain)]), "Stop", "{plain}");
        }
        assert_eq!(word(&[("LANGUAGE", "de"), ("LANG", "C.UTF-8")]), "Stop");
        assert_eq!(word(&[]), "Stop");
    }

    #[test]
    fn numbers_choose_the_form() {
        let forms = |rule: Rule, counts: &[u64]| -> Vec<usize> {
            counts.iter().map(|&count| rule.form(count)).collect()
        };
        let counts = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111];
        assert_eq!(
            forms(Rule::Arabic, &counts),
            [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4]
        );
        assert_eq!(forms(Rule::French, &[0, 1, 2]), [0, 0, 1]);
        assert_eq!(forms(Rule::English, &[0, 1, 2]), [1, 0, 1]);
        assert_eq!(forms(Rule::One, &[0, 1, 2]), [0, 0, 0]);
    }
}
