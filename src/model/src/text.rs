//! One way to give a validated string newtype its usual traits.

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
