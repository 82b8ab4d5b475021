//! What the host gets: a desktop entry for an app, a script for a command. Both name the pet by its
//! id, so that a rename breaks nothing.

use std::fmt::Write as _;

use kennel_model::{PetId, PetName, quoted};

use super::entry::AppEntry;
use super::exec;
use crate::runtime::prompt::PROGRAMS;

/// Where a pet says which one it is.
const MARK: &str = "/run/.containerenv";

/// The pet that an entry starts.
#[derive(Debug, Clone, Copy)]
pub struct Pet<'a> {
    /// Its id.
    pub id: &'a PetId,
    /// Its name.
    pub name: &'a PetName,
    /// Whether paths of the host lead to the same files in it.
    pub sees_files: bool,
}

/// The name of the host's desktop file and icon for `what` of `pet`.
pub fn file_stem(pet: &PetId, what: &str) -> String {
    format!("kennel-{pet}-{what}")
}

/// What an entry says of the host.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// The absolute path of our command.
    pub kennel: &'a str,
    /// What the app's icon is called here.
    pub icon: &'a str,
    /// Whether an app of the host's own has the same id.
    pub has_same_app: bool,
}

/// The desktop entry of `app`.
pub fn desktop_entry(app: &AppEntry, pet: Pet<'_>, host: Host<'_>) -> String {
    let kennel = host.kennel;
    let mut text = String::from("[Desktop Entry]\nType=Application\nVersion=1.4\n");
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{key}={value}");
        }
    };
    for (locale, name) in &app.names {
        let key = match locale.as_str() {
            "" => "Name".to_owned(),
            locale => format!("Name[{locale}]"),
        };
        line(&key, &escape(&format!("{name} ({})", pet.name)));
    }
    line("Comment", &escape(&app.comment));
    for (key, text) in &app.texts {
        // A list has no escapes.
        let is_list = key.starts_with("Keywords");
        line(key, &if is_list { text.clone() } else { escape(text) });
    }
    line("Exec", &command(app, &app.exec, pet, kennel));
    line("TryExec", &escape(kennel));
    line("Icon", host.icon);
    line("Terminal", "false");
    line(
        "StartupNotify",
        if app.startup_notify { "true" } else { "" },
    );
    line("StartupWMClass", &escape(window_class(app, host)));
    line("Categories", &app.categories);
    line("Keywords", &app.keywords);
    if pet.sees_files {
        line("MimeType", &app.mime_types);
    }
    let actions = app
        .actions
        .keys()
        .fold(String::new(), |all, id| all + id + ";");
    line("Actions", &actions);
    line("X-Kennel-Pet", pet.id.as_str());
    for (id, (name, arguments)) in &app.actions {
        let exec = command(app, arguments, pet, kennel);
        let _ = write!(
            text,
            "\n[Desktop Action {id}]\nName={}\nExec={exec}\n",
            escape(name)
        );
        for (key, name) in app.action_names.get(id).into_iter().flatten() {
            let _ = writeln!(text, "{key}={}", escape(name));
        }
    }
    text
}

/// By what the desktop knows that a window is this app's. An app's windows have its id, which the name
/// of our entry is not; but those of the same app of the host must stay that one's.
fn window_class<'a>(app: &'a AppEntry, host: Host<'_>) -> &'a str {
    match app.window_class.as_str() {
        "" if host.has_same_app || app.terminal => "",
        "" => &app.id,
        class => class,
    }
}

fn command(app: &AppEntry, arguments: &[String], pet: Pet<'_>, kennel: &str) -> String {
    let mut ours = vec![kennel, "run"];
    // GLib's own list of terminals lacks those of today: ours opens one.
    ours.extend(app.terminal.then_some("--in-terminal"));
    ours.extend([pet.id.as_str(), "--"]);
    exec::join(&ours, arguments, app.name(""), pet.sees_files)
}

/// A value of type string.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
}

/// The second line of every script of ours: only a file that has it is replaced or removed.
pub fn marker(pet: &PetId) -> String {
    format!("# kennel-export {pet}")
}

/// The script that runs `program`, an absolute path inside. Pets that share the home find it, too: in
/// its own it runs the program itself, in another one it asks the host's Kennel.
pub fn script(pet: &PetId, kennel: &str, program: &str) -> String {
    let (marker, program, kennel) = (marker(pet), quoted(program), quoted(kennel));
    format!(
        r#"#!/bin/sh
{marker}
kennel={kennel} here=
if [ -r {MARK} ]; then
    while IFS='"' read -r key value rest; do
        if [ "$key" = id= ]; then here=$value; fi
    done <{MARK}
    if [ -x {PROGRAMS}/kennel ]; then kennel={PROGRAMS}/kennel; fi
fi
if [ "$here" = {pet} ]; then exec {program} "$@"; fi
exec "$kennel" run {pet} -- {program} "$@"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::entry::parse;

    fn host(has_same_app: bool) -> Host<'static> {
        Host {
            kennel: "/home/ada/my bin/kennel",
            icon: "icon",
            has_same_app,
        }
    }

    #[test]
    fn a_window_is_found_by_the_apps_id_unless_the_host_has_that_app() {
        let (id, name) = (PetId::from_random(7), "shop".parse().unwrap());
        let pet = Pet {
            id: &id,
            name: &name,
            sees_files: true,
        };
        let class = |line: &str, has_same_app| {
            let text = format!("[Desktop Entry]\nType=Application\nName=a\nExec=a\n{line}\n");
            let app = parse("org.gnome.Edit", &text).unwrap();
            let text = desktop_entry(&app, pet, host(has_same_app));
            let class = text.lines().find_map(|l| l.strip_prefix("StartupWMClass="));
            class.map(str::to_owned)
        };
        assert_eq!(class("", false).as_deref(), Some("org.gnome.Edit"));
        assert_eq!(class("", true), None);
        assert_eq!(class("StartupWMClass=Edit", true).as_deref(), Some("Edit"));
        assert_eq!(class("Terminal=true", false), None);
    }

    #[test]
    fn an_entry_says_in_every_language_what_the_app_says() {
        let (id, name) = (PetId::from_random(7), "shop".parse().unwrap());
        let pet = Pet {
            id: &id,
            name: &name,
            sees_files: true,
        };
        let app = parse(
            "edit",
            "[Desktop Entry]\nType=Application\nName=Edit\nName[de]=Bearbeiten\nComment=Edits\nComment[de]=Bearbeitet\n\
             Keywords=x;\nKeywords[de]=Wort;Text;\nExec=edit %U\nDBusActivatable=true\nStartupNotify=true\nActions=new;\n\
             [Desktop Action new]\nName=New\nName[de]=Neu\nExec=edit --new\n",
        )
        .unwrap();
        let text = desktop_entry(&app, pet, host(false));
        for line in [
            "Name[de]=Bearbeiten (shop)",
            "Comment[de]=Bearbeitet",
            "Keywords[de]=Wort;Text;",
            "Name[de]=Neu",
            "StartupNotify=true",
        ] {
            assert!(text.contains(&format!("\n{line}\n")), "{line}: {text}");
        }
        // The bus would start it on the host.
        assert!(!text.contains("DBusActivatable"), "{text}");
    }

    #[test]
    fn an_entry_starts_its_app_in_its_pet() {
        let (id, name) = (PetId::from_random(7), "shop".parse().unwrap());
        let pet = Pet {
            id: &id,
            name: &name,
            sees_files: false,
        };
        let app = parse(
            "xterm",
            "[Desktop Entry]\nType=Application\nName=a\\nExec=evil\nExec=xterm -e \"$HOME\" %f\nTerminal=true\n",
        )
        .unwrap();
        let text = desktop_entry(&app, pet, host(false));
        assert!(text.contains("\nName=aExec=evil (shop)\n"), "{text}");
        let exec = format!(
            "\nExec=\"/home/ada/my bin/kennel\" run --in-terminal {id} -- xterm -e \"\\\\$HOME\"\n"
        );
        assert!(text.contains(&exec), "{text}");
        assert_eq!(text.matches("\nExec=").count(), 1);
    }

    #[test]
    fn a_script_quotes_what_the_pet_says() {
        let text = script(&PetId::from_random(7), "/usr/bin/kennel", "/opt/it's/x");
        assert!(text.contains("-- '/opt/it'\\''s/x' \"$@\"\n"), "{text}");
    }
}
