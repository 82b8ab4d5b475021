//! Shares in the person's language: where each is listed, its title and what the pet gets.
//!
//! Looked up by the share's word: one that is newer than this table shows what the model says.

use gettextrs::gettext;
use kennel_model::Share;

use crate::error::sentence;

/// Where a share is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is seen and heard.
    Desktop,
    /// Who answers questions and holds keys.
    Session,
    /// What is plugged in.
    Devices,
    /// What the system and its disks hold, and all else.
    Computer,
}

impl Kind {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Desktop, Self::Session, Self::Devices, Self::Computer];

    /// Its title.
    pub fn title(self) -> String {
        match self {
            Self::Desktop => gettext("Windows and Sound"),
            Self::Session => gettext("Session and Keys"),
            Self::Devices => gettext("Devices"),
            Self::Computer => gettext("Files and System"),
        }
    }

    /// Its shares, in the order they are shown.
    pub fn shares(self) -> impl Iterator<Item = Share> {
        Share::ALL
            .into_iter()
            .filter(move |&share| kind(share) == self)
    }
}

/// Where `share` is listed.
pub fn kind(share: Share) -> Kind {
    match share.as_str() {
        "wayland" | "x11" | "audio" | "graphics" | "nvidia" | "themes" => Kind::Desktop,
        "session-bus" | "ssh-agent" | "gpg-agent" | "smart-cards" | "kerberos" | "runtime-dir" => {
            Kind::Session
        }
        "devices" | "host-groups" | "printers" | "removable-media" | "virtualization" => {
            Kind::Devices
        }
        _ => Kind::Computer,
    }
}

/// Its title.
pub fn title(share: Share) -> String {
    match share.as_str() {
        "wayland" => gettext("Windows"),
        "x11" => gettext("Older Windows (X11)"),
        "audio" => gettext("Sound and Microphones"),
        "graphics" => gettext("Graphics Card"),
        "nvidia" => gettext("NVIDIA Graphics Card"),
        "themes" => gettext("Fonts, Icons and Themes"),
        "session-bus" => gettext("Session Bus"),
        "ssh-agent" => gettext("SSH Keys"),
        "gpg-agent" => gettext("GPG Keys"),
        "smart-cards" => gettext("Smart Cards and Security Keys"),
        "kerberos" => gettext("Kerberos Tickets"),
        "runtime-dir" => gettext("All Programs of Your Session"),
        "devices" => gettext("USB, Serial and Other Devices"),
        "host-groups" => gettext("Your Groups"),
        "printers" => gettext("Printers"),
        "removable-media" => gettext("USB Sticks and Disks"),
        "virtualization" => gettext("Virtual Machines"),
        "host-files" => gettext("All Files of This Computer"),
        "system-bus" => gettext("System Services"),
        "discovery" => gettext("Local Network Names"),
        "certificates" => gettext("Certificate Authorities"),
        "journal" => gettext("System Log"),
        "flatpak-apps" => gettext("Flatpak Apps"),
        "machine-id" => gettext("This Computer’s Identity"),
        "host-processes" => gettext("List of Running Programs"),
        word => sentence(&word.replace('-', " "))
            .trim_end_matches('.')
            .to_owned(),
    }
}

/// What the pet gets, and what a person may not expect of it.
pub fn meaning(share: Share) -> String {
    match share.as_str() {
        "wayland" => gettext("Its programs show windows on your screen, through Wayland."),
        "x11" => gettext(
            "For programs without Wayland. They can read what you type into other X11 windows.",
        ),
        "audio" => gettext("It can play sound, and listen through microphones."),
        "graphics" => gettext("Fast 3D and video."),
        "nvidia" => gettext("The card, with its driver’s libraries."),
        "themes" => gettext("Its windows look like yours."),
        "session-bus" => {
            gettext("How desktop programs talk. It can start any program of yours outside the pet.")
        }
        "ssh-agent" => gettext("It can log in with the keys in your agent, but not copy them."),
        "gpg-agent" => {
            gettext("It can sign and decrypt with the keys in your agent, but not copy them.")
        }
        "smart-cards" => gettext("It can use what is plugged in, with the PIN that you type."),
        "kerberos" => gettext("It can act as you in your organization’s network."),
        "runtime-dir" => gettext(
            "It can talk to every program of yours that listens, including those started later.",
        ),
        "devices" => gettext("Whatever your account may use, including what is plugged in later."),
        "host-groups" => gettext("It can use what your groups may use, such as serial ports."),
        "printers" => gettext("It can print, and see what is waiting to be printed."),
        "removable-media" => {
            gettext("It can read and change them, including those plugged in later.")
        }
        "virtualization" => gettext("It can control the virtual machines that you can."),
        "host-files" => gettext("It can read and change what you can, below /run/host."),
        "system-bus" => {
            gettext("It can ask for what they let you do: networks, power, disks. Through D-Bus.")
        }
        "discovery" => gettext("It can see and announce services nearby, through Avahi."),
        "certificates" => gettext("It trusts the secure sites that this computer trusts."),
        "journal" => gettext("It can read what you may read of it."),
        "flatpak-apps" => gettext("It can see and read the installed ones."),
        "machine-id" => gettext("It can recognize this computer."),
        "host-processes" => {
            gettext("It can see every program’s name and arguments, which may hold secrets.")
        }
        _ => sentence(share.row().meaning),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_is_listed_once_and_has_words() {
        let listed: Vec<Share> = Kind::ALL.into_iter().flat_map(Kind::shares).collect();
        assert_eq!(listed.len(), Share::ALL.len());
        for share in Share::ALL {
            assert!(listed.contains(&share), "{share}");
            assert!(
                !title(share).is_empty() && meaning(share).ends_with('.'),
                "{share}"
            );
        }
    }
}
