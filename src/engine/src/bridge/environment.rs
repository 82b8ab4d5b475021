//! Which variables a command on the host gets: the host's own, and few of the caller's.

use std::ffi::OsStr;

use super::wire::Request;
use crate::runtime::environment::is_of_language;
use crate::session::Variables;

/// Variables of a caller in the pet that are as true on the host: how its terminal looks.
const PASSED: [&str; 3] = ["TERM", "COLORTERM", "NO_COLOR"];

/// The environment of the command of `request` where the host's is `host`.
pub fn of_command(request: &Request, host: &Variables) -> Variables {
    let mut all = Variables::new();
    if !request.clear_environment {
        all.extend(host.clone());
        let passed = |name: &OsStr| {
            let name = name.to_str().unwrap_or_default();
            PASSED.contains(&name) || is_of_language(name)
        };
        let callers = request.environment.iter();
        all.extend(callers.filter(|(name, _)| passed(name)).cloned());
    }
    all.extend(request.set.iter().cloned());
    for name in &request.unset {
        all.remove(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn pairs(all: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        let pair = |(name, value): &(&str, &str)| (name.into(), value.into());
        all.iter().map(pair).collect()
    }

    fn made(request: &Request) -> Vec<String> {
        let host = pairs(&[
            ("PATH", "/usr/bin"),
            ("HOME", "/home/ada"),
            ("TERM", "linux"),
        ]);
        let all = of_command(request, &host.into_iter().collect());
        let line = |(name, value): (&OsString, &OsString)| {
            format!("{}={}", name.to_string_lossy(), value.to_string_lossy())
        };
        all.iter().map(line).collect()
    }

    #[test]
    fn the_hosts_own_stay_and_few_of_the_callers_come() {
        let mut request = Request {
            environment: pairs(&[
                ("PATH", "/evil"),
                ("TERM", "xterm"),
                ("LC_ALL", "C"),
                ("LD_PRELOAD", "x"),
            ]),
            set: pairs(&[("ASKED", "1")]),
            unset: vec!["HOME".into()],
            ..Request::default()
        };
        assert_eq!(
            made(&request),
            ["ASKED=1", "LC_ALL=C", "PATH=/usr/bin", "TERM=xterm"]
        );
        request.clear_environment = true;
        assert_eq!(made(&request), ["ASKED=1"]);
    }
}
