//! Which locale a new pet is given: the person's own, where its image can make it.

use kennel_model::PetSpec;

use super::Kennel;
use crate::store::Store;

impl Kennel {
    /// The locale of this process for the setup of `spec`; `None` where there is nothing to make,
    /// so that such a pet needs no setup.
    pub(super) fn locale_to_make(&self, store: &Store, spec: &PetSpec) -> Option<String> {
        let locale = std::env::var("LANG").ok()?;
        let language = language(&locale)?;
        let key = self.mapping.key();
        let has = |path: &str| {
            let mut layers = spec.image.layers.iter();
            layers.any(|layer| store.layer_path(&key, layer).join(path).exists())
        };
        let source = format!("usr/share/i18n/locales/{language}");
        (self.mapping.is_full() && has("usr/bin/localedef") && has(&source)).then_some(locale)
    }
}

/// The language and country of a UTF-8 locale such as `de_DE.UTF-8`; `None` for those that need
/// no making, and for what is no locale.
fn language(locale: &str) -> Option<&str> {
    let (language, code_set) = locale.split_once('.')?;
    let is_word = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        !text.is_empty() && text.bytes().all(allowed)
    };
    let is_utf8 = code_set.replace('-', "").eq_ignore_ascii_case("utf8");
    (language != "C" && is_word(language) && is_utf8).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_locales_that_can_be_made_are() {
        assert_eq!(language("de_DE.UTF-8"), Some("de_DE"));
        assert_eq!(language("pt_BR.utf8"), Some("pt_BR"));
        for other in [
            "C",
            "C.UTF-8",
            "POSIX",
            "",
            "de_DE",
            "de_DE.ISO-8859-1",
            "../x.UTF-8",
            "a b.UTF-8",
        ] {
            assert_eq!(language(other), None, "{other}");
        }
    }
}
