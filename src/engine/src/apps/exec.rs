//! The `Exec` key of a desktop entry: into arguments and back (Desktop Entry Specification, “The
//! Exec key”). The value is escaped twice, as a string and as a command line.

/// Splits an unescaped value into arguments. None if a quotation does not end.
pub fn split(value: &str) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    let mut characters = value.chars().peekable();
    while let Some(&first) = characters.peek() {
        if first == ' ' {
            characters.next();
            continue;
        }
        let mut argument = String::new();
        let mut quoted = false;
        loop {
            match characters.next() {
                None if quoted => return None,
                None => break,
                Some(' ') if !quoted => break,
                Some('"') => quoted = !quoted,
                Some('\\') if quoted => argument.push(characters.next()?),
                Some(other) => argument.push(other),
            }
        }
        arguments.push(argument);
    }
    Some(arguments)
}

/// Whether `argument` stands for the files or addresses that are opened.
fn is_field(argument: &str) -> bool {
    matches!(argument, "%f" | "%F" | "%u" | "%U")
}

/// A value for the arguments `ours`, taken literally, then `theirs`, an app's own, whose field codes
/// for files stay if `with_files`; other codes name things of the pet and go.
pub fn join(ours: &[&str], theirs: &[String], name: &str, with_files: bool) -> String {
    let own = ours.iter().map(|argument| quote(&doubled(argument)));
    let apps = theirs
        .iter()
        .filter_map(|argument| app_argument(argument, name, with_files));
    own.chain(apps).collect::<Vec<_>>().join(" ")
}

/// One argument of an app's own. None if it was nothing but a code that goes.
fn app_argument(argument: &str, name: &str, with_files: bool) -> Option<String> {
    if is_field(argument) {
        return with_files.then(|| argument.to_owned());
    }
    let (mut text, mut field) = (String::new(), false);
    let mut characters = argument.chars();
    while let Some(c) = characters.next() {
        match (c, (c == '%').then(|| characters.next()).flatten()) {
            // A list is an argument of its own; one file may be a part of one, as in `--open=%f`.
            ('%', Some(code @ ('f' | 'u'))) if with_files => {
                text.extend(['%', code]);
                field = true;
            }
            ('%', Some('c')) => text.push_str(&doubled(name)),
            ('%', Some('%') | None) => text.push_str("%%"),
            ('%', Some(_)) => {}
            (other, _) => text.push(other),
        }
    }
    if text.is_empty() && !argument.is_empty() {
        return None;
    }
    // In quotes a field means nothing.
    let is_lost = field && !text.chars().all(is_plain);
    (!is_lost).then(|| quote(&text))
}

/// `text` without a field code.
fn doubled(text: &str) -> String {
    text.replace('%', "%%")
}

/// Whether `c` means nothing in a command line.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c)
}

/// `argument` in double quotes where it needs them, then escaped as a string.
fn quote(argument: &str) -> String {
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in argument.chars().filter(|c| !c.is_control()) {
        match c {
            // One backslash for the command line, doubled for the string.
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            _ => {}
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::entry::unescape;

    /// What arrives of `argument`, whose `%` is as an entry has it.
    fn round(argument: &str) -> Vec<String> {
        let value = join(&["run"], &[doubled(argument)], "x", true);
        assert!(!value.contains('\n'), "{value}");
        split(&unescape(&value))
            .unwrap()
            .iter()
            .map(|argument| argument.replace("%%", "%"))
            .collect()
    }

    #[test]
    fn hostile_arguments_stay_one_argument() {
        for argument in [
            "a b",
            "$(reboot)",
            "`id`",
            "a\"b",
            "back\\slash",
            "\\\"",
            "",
            "é;&|>",
            "50%",
        ] {
            assert_eq!(round(argument), ["run", argument], "{argument:?}");
        }
        assert_eq!(round("a\nExec=evil"), ["run", "aExec=evil"]);
    }

    #[test]
    fn codes_for_files_stay_and_others_go() {
        let theirs = split("app --class \"a b\" %U %i %k").unwrap();
        assert_eq!(
            join(&["kennel", "run", "--"], &theirs, "App", true),
            "kennel run -- app --class \"a b\" %U"
        );
        assert_eq!(
            join(&["kennel"], &theirs, "App", false),
            "kennel app --class \"a b\""
        );
    }

    #[test]
    fn codes_in_the_middle_of_an_argument_are_read_too() {
        let join = |argument: &str, with_files| {
            join(&["kennel"], &[argument.to_owned()], "50% App", with_files)
        };
        for (argument, with, without) in [
            ("--open=%f", "kennel --open=%f", "kennel --open="),
            ("--url=%u", "kennel --url=%u", "kennel --url="),
            (
                "--title=%c",
                "kennel \"--title=50%% App\"",
                "kennel \"--title=50%% App\"",
            ),
            ("100%%", "kennel 100%%", "kennel 100%%"),
            ("%%f", "kennel %%f", "kennel %%f"),
            ("100%", "kennel 100%%", "kennel 100%%"),
            ("-x%k", "kennel -x", "kennel -x"),
            ("%F", "kennel %F", "kennel"),
            ("--all=%F", "kennel --all=", "kennel --all="),
            // A field in quotes is undefined: better no argument than what it would become.
            ("open $(%f)", "kennel", "kennel \"open \\\\$()\""),
        ] {
            assert_eq!(join(argument, true), with, "{argument}");
            assert_eq!(join(argument, false), without, "{argument}");
        }
    }

    #[test]
    fn an_open_quotation_is_no_command() {
        assert_eq!(split("sh \"-c"), None);
        assert_eq!(split("  a   b ").unwrap(), ["a", "b"]);
    }
}
