//! Becoming the pet's root by other ways than sudo, in pets whose programs may: doas, and su. Root
//! inside is nobody outside.

use std::io;
use std::os::fd::BorrowedFd;
use std::path::Path;

use rustix::fs::OFlags;

use super::population::{read, write_if_changed};
use crate::sys::mount::open_in_root;

/// Lets `name` use doas without a password where the image has it: in a file of our own if its doas
/// reads a directory, else by a line of doas.conf(5).
pub fn allow_doas(root: BorrowedFd<'_>, name: &str) -> io::Result<()> {
    let is_there = |path: &str| open_in_root(root, Path::new(path), OFlags::PATH).is_ok();
    if !["/usr/bin/doas", "/bin/doas"].into_iter().any(is_there) {
        return Ok(());
    }
    let rule = format!("permit nopass {name}\n");
    if is_there("/etc/doas.d") {
        let file = "/etc/doas.d/kennel.conf";
        return write_if_changed(root, file, &read(root, file)?, &rule, 0o400);
    }
    let before = read(root, "/etc/doas.conf")?;
    write_if_changed(
        root,
        "/etc/doas.conf",
        &before,
        &with_rule(&before, &rule),
        0o400,
    )
}

/// The last rule that matches holds.
fn with_rule(configuration: &str, rule: &str) -> String {
    if configuration.lines().any(|line| line == rule.trim_end()) {
        return configuration.to_owned();
    }
    let end = if configuration.is_empty() || configuration.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{configuration}{end}{rule}")
}

/// Lets su become root, as toolbox does: a password that nobody can know is taken away. One that
/// somebody set stays.
pub fn unlock_root(root: BorrowedFd<'_>) -> io::Result<()> {
    let before = read(root, "/etc/shadow")?;
    write_if_changed(
        root,
        "/etc/shadow",
        &before,
        &with_open_root(&before),
        0o640,
    )
}

fn with_open_root(shadow: &str) -> String {
    let open = |line: &str| {
        let mut fields: Vec<&str> = line.split(':').collect();
        // “*” and “!” are no hash (shadow(5)); “!” before a hash locks a password that was set.
        if fields.first() == Some(&"root")
            && matches!(fields.get(1), Some(&("*" | "!" | "!!" | "!*")))
        {
            fields[1] = "";
        }
        fields.join(":")
    };
    shadow.split_inclusive('\n').map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doas_gets_its_rule_once_and_last() {
        let once = with_rule("deny bob", "permit nopass ada\n");
        assert_eq!(once, "deny bob\npermit nopass ada\n");
        assert_eq!(with_rule(&once, "permit nopass ada\n"), once);
    }

    #[test]
    fn only_a_password_that_is_none_is_taken_away() {
        let shadow = "root:*:19000:0:99999:7:::\nada:*:19000::::::\n";
        assert_eq!(
            with_open_root(shadow),
            "root::19000:0:99999:7:::\nada:*:19000::::::\n"
        );
        for kept in [
            "root:$y$hash:1::::::\n",
            "root:!$y$hash:1::::::\n",
            "toor:*:1::::::\n",
            "root",
            "",
        ] {
            assert_eq!(with_open_root(kept), kept);
        }
    }
}
