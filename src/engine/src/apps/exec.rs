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
    let literal = |argument: &str| quote(&argument.replace('%', "%%"));
    let own = ours.iter().map(|argument| literal(argument));
    let apps = theirs
        .iter()
        .filter_map(|argument| match argument.as_str() {
            field if is_field(field) => with_files.then(|| field.to_owned()),
            "%c" => Some(literal(name)),
            code if code.len() == 2 && code.starts_with('%') && code != "%%" => None,
            other => Some(literal(&other.replace("%%", "%"))),
        });
    own.chain(apps).collect::<Vec<_>>().join(" ")
}

/// `argument` in double quotes where it needs them, then escaped as a string.
fn quote(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
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

    fn round(argument: &str) -> Vec<String> {
        let value = join(&["run"], &[argument.to_owned()], "x", true);
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
    fn an_open_quotation_is_no_command() {
        assert_eq!(split("sh \"-c"), None);
        assert_eq!(split("  a   b ").unwrap(), ["a", "b"]);
    }
}
