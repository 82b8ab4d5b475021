//! Which login shell a person gets: their own if the image has it, else the best that is there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Where shells are. The person's own path comes first; distributions disagree about the rest.
const DIRECTORIES: [&str; 4] = [
    "/bin",
    "/usr/bin",
    "/usr/local/bin",
    "/run/current-system/sw/bin",
];

/// From the one that most people expect to the one that is always there.
const BEST: [&str; 6] = ["bash", "zsh", "fish", "ash", "dash", "sh"];

/// The shells of accounts that nobody logs into; a pet made by one of these is entered all the same.
const NO_SHELLS: [&str; 3] = ["nologin", "false", "true"];

/// A login shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Where it is in the pet.
    pub path: PathBuf,
    /// The name of the person's own shell, when the image lacks it.
    pub missing: Option<String>,
}

/// The shell for somebody whose own is `wanted`, in an image that has what `is_program` says.
pub fn choose(wanted: &Path, is_program: impl Fn(&Path) -> bool) -> Choice {
    let find = |name: &OsStr| {
        DIRECTORIES
            .into_iter()
            .map(|directory| Path::new(directory).join(name))
            .find(|path| is_program(path))
    };
    let name = wanted
        .file_name()
        .filter(|name| !NO_SHELLS.iter().any(|none| name == none));
    let own = name.and_then(|name| {
        if is_program(wanted) {
            Some(wanted.to_owned())
        } else {
            find(name)
        }
    });
    match own {
        Some(path) => Choice {
            path,
            missing: None,
        },
        None => Choice {
            path: BEST
                .into_iter()
                .find_map(|name| find(name.as_ref()))
                .unwrap_or_else(|| "/bin/sh".into()),
            missing: name.map(|name| name.to_string_lossy().into_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(wanted: &str, image: &[&str]) -> (String, Option<String>) {
        let choice = choose(Path::new(wanted), |path| {
            image.iter().any(|there| Path::new(there) == path)
        });
        (choice.path.to_string_lossy().into_owned(), choice.missing)
    }

    #[test]
    fn the_own_shell_is_found_by_path_and_by_name() {
        let image = ["/usr/bin/zsh", "/bin/bash"];
        assert_eq!(choice("/usr/bin/zsh", &image).0, "/usr/bin/zsh");
        assert_eq!(choice("/bin/zsh", &image).0, "/usr/bin/zsh");
        assert_eq!(
            choice("/nix/store/abc-zsh-5.9/bin/zsh", &image),
            ("/usr/bin/zsh".into(), None)
        );
    }

    #[test]
    fn without_it_the_best_is_taken_and_what_is_missing_is_said() {
        let missing = Some("zsh".to_owned());
        assert_eq!(
            choice("/bin/zsh", &["/bin/sh", "/bin/dash", "/bin/bash"]),
            ("/bin/bash".into(), missing.clone())
        );
        assert_eq!(
            choice("/bin/zsh", &["/bin/sh", "/bin/ash"]),
            ("/bin/ash".into(), missing.clone())
        );
        assert_eq!(choice("/bin/zsh", &[]), ("/bin/sh".into(), missing));
    }

    #[test]
    fn an_account_without_a_login_gets_a_shell_and_no_remark() {
        let image = ["/usr/sbin/nologin", "/bin/bash"];
        assert_eq!(
            choice("/usr/sbin/nologin", &image),
            ("/bin/bash".into(), None)
        );
    }
}
