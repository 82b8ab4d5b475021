//! A part of the world of images: a registry, a namespace, a repository, one reference.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ImageRef, Phrase, phrase};

/// `registry`, `registry/namespace`, `registry/path`, `registry/path:tag`, or `*.domain` for
/// every registry below a domain. The grammar of containers-registries.conf(5) and
/// containers-policy.json(5), where the longest scope that covers a reference decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Scope(String);

/// Why a text is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub struct InvalidScope(pub String);

impl InvalidScope {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        phrase(
            "{text} is not a registry or namespace: write registry, registry/namespace or *.domain",
        )
        .with("text", format!("{:?}", self.0))
    }
}

impl Scope {
    /// The scope as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The repository of `reference`, whatever its tag.
    pub fn repository_of(reference: &ImageRef) -> Self {
        Self(canonical(reference.repository()))
    }

    /// The bytes of `text` that this scope stands for, if it covers it. `text` is a reference
    /// or a repository in canonical form.
    fn matched(&self, text: &str) -> Option<usize> {
        if let Some(domain) = self.0.strip_prefix('*') {
            let host = text.split('/').next().unwrap_or(text);
            // `*.example.org` stands for a.example.org and a.b.example.org, not for example.org.
            let below = host.len() > domain.len() && host.ends_with(domain);
            return below.then_some(host.len());
        }
        let rest = text.strip_prefix(self.0.as_str())?;
        let ends = match rest.as_bytes().first() {
            None | Some(b'/' | b'@') => true,
            // A tag; after a bare host it would be a port, which is another registry.
            Some(b':') => self.0.contains('/'),
            Some(_) => false,
        };
        ends.then_some(self.0.len())
    }

    /// `text` with the part that this scope stands for replaced by `with`, if it covers it.
    pub fn replaced(&self, text: &str, with: &Self) -> Option<String> {
        let length = self.matched(text)?;
        Some(format!("{}{}", with.0, &text[length..]))
    }

    /// Whether it covers `reference`.
    pub fn covers(&self, reference: &ImageRef) -> bool {
        self.matched(&canonical(reference.as_str())).is_some()
    }

    /// How exactly it names something: any path beats any wildcard, the longer one wins.
    fn exactness(&self) -> (bool, usize) {
        (!self.0.starts_with('*'), self.0.len())
    }
}

/// Of `scopes`, the most exact one that covers `reference`.
pub fn longest<'a, T>(
    scopes: impl IntoIterator<Item = (&'a Scope, T)>,
    reference: &ImageRef,
) -> Option<(&'a Scope, T)> {
    scopes
        .into_iter()
        .filter(|(scope, _)| scope.covers(reference))
        .max_by_key(|(scope, _)| scope.exactness())
}

/// `docker.io/debian` means `docker.io/library/debian`, as every container program reads it.
pub fn canonical(reference: &str) -> String {
    match reference.strip_prefix("docker.io/") {
        Some(path) if !path.contains('/') => format!("docker.io/library/{path}"),
        _ => reference.to_owned(),
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let invalid = || InvalidScope(text.chars().take(200).collect());
        let host = text.split('/').next().unwrap_or(text);
        let valid = if let Some(domain) = text.strip_prefix("*.") {
            // Only whole registries.
            host == text && format!("{domain}/x").parse::<ImageRef>().is_ok()
        } else if host == text {
            format!("{text}/x").parse::<ImageRef>().is_ok()
        } else {
            text.parse::<ImageRef>().is_ok()
        };
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(invalid())
        }
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(scope: &str, reference: &str) -> bool {
        let scope: Scope = scope.parse().unwrap();
        scope.covers(&reference.parse().unwrap())
    }

    #[test]
    fn a_scope_covers_what_is_below_it_and_nothing_that_only_looks_like_it() {
        assert!(covers("quay.io", "quay.io/a/b:1"));
        assert!(covers("quay.io/a", "quay.io/a/b:1"));
        assert!(covers("quay.io/a/b", "quay.io/a/b:1"));
        assert!(covers("quay.io/a/b:1", "quay.io/a/b:1"));
        assert!(!covers("quay.io/a", "quay.io/ab/c:1"));
        assert!(!covers("quay.io", "quay.io.evil.org/a/b:1"));
        assert!(!covers("quay.io", "quay.io:5000/a/b:1"));
        assert!(!covers("quay.io/a/b:1", "quay.io/a/b:10"));
        assert!(covers("docker.io/library", "docker.io/debian:13"));
    }

    #[test]
    fn a_wildcard_covers_registries_below_a_domain() {
        assert!(covers("*.example.org", "a.example.org/x:1"));
        assert!(covers("*.example.org", "a.b.example.org/x:1"));
        assert!(!covers("*.example.org", "example.org/x:1"));
        assert!(!covers("*.example.org", "evilexample.org/x:1"));
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            "*.a.b/c",
            "quay",
            "https://quay.io",
            "quay.io/",
            "quay.io/A",
            "a.*.b",
        ] {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_most_exact_scope_decides() {
        let scopes: Vec<Scope> = [
            "*.example.org",
            "a.example.org",
            "a.example.org/x",
            "*.a.example.org",
        ]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
        let best = |reference: &str| {
            let reference = reference.parse().unwrap();
            let found = longest(scopes.iter().map(|scope| (scope, ())), &reference);
            found.map(|(scope, ())| scope.as_str())
        };
        assert_eq!(best("a.example.org/x/y:1"), Some("a.example.org/x"));
        assert_eq!(best("a.example.org/z:1"), Some("a.example.org"));
        assert_eq!(best("b.a.example.org/z:1"), Some("*.a.example.org"));
        assert_eq!(best("example.org/z:1"), None);
    }
}
