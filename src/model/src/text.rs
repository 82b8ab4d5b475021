//! Text: one way to give a validated string newtype its usual traits, and how a stranger's is shown.

/// Implements `Display`, serde by text and `AsRef<str>` for a newtype over `String`
/// whose `FromStr` validates.
macro_rules! text_newtype {
    ($name:ident, $expecting:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        $crate::text::shown_newtype!($name, $expecting);
    };
}

/// Implements serde by text for a type whose `FromStr` validates and whose `Display` it reads.
macro_rules! shown_newtype {
    ($name:ident, $expecting:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(|error| {
                    serde::de::Error::custom(format_args!(
                        concat!("not ", $expecting, ": {}"),
                        error
                    ))
                })
            }
        }
    };
}

pub(crate) use {shown_newtype, text_newtype};

/// `text` of a stranger, so that all of it is seen: no character moves the cursor, is invisible or
/// turns the direction of what follows (CVE-2021-42574).
pub fn shown(text: &str) -> String {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().fold(String::new(), |mut all, character| {
        if hides(character) {
            all.extend(character.escape_unicode());
        } else {
            all.push(character);
        }
        all
    })
}

/// `text` as one word of a shell's command line, whatever is in it (sh(1p), “Single-Quotes”).
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_strangers_text_stays_hidden() {
        assert_eq!(shown("npm ci # \u{202e}x"), "npm ci # \\u{202e}x");
        assert_eq!(shown("a\x1b[2J\rb"), "a\\u{1b}[2J\\u{d}b");
        // Letters that look like nothing.
        assert_eq!(shown("a\u{3164}b\u{2800}"), "a\\u{3164}b\\u{2800}");
        assert_eq!(shown("grün “x”"), "grün “x”");
    }
}
