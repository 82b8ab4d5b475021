//! Changing what the person trusts.

use std::path::Path;

use kennel_model::Scope;
use toml_edit::{Array, DocumentMut, TableLike, Value, value};

use super::{change, prefix, set, table};
use crate::config::{ConfigError, Places};

/// One change of the person's `[trust]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustEdit {
    /// Trust it.
    Add(Scope),
    /// Trust it no more.
    Remove(Scope),
    /// Refuse what is not trusted, or ask.
    Only(bool),
}

impl TrustEdit {
    /// Makes the change in the person's file.
    pub fn make(&self, places: &Places) -> Result<(), ConfigError> {
        change(places, |document, path| self.apply(document, path))
    }

    fn apply(&self, document: &mut DocumentMut, path: &Path) -> Result<(), ConfigError> {
        let trust = table(document, "trust", path)?;
        match self {
            Self::Add(scope) => add(list(trust, path)?, scope),
            Self::Remove(scope) => remove(list(trust, path)?, scope),
            Self::Only(only) => set(trust, "only", *only),
        }
        Ok(())
    }
}

fn list<'t>(trust: &'t mut dyn TableLike, path: &Path) -> Result<&'t mut Array, ConfigError> {
    trust
        .entry("registries")
        .or_insert(value(Array::new()))
        .as_array_mut()
        .ok_or_else(|| ConfigError::invalid(path, "trust.registries is not a list"))
}

fn position(list: &Array, scope: &Scope) -> Option<usize> {
    let name = Some(scope.as_str());
    list.iter().position(|value| value.as_str() == name)
}

fn add(list: &mut Array, scope: &Scope) {
    if position(list, scope).is_some() {
        return;
    }
    let last = list.iter().last().map(prefix).unwrap_or_default();
    let Some((_, indent)) = last.rsplit_once('\n') else {
        list.push(scope.as_str());
        return;
    };
    // A line of its own, as the others have; a comment behind the last one stays there.
    let mut new = Value::from(scope.as_str());
    if list.trailing_comma() {
        let behind = list.trailing().as_str().unwrap_or_default().trim_end();
        new.decor_mut().set_prefix(format!("{behind}\n{indent}"));
        list.set_trailing("\n");
    } else {
        new.decor_mut().set_prefix(format!("\n{indent}"));
    }
    list.push_formatted(new);
}

fn remove(list: &mut Array, scope: &Scope) {
    while let Some(at) = position(list, scope) {
        let before = prefix(&list.remove(at));
        if !before.contains('#') {
            continue;
        }
        // It may be about the entry before; only a person can tell.
        let kept = |after: &str| {
            let gap = if after.trim_start_matches(' ').starts_with('\n') {
                ""
            } else {
                "\n"
            };
            format!("{}{gap}{after}", before.trim_end())
        };
        match list.get_mut(at) {
            Some(next) => {
                let after = prefix(next);
                next.decor_mut().set_prefix(kept(&after));
            }
            None => {
                let after = list.trailing().as_str().unwrap_or_default().to_owned();
                list.set_trailing(kept(&after));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::applied as applied_by;
    use super::*;
    use crate::config::ConfigFile;
    use crate::config::file::CONFIG_FILE;

    const PATH: &str = "/home/p/.config/kennel/config.toml";

    fn applied(text: &str, edit: &TrustEdit) -> String {
        applied_by(text, Path::new(PATH), |document, path| {
            edit.apply(document, path)
        })
        .unwrap()
    }

    fn scope(text: &str) -> Scope {
        text.parse().unwrap()
    }

    #[test]
    fn comments_and_other_keys_stay() {
        let before = r#"# Mine
version = 1 # always

[trust]
only = false # ask me
# Whom I know
registries = [
    "quay.io/team", # colleagues
    # the test lab
    "lab.example.org", # until May
]

[registries."quay.io/team"]
mirrors = ["m.example.org"] # near
"#;
        let added = applied(before, &TrustEdit::Add(scope("*.corp.example")));
        assert_eq!(
            added,
            before.replace("# until May\n", "# until May\n    \"*.corp.example\",\n")
        );
        let removed = applied(&added, &TrustEdit::Remove(scope("lab.example.org")));
        for comment in [
            "# Mine",
            "# always",
            "# ask me",
            "# Whom I know",
            "# colleagues",
            "# until May",
            "# near",
        ] {
            assert!(removed.contains(comment), "{comment}: {removed}");
        }
        let file = ConfigFile::parse(&removed, Path::new(PATH)).unwrap();
        assert_eq!(
            file.trust.registries,
            [scope("quay.io/team"), scope("*.corp.example")]
        );
        assert_eq!(
            applied(before, &TrustEdit::Only(true)),
            before.replace("only = false", "only = true")
        );
    }

    #[test]
    fn an_empty_file_gets_what_it_needs_and_comments_stay_above() {
        let text = applied("# nothing yet", &TrustEdit::Add(scope("quay.io")));
        assert!(text.starts_with("# nothing yet\nversion = 1\n"), "{text}");
        // What is trusted already is not listed twice.
        assert_eq!(applied(&text, &TrustEdit::Add(scope("quay.io"))), text);
        let file = ConfigFile::parse(&text, Path::new(PATH)).unwrap();
        assert_eq!(file.trust.registries, [scope("quay.io")]);
    }

    #[test]
    fn a_file_that_is_not_understood_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let places = Places {
            person: home.path().to_owned(),
            system: home.path().to_owned(),
        };
        let path = home.path().join(CONFIG_FILE);
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        for text in ["version = 2\n", "version = 1\nnew = true\n", "version ="] {
            std::fs::write(&path, text).unwrap();
            TrustEdit::Only(true).make(&places).unwrap_err();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let home = tempfile::tempdir().unwrap();
        let places = Places {
            person: home.path().to_owned(),
            system: home.path().to_owned(),
        };
        let (path, real) = (home.path().join(CONFIG_FILE), home.path().join("dotfile"));
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        std::fs::write(&real, "version = 1\n").unwrap();
        std::os::unix::fs::symlink(&real, &path).unwrap();
        TrustEdit::Only(true).make(&places).unwrap();
        assert!(path.is_symlink());
        assert!(
            std::fs::read_to_string(&real)
                .unwrap()
                .contains("only = true")
        );
    }
}
