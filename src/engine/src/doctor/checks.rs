//! What follows from the facts.

use kennel_model::{Check, Finding, Phrase, phrase};

use super::distribution::Package;
use super::facts::Facts;
use super::probe::Probe;
use crate::idmap::give_range;

/// The first kernel with mount_setattr(2); overlays in a user namespace are older (5.11).
const OLDEST_KERNEL: (u32, u32) = (5, 12);

/// Less room than this, in bytes, and the next image may not fit.
const LITTLE_ROOM: u64 = 5 << 30;

/// Every check.
pub fn all(facts: &Facts) -> Vec<Finding> {
    vec![
        kernel(facts),
        user_namespaces(facts),
        subordinate_ids(facts),
        overlay(facts),
        control_groups(facts),
        selinux(facts),
        apparmor(facts),
        disk_space(facts),
        reflink(facts),
        private_network(facts),
        session_bus(facts),
        portals(facts),
        terminal(facts),
        flatpak(facts),
    ]
}

fn kernel(facts: &Facts) -> Finding {
    let mut numbers = facts.kernel.split(['.', '-']).map(str::parse::<u32>);
    let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
    let version = (next(), next());
    if version >= OLDEST_KERNEL {
        return Finding::found(
            Check::Kernel,
            Phrase::verbatim(format!("Linux {}", facts.kernel)),
        );
    }
    Finding::missing(
        Check::Kernel,
        Phrase::verbatim(format!("Linux {}", facts.kernel)),
        phrase("Pets need Linux 5.12 or newer."),
    )
    .advised(phrase("Update your system."), Vec::new())
}

fn user_namespaces(facts: &Facts) -> Finding {
    let Probe::NoNamespace(reason) = &facts.namespace else {
        return Finding::found(Check::UserNamespaces, phrase("you may make them"));
    };
    let finding = Finding::missing(
        Check::UserNamespaces,
        reason.clone(),
        phrase("No pet can start."),
    );
    if facts.apparmor_restricts {
        return finding.advised(
            phrase("AppArmor allows them only to programs with a profile. An administrator installs one for Kennel; do not turn the restriction off for all programs."),
            apparmor_profile(),
        );
    }
    finding.advised(
        phrase("An administrator allows them."),
        vec![
            "sudo sysctl -w user.max_user_namespaces=28633".to_owned(),
            "sudo sysctl -w kernel.unprivileged_userns_clone=1".to_owned(),
        ],
    )
}

/// A profile that confines nothing and allows user namespaces (apparmor.d(5), `userns`).
fn apparmor_profile() -> Vec<String> {
    let program = std::env::current_exe().unwrap_or_else(|_| "/usr/bin/kennel".into());
    let profile = format!(
        "abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile kennel {} flags=(unconfined) {{\\n  userns,\\n}}\\n",
        program.display()
    );
    vec![
        format!("printf '{profile}' | sudo tee /etc/apparmor.d/kennel"),
        "sudo apparmor_parser -r /etc/apparmor.d/kennel".to_owned(),
    ]
}

fn subordinate_ids(facts: &Facts) -> Finding {
    let limited = phrase("Pets have a single user: sudo and package managers do not work in them.");
    if !facts.has_uidmap {
        return Finding::degraded(
            Check::SubordinateIds,
            phrase("newuidmap is not installed"),
            limited,
        )
        .advised(
            phrase("Install it."),
            facts.distribution.install(Package::UidMap),
        );
    }
    if !facts.full_mapping {
        return Finding::degraded(
            Check::SubordinateIds,
            phrase("/etc/subuid and /etc/subgid do not list you"),
            limited,
        )
        .advised(
            phrase("Give your account a range of ids. New pets use it; images are unpacked anew."),
            vec![give_range(&facts.person)],
        );
    }
    if let Probe::NoMapping(reason) = &facts.namespace {
        return Finding::missing(
            Check::SubordinateIds,
            reason.clone(),
            phrase("No pet can start."),
        )
        .advised(
            phrase(
                "newuidmap has lost its rights, as after a copy of the system. Install it anew.",
            ),
            facts.distribution.install(Package::UidMap),
        );
    }
    Finding::found(
        Check::SubordinateIds,
        phrase("you have a range of ids of your own"),
    )
}

fn overlay(facts: &Facts) -> Finding {
    match &facts.namespace {
        Probe::Works => Finding::found(Check::Overlay, phrase("they work where your pets are kept")),
        Probe::NoOverlay(reason) => {
            Finding::missing(Check::Overlay, reason.clone(), phrase("No pet can start.")).advised(
                phrase("The file system that holds your pets must allow overlays: ext4, xfs and btrfs do, NFS and some encrypted homes do not. Set XDG_DATA_HOME to a folder on another one."),
                Vec::new(),
            )
        }
        Probe::NoNamespace(_) | Probe::NoMapping(_) => Finding::degraded(
            Check::Overlay,
            phrase("could not be tried"),
            phrase("Whether they work is known when namespaces do."),
        ),
    }
}

fn control_groups(facts: &Facts) -> Finding {
    let Some(reason) = &facts.no_limits else {
        return Finding::found(
            Check::ControlGroups,
            phrase("limits on processor, memory and processes can be had"),
        );
    };
    Finding::degraded(
        Check::ControlGroups,
        reason.phrase(),
        phrase("Limits of pets cannot be enforced."),
    )
    .advised(reason.advice(), reason.commands(facts.distribution))
}

fn selinux(facts: &Facts) -> Finding {
    let selinux = &facts.selinux;
    match selinux.enforcing {
        None => Finding::found(
            Check::Selinux,
            phrase("off: user namespaces and system call filters hold pets"),
        ),
        Some(false) => Finding::degraded(
            Check::Selinux,
            phrase("permissive: it reports and forbids nothing"),
            phrase("It adds no wall around sealed pets."),
        )
        .advised(
            phrase("Set it enforcing."),
            vec!["sudo setenforce 1".to_owned()],
        ),
        Some(true) if !selinux.has_container_type => Finding::degraded(
            Check::Selinux,
            phrase("enforcing, but its policy does not know containers"),
            phrase("Sealed pets do not start, unless they are let run with your own label."),
        )
        .advised(
            phrase("Install the policy for containers (container-selinux)."),
            Vec::new(),
        ),
        Some(true) => Finding::found(
            Check::Selinux,
            phrase("enforcing; you are {label}").with("label", &selinux.label),
        ),
    }
}

fn apparmor(facts: &Facts) -> Finding {
    let text = match (facts.apparmor, facts.apparmor_restricts) {
        (false, _) => phrase("off"),
        (true, false) => phrase("on"),
        (true, true) => phrase("on; it restricts user namespaces"),
    };
    Finding::found(Check::Apparmor, text)
}

fn disk_space(facts: &Facts) -> Finding {
    let Some(free) = facts.free_bytes else {
        return Finding::degraded(
            Check::DiskSpace,
            phrase("could not be read"),
            phrase("Images may not fit."),
        );
    };
    let text = phrase("{size} GB free where your pets are kept")
        .with("size", format!("{:.1}", free as f64 / 1e9));
    if free >= LITTLE_ROOM {
        return Finding::found(Check::DiskSpace, text);
    }
    Finding::degraded(
        Check::DiskSpace,
        text,
        phrase("The next image may not fit."),
    )
    .advised(
        phrase("Delete what no pet needs."),
        vec!["kennel image prune".to_owned()],
    )
}

fn reflink(facts: &Facts) -> Finding {
    match facts.reflink {
        Some(true) => Finding::found(Check::Reflink, phrase("the file system can do it")),
        // Nothing depends on it, and nobody changes a file system for it.
        _ => Finding::found(
            Check::Reflink,
            phrase("the file system cannot; copies take their room"),
        ),
    }
}

fn private_network(facts: &Facts) -> Finding {
    let without =
        phrase("Pets with a private network start without it; other networks are not affected.");
    if !facts.pasta {
        return Finding::degraded(
            Check::PrivateNetwork,
            phrase("pasta is not installed"),
            without,
        )
        .advised(
            phrase("Install it."),
            facts.distribution.install(Package::Passt),
        );
    }
    if !facts.tun {
        return Finding::degraded(
            Check::PrivateNetwork,
            phrase("/dev/net/tun cannot be opened"),
            without,
        )
        .advised(
            phrase("An administrator loads the module."),
            vec!["sudo modprobe tun".to_owned()],
        );
    }
    Finding::found(Check::PrivateNetwork, phrase("pasta is there"))
}

fn session_bus(facts: &Facts) -> Finding {
    if facts.session_bus {
        return Finding::found(Check::SessionBus, phrase("it answers"));
    }
    Finding::degraded(
        Check::SessionBus,
        phrase("there is none in this session"),
        phrase("Limits through systemd and notifications are not to be had; pets work."),
    )
}

fn portals(facts: &Facts) -> Finding {
    if facts.portals {
        return Finding::found(Check::Portals, phrase("they can be started"));
    }
    Finding::degraded(
        Check::Portals,
        phrase("not installed"),
        phrase("The app in a Flatpak could not choose files or notify you."),
    )
}

fn terminal(facts: &Facts) -> Finding {
    match &facts.terminal {
        Some(name) => Finding::found(
            Check::Terminal,
            phrase("{terminal} is there").with("terminal", name),
        ),
        None => Finding::found(
            Check::Terminal,
            phrase("none of those known; the app has its own"),
        ),
    }
}

fn flatpak(facts: &Facts) -> Finding {
    let text = if facts.flatpak {
        phrase("its way to the host is there")
    } else {
        phrase("not installed; only the app as a Flatpak needs it")
    };
    Finding::found(Check::FlatpakBridge, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cgroup::{Controller, Unavailable};
    use crate::doctor::distribution::Distribution;
    use crate::doctor::facts::SelinuxFacts;
    use kennel_model::Health;

    fn healthy() -> Facts {
        Facts {
            person: "ada".into(),
            distribution: Distribution::Debian,
            kernel: "6.12.9-amd64".into(),
            namespace: Probe::Works,
            full_mapping: true,
            has_uidmap: true,
            apparmor_restricts: false,
            apparmor: false,
            selinux: SelinuxFacts::default(),
            no_limits: None,
            free_bytes: Some(100 << 30),
            reflink: Some(false),
            pasta: true,
            tun: true,
            session_bus: true,
            portals: true,
            terminal: Some("ptyxis".into()),
            flatpak: true,
        }
    }

    fn of(facts: &Facts, check: Check) -> Finding {
        let mut all = all(facts).into_iter();
        all.find(|finding| finding.check == check).unwrap()
    }

    #[test]
    fn a_healthy_computer_lacks_nothing() {
        assert!(
            all(&healthy())
                .iter()
                .all(|finding| finding.health == Health::Found)
        );
    }

    #[test]
    fn whatever_is_wrong_has_a_consequence_and_advice() {
        let ill = [
            Facts {
                kernel: "5.10.0".into(),
                ..healthy()
            },
            Facts {
                namespace: Probe::NoNamespace(Phrase::verbatim("refused")),
                ..healthy()
            },
            Facts {
                namespace: Probe::NoMapping(Phrase::verbatim("refused")),
                ..healthy()
            },
            Facts {
                namespace: Probe::NoOverlay(Phrase::verbatim("refused")),
                ..healthy()
            },
            Facts {
                has_uidmap: false,
                full_mapping: false,
                ..healthy()
            },
            Facts {
                full_mapping: false,
                ..healthy()
            },
            Facts {
                no_limits: Some(Unavailable::NotDelegated(Controller::Cpu)),
                ..healthy()
            },
            Facts {
                free_bytes: Some(1),
                ..healthy()
            },
            Facts {
                pasta: false,
                ..healthy()
            },
            Facts {
                tun: false,
                ..healthy()
            },
        ];
        for facts in ill {
            let worst = all(&facts)
                .into_iter()
                .min_by_key(|finding| finding.health)
                .unwrap();
            assert_ne!(worst.health, Health::Found);
            assert!(
                worst.consequence.is_some() && worst.advice.is_some(),
                "{worst:?}"
            );
        }
    }

    #[test]
    fn nobody_is_told_to_turn_apparmor_off() {
        let facts = Facts {
            namespace: Probe::NoNamespace(Phrase::verbatim("refused")),
            apparmor: true,
            apparmor_restricts: true,
            ..healthy()
        };
        let finding = of(&facts, Check::UserNamespaces);
        assert_eq!(finding.health, Health::Missing);
        assert!(finding.commands[0].contains("userns,"));
        assert!(
            !finding
                .commands
                .iter()
                .any(|command| command.contains("apparmor_restrict"))
        );
    }

    #[test]
    fn what_only_the_flatpak_needs_is_no_fault() {
        let facts = Facts {
            flatpak: false,
            terminal: None,
            reflink: None,
            ..healthy()
        };
        assert!(
            all(&facts)
                .iter()
                .all(|finding| finding.health == Health::Found)
        );
    }
}
