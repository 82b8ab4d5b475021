//! A pet's desktop entry (Desktop Entry Specification), as far as it is of use outside.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::exec;

/// Longer texts are nobody's name.
const TEXT_LIMIT: usize = 200;

/// More actions fit into no menu.
const ACTION_LIMIT: usize = 16;

/// An app that a pet has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppEntry {
    /// The file's name without the ending; of the characters that [`is_id`] allows.
    pub id: String,
    /// Its name, by locale; the empty one is for everybody.
    pub names: BTreeMap<String, String>,
    /// What it is, in a sentence.
    pub comment: String,
    /// Name or path of its icon in the pet.
    pub icon: String,
    /// The command.
    pub exec: Vec<String>,
    /// Whether it needs a terminal.
    pub terminal: bool,
    /// The class of its windows.
    pub window_class: String,
    /// Where menus show it, by `;`.
    pub categories: String,
    /// What it is found by, by `;`.
    pub keywords: String,
    /// What it opens, by `;`; only what cannot take over the desktop.
    pub mime_types: String,
    /// Further ways to start it: name and command by id.
    pub actions: BTreeMap<String, (String, Vec<String>)>,
    /// What else menus say of it, in every language: whole keys such as `Comment[de]`.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// The names of the actions in every language: keys such as `Name[de]`, by the action's id.
    #[serde(default)]
    pub action_names: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether the desktop may show that it is starting.
    #[serde(default)]
    pub startup_notify: bool,
    /// The desktops that alone show it, by `;`; none is all.
    #[serde(default)]
    pub only_shown_in: String,
    /// The desktops that do not show it, by `;`.
    #[serde(default)]
    pub not_shown_in: String,
    /// The program without which it is not there.
    #[serde(default)]
    pub try_exec: String,
}

/// The keys besides the name whose texts are translated.
const TRANSLATED: [&str; 3] = ["Comment", "GenericName", "Keywords"];

/// So many translations of a text are enough for any desktop.
const TRANSLATIONS_LIMIT: usize = 300;

/// Whether `id` can be part of a file name on the host and of a command line.
pub fn is_id(id: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    id.len() <= TEXT_LIMIT
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(inner)
}

/// Undoes the escapes of a value of type string.
pub fn unescape(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match (c, (c == '\\').then(|| characters.next()).flatten()) {
            ('\\', Some('s')) => text.push(' '),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some(other)) => text.push(other),
            (other, _) => text.push(other),
        }
    }
    text
}

/// `text` for one line of the host's: no control characters, not too long.
pub fn one_line(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_direction(*c))
        .take(TEXT_LIMIT)
        .collect()
}

/// Characters that turn the direction of writing and so make a name look like another.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Reads the text of the desktop file `id`. None if it is not an app that menus show.
pub fn parse(id: &str, text: &str) -> Option<AppEntry> {
    let groups = groups(text);
    let main = groups.get("Desktop Entry")?;
    let value = |key: &str| main.get(key).copied().unwrap_or_default();
    let is_true = |key| value(key) == "true";
    if !is_id(id) || value("Type") != "Application" || is_true("NoDisplay") || is_true("Hidden") {
        return None;
    }
    let names: BTreeMap<String, String> = main
        .iter()
        .filter_map(|(key, value)| Some((locale_of(key, "Name")?, one_line(&unescape(value)))))
        .filter(|(_, name)| !name.trim().is_empty())
        .take(TRANSLATIONS_LIMIT)
        .collect();
    let exec = exec::split(&unescape(value("Exec"))).filter(|exec| !exec.is_empty())?;
    names.get("")?;
    Some(AppEntry {
        id: id.to_owned(),
        names,
        comment: one_line(&unescape(value("Comment"))),
        icon: one_line(&unescape(value("Icon"))),
        exec,
        terminal: is_true("Terminal"),
        window_class: one_line(value("StartupWMClass")),
        categories: list(value("Categories"), |_| true),
        keywords: list(value("Keywords"), |_| true),
        mime_types: list(value("MimeType"), is_harmless),
        actions: actions(&groups, value("Actions")),
        texts: texts(main),
        action_names: action_names(&groups, value("Actions")),
        startup_notify: is_true("StartupNotify"),
        only_shown_in: list(value("OnlyShowIn"), |_| true),
        not_shown_in: list(value("NotShowIn"), |_| true),
        try_exec: one_line(&unescape(value("TryExec"))),
    })
}

/// The translations of what menus say, and the general name in every language.
fn texts(main: &Group<'_>) -> BTreeMap<String, String> {
    let text = |(key, value): (&&str, &&str)| {
        let (plain, locale) = TRANSLATED
            .iter()
            .find_map(|plain| Some((*plain, locale_of(key, plain)?)))?;
        let text = match plain {
            "Keywords" => list(value, |_| true),
            _ => one_line(&unescape(value)),
        };
        // The others without a language have fields of their own.
        let is_wanted = match locale.as_str() {
            "" => plain == "GenericName",
            // A translation of nothing is none.
            _ => main.contains_key(plain),
        };
        (is_wanted && !text.is_empty()).then(|| ((*key).to_owned(), text))
    };
    main.iter()
        .filter_map(text)
        .take(TRANSLATED.len() * TRANSLATIONS_LIMIT)
        .collect()
}

fn action_names(
    groups: &BTreeMap<&str, Group<'_>>,
    ids: &str,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let names = |id: &str| {
        let group = groups.get(format!("Desktop Action {id}").as_str())?;
        let names = group.iter().filter_map(|(key, value)| {
            let locale = locale_of(key, "Name").filter(|locale| !locale.is_empty())?;
            Some((format!("Name[{locale}]"), one_line(&unescape(value))))
        });
        let names = names.take(TRANSLATIONS_LIMIT).collect();
        is_id(id).then(|| (id.to_owned(), names))
    };
    ids.split(';')
        .filter_map(names)
        .take(ACTION_LIMIT)
        .collect()
}

type Group<'a> = BTreeMap<&'a str, &'a str>;

/// The first of two groups or keys of one name counts.
fn groups(text: &str) -> BTreeMap<&str, Group<'_>> {
    let mut groups = BTreeMap::<&str, Group<'_>>::new();
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            current = Some(name).filter(|name| !groups.contains_key(name));
            if let Some(name) = current {
                groups.insert(name, Group::new());
            }
        } else if let (Some(group), Some((key, value))) = (
            current.and_then(|name| groups.get_mut(name)),
            line.split_once('='),
        ) && !line.starts_with('#')
        {
            group
                .entry(key.trim_end())
                .or_insert_with(|| value.trim_start());
        }
    }
    groups
}

/// The locale of a key `plain[locale]`, empty for `plain` alone.
fn locale_of(key: &str, plain: &str) -> Option<String> {
    let rest = key.strip_prefix(plain)?;
    if rest.is_empty() {
        return Some(String::new());
    }
    let locale = rest.strip_prefix('[')?.strip_suffix(']')?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_@.-".contains(c);
    (!locale.is_empty() && locale.len() < 32 && locale.chars().all(allowed))
        .then(|| locale.to_owned())
}

fn list(value: &str, keep: impl Fn(&str) -> bool) -> String {
    value
        .split(';')
        .map(one_line)
        .filter(|item| !item.is_empty() && !item.contains('\\') && keep(item))
        .take(100)
        .fold(String::new(), |text, item| text + &item + ";")
}

/// Not links, folders or programs: whoever opens those stands between the person and everything.
fn is_harmless(kind: &str) -> bool {
    const REFUSED: [&str; 6] = [
        "x-scheme-handler/",
        "inode/",
        "application/x-executable",
        "application/x-sharedlib",
        "application/x-shellscript",
        "application/x-desktop",
    ];
    !REFUSED.iter().any(|refused| kind.starts_with(refused))
}

fn actions(
    groups: &BTreeMap<&str, Group<'_>>,
    ids: &str,
) -> BTreeMap<String, (String, Vec<String>)> {
    let action = |id: &str| {
        let group = groups.get(format!("Desktop Action {id}").as_str())?;
        let name = one_line(&unescape(group.get("Name")?));
        let exec = exec::split(&unescape(group.get("Exec")?))?;
        (is_id(id) && !exec.is_empty()).then(|| (id.to_owned(), (name, exec)))
    };
    ids.split(';')
        .filter_map(action)
        .take(ACTION_LIMIT)
        .collect()
}

impl AppEntry {
    /// Its name for somebody whose locale is `locale` (“de_AT.UTF-8@euro”), by the specification's
    /// order.
    pub fn name(&self, locale: &str) -> &str {
        let (rest, modifier) = locale.split_once('@').unwrap_or((locale, ""));
        let base = rest.split('.').next().unwrap_or_default();
        let language = base.split('_').next().unwrap_or_default();
        [
            format!("{base}@{modifier}"),
            base.to_owned(),
            format!("{language}@{modifier}"),
            language.to_owned(),
            String::new(),
        ]
        .iter()
        .find_map(|key| self.names.get(key))
        .map_or(self.id.as_str(), String::as_str)
    }

    /// Whether the desktops `current`, the value of `XDG_CURRENT_DESKTOP`, show it in their menus.
    pub fn is_shown_in(&self, current: &str) -> bool {
        let is_among = |list: &str| {
            let mut desktops = current.split(':').filter(|name| !name.is_empty());
            desktops.any(|name| list.split(';').any(|other| other == name))
        };
        // Without a desktop there is no menu that would hide it.
        let is_wanted = self.only_shown_in.is_empty() || current.is_empty();
        (is_wanted || is_among(&self.only_shown_in)) && !is_among(&self.not_shown_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDITOR: &str = "[Desktop Entry]\nType=Application\nName=Editor\nName[de]=Bearbeiter\n\
        Exec=edit --new %F\nMimeType=text/plain;x-scheme-handler/http;inode/directory;\n\
        Actions=blank;gone;\n[Desktop Action blank]\nName=Blank\nExec=edit --blank\n";

    #[test]
    fn an_app_is_read_in_the_persons_language() {
        let app = parse("editor", EDITOR).unwrap();
        assert_eq!(app.name("de_AT.UTF-8"), "Bearbeiter");
        assert_eq!(app.name("C"), "Editor");
        assert_eq!(app.exec, ["edit", "--new", "%F"]);
        assert_eq!(app.mime_types, "text/plain;");
        assert_eq!(app.actions.len(), 1);
    }

    #[test]
    fn every_text_of_a_menu_is_there_in_every_language() {
        let text = EDITOR
            .replace(
                "Name=Editor",
                "GenericName=Text\nGenericName[de]=Texte\nComment=Edit\nComment[de]=Bearbeite\\nA=b\n\
                 Keywords=x;\nKeywords[fr]=texte;mot;\nCommentary[de]=x\nComment[../x]=y\nName=Editor",
            )
            .replace("Name=Blank", "Name=Blank\nName[de]=Leer");
        let app = parse("editor", &text).unwrap();
        let texts: Vec<_> = app.texts.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            texts,
            [
                "Comment[de]=BearbeiteA=b",
                "GenericName=Text",
                "GenericName[de]=Texte",
                "Keywords[fr]=texte;mot;"
            ]
        );
        assert_eq!(app.action_names["blank"]["Name[de]"], "Leer");
    }

    #[test]
    fn an_app_of_another_desktop_is_not_shown() {
        let with = |line: &str| {
            let text = EDITOR.replace("Name=Editor\n", &format!("{line}\nName=Editor\n"));
            parse("editor", &text).unwrap()
        };
        let only = with("OnlyShowIn=XFCE;KDE;");
        assert!(only.is_shown_in("ubuntu:KDE"));
        assert!(!only.is_shown_in("GNOME"));
        assert!(only.is_shown_in(""));
        let not = with("NotShowIn=GNOME;");
        assert!(not.is_shown_in("KDE"));
        assert!(!not.is_shown_in("GNOME-Classic:GNOME"));
        assert!(with("").is_shown_in("GNOME"));
    }

    #[test]
    fn what_menus_do_not_show_is_no_app() {
        for (from, to) in [
            ("Type=Application", "Type=Link"),
            ("Name=Editor\n", "NoDisplay=true\nName=Editor\n"),
            ("Name=Editor\n", "Hidden=true\nName=Editor\n"),
            ("Name=Editor\n", ""),
            ("Exec=edit --new %F", "Exec="),
            ("[Desktop Entry]", "[Other]"),
        ] {
            assert_eq!(parse("editor", &EDITOR.replace(from, to)), None, "{to}");
        }
        for id in ["", "-x", "../x", "a b", "a\nb", ".hidden"] {
            assert_eq!(parse(id, EDITOR), None, "{id:?}");
        }
    }

    #[test]
    fn a_name_is_one_line_and_reads_as_it_is() {
        let text = EDITOR.replace("Name=Editor", "Name=E\\nExec=evil\\r\u{202e}x");
        assert_eq!(parse("editor", &text).unwrap().name("C"), "EExec=evilx");
    }
}
