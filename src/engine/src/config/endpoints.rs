//! Where an image is fetched from: mirrors first, its registry last.

use kennel_model::{ImageRef, Phrase, UserError, phrase};

use super::RegistriesConf;
use super::file::{ConfigFile, RegistryRules};
use super::registries_conf::{MirrorUse, Registry};
use super::{Scope, canonical, longest};
use crate::registry::Endpoint;

/// The registry is blocked by `registries.conf`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub struct Blocked(pub String);

impl Blocked {
    fn phrase(&self) -> Phrase {
        phrase("images of {registry} are blocked on this computer").with("registry", &self.0)
    }
}

impl From<Blocked> for UserError {
    fn from(error: Blocked) -> Self {
        let todo = phrase(
            "choose an image from elsewhere; containers' registries.conf says what is blocked",
        );
        Self::new("registry-blocked", error.phrase(), todo)
    }
}

/// Where to fetch `reference` from, in this order. `files` are the company's and the person's
/// `config.toml`. The last place is the registry itself, unless `registries.conf` moves it.
pub fn endpoints(
    reference: &ImageRef,
    files: &[ConfigFile; 2],
    conf: &RegistriesConf,
) -> Result<Vec<Endpoint>, Blocked> {
    let repository = canonical(reference.repository());
    let foreign = longest(&conf.registries, reference);
    if let Some((scope, _)) = foreign.filter(|(_, registry)| registry.blocked) {
        return Err(Blocked(scope.as_str().to_owned()));
    }
    let ours: Vec<(&Scope, &RegistryRules)> = files
        .iter()
        .filter_map(|file| longest(&file.registries, reference))
        .collect();
    let mut found = Vec::new();
    for (scope, rules) in &ours {
        for mirror in &rules.mirrors {
            found.push(Endpoint {
                location: moved(&repository, scope, mirror),
                insecure: mirror_is_insecure(mirror, files),
            });
        }
    }
    let insecure = ours.iter().any(|(_, rules)| rules.insecure);
    match foreign {
        Some((scope, registry)) => {
            found.extend(foreign_mirrors(reference, &repository, scope, registry));
            let location = registry.location.as_ref();
            found.push(Endpoint {
                location: location
                    .map_or_else(|| repository.clone(), |to| moved(&repository, scope, to)),
                insecure: insecure || registry.insecure,
            });
        }
        None => found.push(Endpoint {
            location: repository,
            insecure,
        }),
    }
    // A place named twice is asked once.
    let mut seen = std::collections::HashSet::new();
    found.retain(|endpoint| seen.insert(endpoint.location.clone()));
    Ok(found)
}

fn foreign_mirrors<'a>(
    reference: &'a ImageRef,
    repository: &'a str,
    scope: &'a Scope,
    registry: &'a Registry,
) -> impl Iterator<Item = Endpoint> + 'a {
    let pinned = reference.digest().is_some();
    let wanted = move |usage: MirrorUse| match usage {
        MirrorUse::All => pinned || !registry.mirror_by_digest_only,
        MirrorUse::DigestOnly => pinned,
        MirrorUse::TagOnly => !pinned,
    };
    registry
        .mirrors
        .iter()
        .filter(move |mirror| wanted(mirror.pull_from_mirror))
        .map(move |mirror| Endpoint {
            location: moved(repository, scope, &mirror.location),
            insecure: mirror.insecure,
        })
}

/// A mirror is as insecure as its own registry's rules say.
fn mirror_is_insecure(mirror: &Scope, files: &[ConfigFile; 2]) -> bool {
    format!("{}/x", mirror.as_str())
        .parse::<ImageRef>()
        .is_ok_and(|inside| {
            files
                .iter()
                .filter_map(|file| longest(&file.registries, &inside))
                .any(|(_, rules)| rules.insecure)
        })
}

/// `repository` at `to`; a scope with a tag stands for the whole repository.
fn moved(repository: &str, scope: &Scope, to: &Scope) -> String {
    scope
        .replaced(repository, to)
        .unwrap_or_else(|| to.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn at(reference: &str, own: &str, conf: &[&str]) -> Result<Vec<(String, bool)>, Blocked> {
        let file = ConfigFile::parse(own, Path::new("config.toml")).unwrap();
        let mut read = RegistriesConf::default();
        for text in conf {
            read.add(text, Path::new("registries.conf")).unwrap();
        }
        let reference = reference.parse().unwrap();
        let found = endpoints(&reference, &[ConfigFile::default(), file], &read)?;
        Ok(found
            .into_iter()
            .map(|e| (e.location, e.insecure))
            .collect())
    }

    fn one(location: &str, insecure: bool) -> (String, bool) {
        (location.to_owned(), insecure)
    }

    #[test]
    fn without_rules_it_is_the_registry_itself() {
        assert_eq!(
            at("quay.io/a/b:1", "", &[]),
            Ok(vec![one("quay.io/a/b", false)])
        );
        assert_eq!(
            at("docker.io/debian:13", "", &[]),
            Ok(vec![one("docker.io/library/debian", false)])
        );
    }

    #[test]
    fn mirrors_come_first_kennels_before_others() {
        let own = "version = 1\n[registries.\"quay.io/a\"]\nmirrors = [\"m.example.org/cache\", \"local.example.org\"]\n\
                   [registries.\"local.example.org\"]\ninsecure = true";
        let conf = "[[registry]]\nlocation = \"quay.io\"\n[[registry.mirror]]\nlocation = \"n.example.org\"\ninsecure = true";
        let want = vec![
            one("m.example.org/cache/b", false),
            one("local.example.org/b", true),
            one("n.example.org/a/b", true),
            one("quay.io/a/b", false),
        ];
        assert_eq!(at("quay.io/a/b:1", own, &[conf]), Ok(want));
    }

    #[test]
    fn a_registry_can_be_moved_and_the_longest_prefix_decides() {
        let conf = "unqualified-search-registries = [\"evil.example.org\"]\n\
                    [[registry]]\nprefix = \"docker.io\"\nlocation = \"hub.example.org/proxy\"\ninsecure = true\n\
                    [[registry]]\nprefix = \"docker.io/library\"\nlocation = \"official.example.org\"\n\
                    [[registry]]\nprefix = \"*.corp.example\"\nlocation = \"gate.example.org\"";
        assert_eq!(
            at("docker.io/alice/x:1", "", &[conf]),
            Ok(vec![one("hub.example.org/proxy/alice/x", true)])
        );
        assert_eq!(
            at("docker.io/debian:13", "", &[conf]),
            Ok(vec![one("official.example.org/debian", false)])
        );
        assert_eq!(
            at("a.corp.example/x/y:1", "", &[conf]),
            Ok(vec![one("gate.example.org/x/y", false)])
        );
    }

    #[test]
    fn what_is_blocked_is_an_error_also_from_a_drop_in() {
        let open = "[[registry]]\nlocation = \"quay.io\"";
        let closed = "[[registry]]\nlocation = \"quay.io\"\nblocked = true\n[[registry]]\nprefix = \"quay.io/good\"\nlocation = \"quay.io/good\"";
        assert_eq!(
            at("quay.io/a/b:1", "", &[open, closed]),
            Err(Blocked("quay.io".to_owned()))
        );
        assert_eq!(
            at("quay.io/good/b:1", "", &[open, closed]),
            Ok(vec![one("quay.io/good/b", false)])
        );
    }

    #[test]
    fn some_mirrors_serve_only_digests_or_only_tags() {
        let conf = "[[registry]]\nlocation = \"quay.io\"\n\
                    [[registry.mirror]]\nlocation = \"d.example.org\"\npull-from-mirror = \"digest-only\"\n\
                    [[registry.mirror]]\nlocation = \"t.example.org\"\npull-from-mirror = \"tag-only\"";
        let places = |reference: &str| at(reference, "", &[conf]).unwrap().remove(0).0;
        assert_eq!(places("quay.io/a/b:1"), "t.example.org/a/b");
        let pinned = format!("quay.io/a/b@sha256:{}", "0".repeat(64));
        assert_eq!(places(&pinned), "d.example.org/a/b");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_line() {
        let mut conf = RegistriesConf::default();
        for (text, why) in [
            (
                "[registries.search]\nregistries = ['docker.io']",
                "version 1",
            ),
            (
                "[[registry]]\ninsecure = true",
                "neither prefix nor location",
            ),
            ("\n[[registry]]\nlocation = \"http://quay.io\"", "line 3"),
            (
                "[[registry]]\nlocation = \"quay.io\"\nblocked = \"yes\"",
                "line 3",
            ),
        ] {
            let error = conf
                .add(text, Path::new("/etc/r.conf"))
                .unwrap_err()
                .to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
