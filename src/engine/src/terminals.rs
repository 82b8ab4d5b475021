//! Terminal programs of desktops, and which of them opens.

use std::path::{Path, PathBuf};

use kennel_model::{Phrase, phrase};

/// Programs and the word after which the command stands, in the order in which they are tried.
pub const TERMINALS: [(&str, &str); 19] = [
    ("xdg-terminal-exec", "--"),
    ("ptyxis", "--"),
    ("kgx", "--"),
    ("gnome-terminal", "--"),
    ("konsole", "-e"),
    ("kitty", "--"),
    ("io.elementary.terminal", "--"),
    ("tilix", "-e"),
    ("alacritty", "-e"),
    ("wezterm", "-e"),
    ("footclient", "-e"),
    ("ghostty", "-e"),
    ("cosmic-term", "-e"),
    ("xfce4-terminal", "-x"),
    ("terminator", "-x"),
    // What Flatpak puts into its exports; both run what they are given on the host.
    ("app.devsuite.Ptyxis", "--"),
    ("org.gnome.Console", "--"),
    ("x-terminal-emulator", "-e"),
    ("xterm", "-e"),
];

/// The word after which a command stands in terminals that are not in the list: xterm began it.
const USUAL: &str = "-e";

/// A terminal that opens with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// The program.
    pub program: PathBuf,
    /// The word before the command.
    pub separator: &'static str,
}

/// Why there is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum NoTerminal {
    /// The person's own choice is not there. Another one would not be what they asked for.
    Chosen(String),
    /// None of the list is there.
    Any,
}

impl NoTerminal {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Chosen(name) => phrase(
                "the terminal “{name}”, which config.toml names, was not found on this computer",
            )
            .with("name", name),
            Self::Any => phrase("no terminal was found on this computer"),
        }
    }
}

/// The terminal that `preferred` names, else the first of the list that `find` finds: it looks up a
/// program's name or path.
pub fn choose(
    preferred: Option<&str>,
    find: impl Fn(&str) -> Option<PathBuf>,
) -> Result<Terminal, NoTerminal> {
    if let Some(preferred) = preferred {
        let program = find(preferred).ok_or_else(|| NoTerminal::Chosen(preferred.to_owned()))?;
        let separator = separator(preferred);
        return Ok(Terminal { program, separator });
    }
    let mut known = TERMINALS.into_iter();
    known
        .find_map(|(name, separator)| find(name).map(|program| Terminal { program, separator }))
        .ok_or(NoTerminal::Any)
}

fn separator(program: &str) -> &'static str {
    let name = Path::new(program).file_name().unwrap_or_default();
    let mut known = TERMINALS.into_iter();
    known
        .find(|(known, _)| name == *known)
        .map_or(USUAL, |(_, separator)| separator)
}

/// Looks a program up by its path, in `PATH`, and where Flatpak exports apps.
pub fn find(program: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| path.is_file();
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(is_program);
    }
    let exports = "flatpak/exports/bin";
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    let flatpaks = data.or(home).into_iter().chain(["/var/lib".into()]);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(flatpaks.map(|directory| directory.join(exports)))
        .map(|directory| directory.join(program))
        .find(is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds these and nothing else.
    fn only<'a>(names: &'a [&'a str]) -> impl Fn(&str) -> Option<PathBuf> + 'a {
        |name| names.contains(&name).then(|| Path::new("/bin").join(name))
    }

    fn chosen(preferred: Option<&str>, there: &[&str]) -> Result<(String, &'static str), String> {
        choose(preferred, only(there))
            .map(|it| (it.program.display().to_string(), it.separator))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_desktops_own_choice_comes_before_any_program() {
        let there = ["xterm", "konsole", "xdg-terminal-exec"];
        let first = chosen(None, &there).unwrap();
        assert_eq!(first, ("/bin/xdg-terminal-exec".to_owned(), "--"));
        assert_eq!(
            chosen(None, &there[..2]).unwrap(),
            ("/bin/konsole".to_owned(), "-e")
        );
    }

    #[test]
    fn the_persons_choice_comes_first_and_nothing_takes_its_place() {
        let there = ["xdg-terminal-exec", "kgx", "st"];
        assert_eq!(chosen(Some("kgx"), &there).unwrap().1, "--");
        assert_eq!(chosen(Some("st"), &there).unwrap().1, "-e");
        let error = chosen(Some("tilix"), &there).unwrap_err();
        assert!(error.contains("“tilix”"), "{error}");
        assert!(chosen(None, &[]).is_err());
    }

    #[test]
    fn a_path_is_known_by_its_last_word() {
        assert_eq!(separator("/opt/bin/xfce4-terminal"), "-x");
    }
}
