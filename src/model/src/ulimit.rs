//! Resource limits of each process (setrlimit(2)), as `ulimit` of a shell knows them.

use std::str::FromStr;

use crate::text::shown_newtype;

/// What is limited; the names of getrlimit(2) without `RLIMIT_`, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are getrlimit(2)'s own")]
pub enum Resource {
    As,
    Core,
    Cpu,
    Data,
    Fsize,
    Memlock,
    Nice,
    Nofile,
    Nproc,
    Rtprio,
    Stack,
}

impl Resource {
    /// Every resource and its word.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::As, "as"),
        (Self::Core, "core"),
        (Self::Cpu, "cpu"),
        (Self::Data, "data"),
        (Self::Fsize, "fsize"),
        (Self::Memlock, "memlock"),
        (Self::Nice, "nice"),
        (Self::Nofile, "nofile"),
        (Self::Nproc, "nproc"),
        (Self::Rtprio, "rtprio"),
        (Self::Stack, "stack"),
    ];

    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(resource, _)| *resource == self)
            .map_or("", |(_, word)| word)
    }
}

impl FromStr for Resource {
    type Err = InvalidUlimit;

    fn from_str(text: &str) -> Result<Self, InvalidUlimit> {
        let found = Self::ALL.into_iter().find(|(_, word)| *word == text);
        found
            .map(|(resource, _)| resource)
            .ok_or_else(|| InvalidUlimit::Name(text.to_owned()))
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

shown_newtype!(Resource, "what can be limited");

/// A limit of each process of a pet. As text `NAME=SOFT[:HARD]`, such as `nofile=1024:524288` or
/// `core=unlimited`; one number sets both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ulimit {
    /// What is limited.
    pub resource: Resource,
    /// What holds until a program raises it; `None` is unlimited. In the units of getrlimit(2).
    pub soft: Option<u64>,
    /// What a program may raise it to; `None` is unlimited.
    pub hard: Option<u64>,
}

/// Why a text is not a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUlimit {
    /// Not `NAME=SOFT[:HARD]`.
    #[error("{0:?} is not a limit: write NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:4096")]
    Form(String),
    /// A name that is not in [`Resource::ALL`].
    #[error(
        "there is no limit called {0:?}: the names are as, core, cpu, data, fsize, memlock, nice, nofile, nproc, rtprio and stack"
    )]
    Name(String),
    /// A soft limit above the hard one.
    #[error("{0:?}: the first number may not be above the second")]
    Order(String),
}

impl FromStr for Ulimit {
    type Err = InvalidUlimit;

    fn from_str(text: &str) -> Result<Self, InvalidUlimit> {
        let form = || InvalidUlimit::Form(text.to_owned());
        let (name, values) = text.split_once('=').ok_or_else(form)?;
        let resource = name.parse()?;
        let value = |text: &str| match text {
            "unlimited" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| form()),
        };
        let (soft, hard) = values.split_once(':').unwrap_or((values, values));
        let (soft, hard) = (value(soft)?, value(hard)?);
        if hard.is_some_and(|hard| soft.is_none_or(|soft| soft > hard)) {
            return Err(InvalidUlimit::Order(text.to_owned()));
        }
        Ok(Self {
            resource,
            soft,
            hard,
        })
    }
}

impl std::fmt::Display for Ulimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value =
            |value: Option<u64>| value.map_or("unlimited".to_owned(), |value| value.to_string());
        write!(f, "{}={}", self.resource.as_str(), value(self.soft))?;
        if self.soft != self.hard {
            write!(f, ":{}", value(self.hard))?;
        }
        Ok(())
    }
}

shown_newtype!(Ulimit, "a limit");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_the_same() {
        for text in [
            "nofile=1024",
            "nofile=1024:4096",
            "core=unlimited",
            "stack=8388608:unlimited",
        ] {
            assert_eq!(
                text.parse::<Ulimit>().map(|limit| limit.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "nofile",
            "nofile=",
            "files=1",
            "nofile=2:1",
            "nofile=unlimited:1",
            "nofile=-1",
        ] {
            assert!(text.parse::<Ulimit>().is_err(), "{text}");
        }
    }
}
