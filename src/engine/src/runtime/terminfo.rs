//! Whether a pet knows the terminal of whoever enters it (terminfo(5)).

use std::path::{Path, PathBuf};

/// Where images keep terminal descriptions.
const DIRECTORIES: [&str; 4] = [
    "/usr/share/terminfo",
    "/lib/terminfo",
    "/etc/terminfo",
    "/usr/lib/terminfo",
];

/// What nearly every terminal of today understands, and nearly every image knows.
const COMMON: [&str; 2] = ["xterm-256color", "xterm"];

/// The value of `TERM` inside for the terminal `term`, in an image where `exists` says which files
/// there are: new terminals (xterm-kitty, foot) are unknown to most images, whose programs then
/// refuse to draw. `home` may hold the person's own descriptions.
pub fn known_terminal(term: &str, home: &Path, exists: impl Fn(&Path) -> bool) -> String {
    let own = home.join(".terminfo");
    let is_known = |name: &str| {
        DIRECTORIES
            .iter()
            .map(Path::new)
            .chain([own.as_path()])
            .flat_map(|directory| entries(directory, name))
            .any(|path| exists(&path))
    };
    let is_name = !term.is_empty() && !term.starts_with('.') && !term.contains('/');
    // Programs know what a terminal without any ability is without being told.
    if is_name && (term == "dumb" || is_known(term)) {
        return term.to_owned();
    }
    COMMON
        .into_iter()
        .find(|name| is_known(name))
        .unwrap_or(COMMON[0])
        .to_owned()
}

/// Below the first letter, or on some systems its code in hexadecimal.
fn entries(directory: &Path, name: &str) -> [PathBuf; 2] {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    [
        directory.join(char::from(first).to_string()).join(name),
        directory.join(format!("{first:x}")).join(name),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(term: &str, image: &[&str]) -> String {
        known_terminal(term, Path::new("/home/ada"), |path| {
            image.iter().any(|there| Path::new(there) == path)
        })
    }

    #[test]
    fn a_terminal_that_the_image_or_the_person_knows_stays() {
        assert_eq!(inside("foot", &["/usr/share/terminfo/f/foot"]), "foot");
        assert_eq!(inside("foot", &["/lib/terminfo/66/foot"]), "foot");
        assert_eq!(
            inside("xterm-kitty", &["/home/ada/.terminfo/x/xterm-kitty"]),
            "xterm-kitty"
        );
        assert_eq!(inside("dumb", &[]), "dumb");
    }

    #[test]
    fn an_unknown_one_becomes_the_common_one() {
        let debian = ["/lib/terminfo/x/xterm", "/lib/terminfo/x/xterm-256color"];
        assert_eq!(inside("xterm-ghostty", &debian), "xterm-256color");
        assert_eq!(inside("foot", &["/etc/terminfo/x/xterm"]), "xterm");
        assert_eq!(inside("foot", &[]), "xterm-256color");
        assert_eq!(inside("../../etc/passwd", &debian), "xterm-256color");
        assert_eq!(inside("", &debian), "xterm-256color");
    }
}
