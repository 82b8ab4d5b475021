//! What a report of a problem needs to say of this computer, for the About dialog.

use std::fs;

use kennel_protocol::PROTOCOL_VERSION;
use relm4::{adw, gtk};

use crate::config;

/// The lines, in English for those who read the report.
pub fn text() -> String {
    let gtk = format!(
        "{}.{}.{}",
        gtk::major_version(),
        gtk::minor_version(),
        gtk::micro_version()
    );
    let adwaita = format!(
        "{}.{}.{}",
        adw::major_version(),
        adw::minor_version(),
        adw::micro_version()
    );
    let lines = [
        (
            "Kennel",
            format!("{} ({})", config::VERSION, config::APP_ID),
        ),
        ("Protocol", PROTOCOL_VERSION.to_string()),
        ("GTK", gtk),
        ("libadwaita", adwaita),
        ("System", system()),
        ("Kernel", read("/proc/sys/kernel/osrelease")),
        ("Control groups", control_groups().to_owned()),
        ("SELinux", selinux().to_owned()),
        ("Flatpak", yes_or_no(exists("/.flatpak-info")).to_owned()),
    ];
    let lines = lines.map(|(name, value)| format!("{name}: {value}\n"));
    lines.concat()
}

/// The computer's own system: a Flatpak sees it below /run/host (flatpak-metadata(5)).
fn system() -> String {
    let host = fs::read_to_string("/run/host/os-release");
    let release = host.or_else(|_| fs::read_to_string("/etc/os-release"));
    pretty_name(&release.unwrap_or_default()).unwrap_or_else(unknown)
}

/// PRETTY_NAME of os-release(5).
fn pretty_name(release: &str) -> Option<String> {
    let mut lines = release.lines();
    let value = lines.find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// cgroups(7): only the unified hierarchy has this file at its root.
fn control_groups() -> &'static str {
    if exists("/sys/fs/cgroup/cgroup.controllers") {
        "v2"
    } else if exists("/sys/fs/cgroup/unified") {
        "hybrid"
    } else {
        "v1 or none"
    }
}

fn selinux() -> &'static str {
    match read("/sys/fs/selinux/enforce").as_str() {
        "1" => "enforcing",
        "0" => "permissive",
        _ => "off, or not seen from here",
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| unknown(), |text| text.trim().to_owned())
}

fn exists(path: &str) -> bool {
    fs::exists(path).unwrap_or(false)
}

fn yes_or_no(fact: bool) -> &'static str {
    if fact { "yes" } else { "no" }
}

fn unknown() -> String {
    "unknown".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_called_as_its_release_file_says() {
        let file = "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n";
        let name = pretty_name(file);
        assert_eq!(name.as_deref(), Some("Debian GNU/Linux 13 (trixie)"));
        assert_eq!(pretty_name("NAME=x"), None);
    }
}
