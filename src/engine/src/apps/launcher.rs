//! What the host gets: a desktop entry for an app, a script for a command. Both name the pet by its
//! id, so that a rename breaks nothing.

use std::fmt::Write as _;

use kennel_model::{PetId, PetName, quoted};

use super::entry::AppEntry;
use super::exec;

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

/// The desktop entry of `app`, whose icon on the host is called `icon`; `kennel` is the absolute path
/// of the command.
pub fn desktop_entry(app: &AppEntry, pet: Pet<'_>, kennel: &str, icon: &str) -> String {
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
    line("Exec", &command(app, &app.exec, pet, kennel));
    line("TryExec", &escape(kennel));
    line("Icon", icon);
    line("Terminal", "false");
    line("StartupWMClass", &escape(&app.window_class));
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
    }
    text
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

/// The script that runs `program`, an absolute path inside. In a pet that shares the home it is found,
/// too, and runs the program itself.
pub fn script(pet: &PetId, kennel: &str, program: &str) -> String {
    format!(
        "#!/bin/sh\n{}\nif [ -e /run/.containerenv ]; then exec {} \"$@\"; fi\nexec {} run {pet} -- {} \"$@\"\n",
        marker(pet),
        quoted(program),
        quoted(kennel),
        quoted(program),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::entry::parse;

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
        let text = desktop_entry(&app, pet, "/home/ada/my bin/kennel", "icon");
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
