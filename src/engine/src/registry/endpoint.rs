//! Where a repository is to be fetched from.

use std::borrow::Cow;

use kennel_model::{Digest, ImageRef};

/// A repository at a registry or at a mirror of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `host[:port]/path` there, without tag and digest.
    pub location: String,
    /// Plain http is allowed, and certificates are not checked.
    pub insecure: bool,
}

/// Docker Hub's name in references; its API answers elsewhere, and its own images are below
/// `library/`.
const DOCKER_HUB: &str = "docker.io";
const DOCKER_HUB_API: &str = "registry-1.docker.io";

impl Endpoint {
    /// The repository that `reference` names.
    pub fn origin(reference: &ImageRef) -> Self {
        Self {
            location: reference.repository().to_owned(),
            insecure: false,
        }
    }

    /// `host[:port]`.
    pub(super) fn host(&self) -> &str {
        self.location.split('/').next().unwrap_or(&self.location)
    }

    /// The host that answers.
    pub(super) fn api_host(&self) -> &str {
        match self.host() {
            DOCKER_HUB => DOCKER_HUB_API,
            host => host,
        }
    }

    /// The path of the repository at the host.
    pub(super) fn repository(&self) -> Cow<'_, str> {
        let path = self.location.split_once('/').map_or("", |(_, path)| path);
        if self.host() == DOCKER_HUB && !path.contains('/') {
            Cow::Owned(format!("library/{path}"))
        } else {
            Cow::Borrowed(path)
        }
    }

    /// Whether it is on this computer, where nobody can listen on the way.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.host();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        name == "localhost"
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Whether plain http will do when nothing speaks TLS there.
    pub(super) fn allows_plain_http(&self) -> bool {
        self.insecure || self.is_loopback()
    }
}

/// What to ask the repository for: a digest when the reference pins one, else the tag.
pub(super) enum Wanted {
    Digest(Digest),
    Tag(String),
}

impl Wanted {
    pub(super) fn of(reference: &ImageRef) -> Self {
        if let Some(digest) = reference.digest() {
            return Self::Digest(digest);
        }
        let tag = reference.short().rsplit_once(':');
        Self::Tag(tag.map_or("latest", |(_, tag)| tag).to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Digest(digest) => digest.as_str(),
            Self::Tag(tag) => tag,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(text: &str) -> ImageRef {
        text.parse().unwrap()
    }

    #[test]
    fn origin_of_a_reference() {
        let at = Endpoint::origin(&reference("localhost:5000/a/b:1"));
        assert_eq!(
            (at.host(), at.repository().as_ref()),
            ("localhost:5000", "a/b")
        );
        assert!(at.allows_plain_http());
        let hub = Endpoint::origin(&reference("docker.io/debian"));
        let there = (hub.api_host(), hub.repository());
        assert_eq!(
            (there.0, there.1.as_ref()),
            ("registry-1.docker.io", "library/debian")
        );
        assert!(!hub.allows_plain_http());
    }

    #[test]
    fn only_this_computer_is_loopback() {
        let at = |location: &str| Endpoint {
            location: location.to_owned(),
            insecure: false,
        };
        for here in [
            "localhost/a",
            "127.0.0.1:5000/a",
            "127.8.0.1/a",
            "[::1]:5000/a",
        ] {
            assert!(at(here).is_loopback(), "{here}");
        }
        for there in [
            "localhost.example.org/a",
            "127.0.0.1.example.org/a",
            "128.0.0.1/a",
            "[::2]/a",
        ] {
            assert!(!at(there).is_loopback(), "{there}");
        }
    }

    #[test]
    fn a_digest_wins_over_a_tag() {
        let hex = "a".repeat(64);
        let both = reference(&format!("r.example/a:1@sha256:{hex}"));
        assert_eq!(Wanted::of(&both).as_str(), format!("sha256:{hex}"));
        assert_eq!(Wanted::of(&reference("r.example:443/a")).as_str(), "latest");
    }
}
