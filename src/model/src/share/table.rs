//! The table of shares: one row each. docs/SHARES.md shows the same to people; a test compares.

use crate::marked;

use super::{CERTIFICATES, Place, Share, ShareRow};

/// A row that neither passes nor sets a variable.
const fn plain(
    word: &'static str,
    meaning: &'static str,
    exposes: &'static str,
    places: &'static [Place],
) -> ShareRow {
    ShareRow {
        word,
        meaning,
        exposes,
        places,
        passes: &[],
        sets: &[],
    }
}

/// The row of `share`.
pub(super) const fn row(share: Share) -> ShareRow {
    match share {
        Share::Wayland
        | Share::X11
        | Share::Audio
        | Share::Graphics
        | Share::Nvidia
        | Share::Themes => desktop(share),
        Share::SessionBus
        | Share::SystemBus
        | Share::RuntimeDir
        | Share::SshAgent
        | Share::GpgAgent
        | Share::SmartCards
        | Share::Kerberos => session(share),
        Share::Devices | Share::HostGroups | Share::RemovableMedia | Share::Virtualization => {
            hardware(share)
        }
        _ => system(share),
    }
}

/// What is seen and heard.
const fn desktop(share: Share) -> ShareRow {
    use Place::{Moved, Nvidia, Path, Runtime, RuntimeNamed, Xauthority};
    match share {
        Share::Wayland => ShareRow {
            passes: &["WAYLAND_DISPLAY"],
            ..plain(
                "wayland",
                marked("windows (Wayland)"),
                marked("can show windows and read the clipboard while one of them is in front"),
                &[RuntimeNamed {
                    variable: "WAYLAND_DISPLAY",
                    usual: "wayland-0",
                }],
            )
        },
        Share::X11 => ShareRow {
            passes: &["DISPLAY"],
            ..plain(
                "x11",
                marked("windows (X11)"),
                marked("can see and type into every other X11 window"),
                &[Path("/tmp/.X11-unix"), Xauthority],
            )
        },
        Share::Audio => ShareRow {
            passes: &["PULSE_SERVER", "PULSE_SINK", "PULSE_SOURCE"],
            ..plain(
                "audio",
                marked("sound and microphones"),
                marked("can listen to the microphone"),
                &[Runtime("pipewire-0"), Runtime("pulse/native")],
            )
        },
        Share::Graphics => plain(
            "graphics",
            marked("the graphics card"),
            marked("can use the graphics driver, a large part of the kernel"),
            &[Path("/dev/dri"), Path("/dev/kfd")],
        ),
        Share::Nvidia => plain(
            "nvidia",
            marked("an NVIDIA graphics card with its driver's libraries"),
            marked("can use the graphics driver, a large part of the kernel"),
            &[Nvidia],
        ),
        _ => plain(
            "themes",
            marked("fonts, icons and themes"),
            marked("can read which fonts and themes are installed"),
            &[
                Moved {
                    from: "/usr/share/fonts",
                    to: "/usr/local/share/fonts",
                    read_only: true,
                },
                Moved {
                    from: "/usr/share/icons",
                    to: "/usr/local/share/icons",
                    read_only: true,
                },
                Moved {
                    from: "/usr/share/themes",
                    to: "/usr/local/share/themes",
                    read_only: true,
                },
            ],
        ),
    }
}

/// Who answers questions and holds keys.
const fn session(share: Share) -> ShareRow {
    use Place::{BusAddress, Path, Runtime, RuntimeDirectory, Variable, WithUid};
    match share {
        Share::SessionBus => ShareRow {
            passes: &["DBUS_SESSION_BUS_ADDRESS"],
            ..plain(
                "session-bus",
                marked("the session bus, by which desktop programs talk"),
                marked(
                    "can start any program of yours outside the pet, and read what programs say there",
                ),
                &[BusAddress {
                    variable: "DBUS_SESSION_BUS_ADDRESS",
                    usual: "bus",
                }],
            )
        },
        Share::SystemBus => ShareRow {
            passes: &["DBUS_SYSTEM_BUS_ADDRESS"],
            ..plain(
                "system-bus",
                marked("the system bus and the list of sessions"),
                marked(
                    "can ask services of this computer for what they let you do: networks, power, disks",
                ),
                &[
                    Path("/run/dbus"),
                    Path("/run/systemd/resolve"),
                    Path("/run/systemd/sessions"),
                    Path("/run/systemd/system"),
                    Path("/run/systemd/users"),
                ],
            )
        },
        Share::RuntimeDir => plain(
            "runtime-dir",
            marked("the sockets of all programs in your session"),
            marked("can talk to every program of yours that listens, also to those started later"),
            &[RuntimeDirectory],
        ),
        Share::SshAgent => ShareRow {
            passes: &["SSH_AUTH_SOCK"],
            ..plain(
                "ssh-agent",
                marked("the keys in your ssh agent"),
                marked(
                    "can log in with your ssh keys while the agent holds them; cannot copy them",
                ),
                &[Variable {
                    variable: "SSH_AUTH_SOCK",
                    name: "ssh-agent",
                }],
            )
        },
        Share::GpgAgent => plain(
            "gpg-agent",
            marked("the keys in your gpg agent, those on a card too"),
            marked(
                "can sign and decrypt with your gpg keys while the agent holds them; cannot copy them",
            ),
            &[
                Runtime("gnupg/S.gpg-agent"),
                Runtime("gnupg/S.gpg-agent.ssh"),
                Runtime("gnupg/S.gpg-agent.extra"),
                Runtime("gnupg/S.keyboxd"),
                Runtime("gnupg/S.scdaemon"),
            ],
        ),
        Share::SmartCards => plain(
            "smart-cards",
            marked("smart cards and security keys, through the card service"),
            marked("can use a card that is plugged in, with its PIN if you type it in the pet"),
            &[Path("/run/pcscd")],
        ),
        _ => ShareRow {
            passes: &["KRB5CCNAME", "KRB5_CONFIG"],
            ..plain(
                "kerberos",
                marked("your Kerberos tickets"),
                marked("can act as you in your organisation's network until the tickets end"),
                &[
                    Path("/run/.heim_org.h5l.kcm-socket"),
                    Path("/var/lib/sss/pipes"),
                    WithUid("/tmp/krb5cc_"),
                ],
            )
        },
    }
}

/// What is plugged in.
const fn hardware(share: Share) -> ShareRow {
    use Place::{Devices, Groups, Path, ReadOnly};
    match share {
        Share::Devices => plain(
            "devices",
            marked(
                "devices: USB, serial ports, sound cards, cameras, input, also those plugged in later",
            ),
            marked("can use every device that your account may use"),
            &[
                Devices,
                ReadOnly("/run/udev/data"),
                ReadOnly("/run/udev/tags"),
            ],
        ),
        Share::HostGroups => plain(
            "host-groups",
            marked("your groups on this computer, such as dialout"),
            marked("can use the devices and files that your groups may use"),
            &[Groups],
        ),
        Share::RemovableMedia => plain(
            "removable-media",
            marked("USB sticks and other disks, also those mounted later"),
            marked("can read and change files on disks that are mounted"),
            &[Path("/media"), Path("/run/media"), Path("/mnt")],
        ),
        _ => plain(
            "virtualization",
            marked("virtual machines"),
            marked("can control the virtual machines that you may control"),
            &[
                Path("/run/libvirt"),
                Path("/dev/kvm"),
                Path("/dev/vhost-net"),
                Path("/dev/vhost-vsock"),
            ],
        ),
    }
}

/// What the system holds.
const fn system(share: Share) -> ShareRow {
    use Place::{Certificates, Moved, Path, ReadOnly};
    match share {
        Share::HostFiles => plain(
            "host-files",
            marked("all files of this computer that you may read, at /run/host"),
            marked("can read and change every file that you can"),
            &[Moved {
                from: "/",
                to: "/run/host",
                read_only: false,
            }],
        ),
        Share::Printers => plain(
            "printers",
            marked("printers"),
            marked("can print, and see the print queue"),
            &[Path("/run/cups")],
        ),
        Share::Discovery => plain(
            "discovery",
            marked("names of devices in your local network (Avahi)"),
            marked("can see and announce services in the local network"),
            &[Path("/run/avahi-daemon")],
        ),
        Share::Certificates => ShareRow {
            // OpenSSL and Go, curl, Python's requests, Node, git.
            sets: &[
                ("SSL_CERT_FILE", CERTIFICATES),
                ("CURL_CA_BUNDLE", CERTIFICATES),
                ("REQUESTS_CA_BUNDLE", CERTIFICATES),
                ("NODE_EXTRA_CA_CERTS", CERTIFICATES),
                ("GIT_SSL_CAINFO", CERTIFICATES),
            ],
            ..plain(
                "certificates",
                marked("the certificate authorities that this computer trusts"),
                marked("can see which authorities your organisation has added"),
                &[Certificates],
            )
        },
        Share::Journal => plain(
            "journal",
            marked("the system's log, only to read"),
            marked("can read what of the log you may read, and write messages of its own into it"),
            &[
                Path("/run/systemd/journal"),
                ReadOnly("/run/log/journal"),
                ReadOnly("/var/log/journal"),
                ReadOnly("/var/lib/systemd/coredump"),
            ],
        ),
        Share::FlatpakApps => plain(
            "flatpak-apps",
            marked("the Flatpak apps of this computer, only to read"),
            marked("can see which apps are installed"),
            &[ReadOnly("/var/lib/flatpak")],
        ),
        Share::MachineId => plain(
            "machine-id",
            marked("this computer's identity"),
            marked("can recognise this computer again"),
            &[ReadOnly("/etc/machine-id")],
        ),
        _ => plain(
            "host-processes",
            marked("the list of all programs on this computer, at /run/host/proc"),
            marked("can see every program's name and arguments, which may hold secrets"),
            &[Moved {
                from: "/proc",
                to: "/run/host/proc",
                read_only: true,
            }],
        ),
    }
}
