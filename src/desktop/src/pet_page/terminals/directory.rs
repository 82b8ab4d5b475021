//! Where a shell says that it is (OSC 7).

use relm4::gtk::{gio, prelude::*};
use vte4::TerminalExt as _;

/// The directory in the pet where the shell of `terminal` says it is; `None` when it says nothing,
/// or is on another computer by now.
pub fn told(terminal: &vte4::Terminal, pet: &str) -> Option<String> {
    #[expect(deprecated, reason = "the binding lacks vte_terminal_ref_termprop_uri")]
    let uri = terminal.current_directory_uri()?;
    let host = host(&uri)?;
    if !(host.is_empty() || host == "localhost" || host == pet) {
        return None;
    }
    let path = gio::File::for_uri(&uri).path()?;
    path.into_os_string().into_string().ok()
}

/// The host that a `file:` address names.
fn host(uri: &str) -> Option<&str> {
    uri.strip_prefix("file://")?.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_on_another_computer_is_told_apart() {
        assert_eq!(host("file://shop/srv/a%20b"), Some("shop"));
        assert_eq!(host("file:///srv"), Some(""));
        assert_eq!(host("https://shop/srv"), None);
    }
}
