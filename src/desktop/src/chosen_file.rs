//! Files that the person chose or dropped: the engine needs their paths outside of a sandbox.

use std::path::PathBuf;

use kennel_protocol::flatpak::host_path;
use relm4::gtk::gio;
use relm4::gtk::prelude::*;

/// Tells `then` the path of `file` on the host. A file that is on no disk has none, and then
/// nothing happens, as when the person closes the chooser.
pub fn on_host(file: Option<&gio::File>, then: impl FnOnce(PathBuf) + Send + 'static) {
    if let Some(path) = file.and_then(FileExt::path) {
        relm4::spawn(async move { then(host_path(&path).await) });
    }
}
