//! Files that the person chose, dropped or opened: the engine needs their paths outside of a sandbox.

use std::path::{Path, PathBuf};

use gettextrs::gettext;
use kennel_model::UserError;
use kennel_protocol::flatpak::{DocumentError, host_path};
use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::gtk::{gio, glib};

use crate::error;
use crate::words::gettext_f;

/// One of them.
#[derive(Debug)]
pub struct Chosen {
    /// Where this process sees it.
    pub seen: PathBuf,
    /// Where the engine finds it, or what to tell the person.
    pub on_host: Result<PathBuf, UserError>,
}

/// Lets the person choose a folder in a dialog called `title` over the window of `near`, and tells `then`
/// its path on the host. Closing the dialog is an answer too: nothing happens.
pub fn choose_folder(
    title: &str,
    near: &impl IsA<gtk::Widget>,
    then: impl FnOnce(PathBuf) + 'static,
) {
    let chooser = gtk::FileDialog::builder()
        .title(title)
        .accept_label(gettext("Choose"))
        .build();
    let window: Option<gtk::Window> = near.root().and_downcast();
    let near = near.clone();
    chooser.select_folder(window.as_ref(), gio::Cancellable::NONE, move |answer| {
        on_host(answer.ok().as_ref(), &near, then);
    });
}

/// Tells `then` the path of `file` on the host. Without a file the person closed the chooser: nothing
/// happens. What keeps it from being known is said over `near`.
pub fn on_host(
    file: Option<&gio::File>,
    near: &impl IsA<gtk::Widget>,
    then: impl FnOnce(PathBuf) + 'static,
) {
    if let Some(file) = file {
        all_on_host(vec![file.clone()], near, move |paths| {
            paths.into_iter().next().map(then);
        });
    }
}

/// Tells `then` the paths on the host of those of `files` that have one. Why others have none is said
/// over `near`, once.
pub fn all_on_host(
    files: Vec<gio::File>,
    near: &impl IsA<gtk::Widget>,
    then: impl FnOnce(Vec<PathBuf>) + 'static,
) {
    let near = near.clone();
    glib::spawn_future_local(async move {
        let mut paths = Vec::new();
        let mut problem = None;
        for file in files {
            match look_up(&file).await.and_then(|chosen| chosen.on_host) {
                Ok(path) => paths.push(path),
                Err(error) => problem = problem.or(Some(error)),
            }
        }
        if let Some(problem) = problem {
            error::show(&near, &problem);
        }
        if !paths.is_empty() {
            then(paths);
        }
    });
}

/// Tells `then` a path of `file` that the engine can read now: where it is not known on the host,
/// that below the portal's mount, which is there outside, too.
pub fn to_read(file: &gio::File, then: impl FnOnce(PathBuf) + 'static) {
    let file = file.clone();
    glib::spawn_future_local(async move {
        if let Ok(chosen) = look_up(&file).await {
            then(chosen.on_host.unwrap_or(chosen.seen));
        }
    });
}

/// Finds out where `file` is, here and on the host.
///
/// # Errors
///
/// When it is on no disk: a file of a server that is not mounted, for instance.
pub async fn look_up(file: &gio::File) -> Result<Chosen, UserError> {
    let Some(seen) = file.path() else {
        return Err(on_no_disk(&file.parse_name()));
    };
    let asked = seen.clone();
    // The portal is asked over D-Bus, on the runtime of all that is.
    let answer = relm4::spawn(async move { host_path(&asked).await }).await;
    let on_host = match answer {
        Ok(answer) => answer.map_err(|error| not_found(&seen, &error)),
        // The runtime ends with the program alone.
        Err(_) => Ok(seen.clone()),
    };
    Ok(Chosen { seen, on_host })
}

fn on_no_disk(name: &str) -> UserError {
    UserError::verbatim(
        "on-no-disk",
        gettext_f(
            "{name} is not on a disk of this computer.",
            &[("name", name)],
        ),
        gettext("Copy it into a folder of yours first."),
    )
}

fn not_found(seen: &Path, cause: &DocumentError) -> UserError {
    let name = seen.file_name().unwrap_or(seen.as_os_str());
    UserError::verbatim(
        "document",
        gettext_f(
            "{name} could not be found outside of Kennel’s sandbox.",
            &[("name", &name.to_string_lossy())],
        ),
        gettext(
            "Type “systemctl --user restart xdg-document-portal” in a terminal, and try again.",
        ),
    )
    .caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_names_the_file_and_why() {
        let error = not_found(
            Path::new("/run/user/1000/doc/2a7b/shop"),
            &DocumentError::Unknown,
        );
        assert!(error.what.to_string().contains("shop"), "{error}");
        assert!(!error.what.to_string().contains("2a7b"), "{error}");
        assert_eq!(error.causes, ["the document portal does not know the file"]);
    }
}
