//! Which distribution this is, and how it installs and configures what pets need.

use std::fs;

/// Families that install in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Debian, Ubuntu and their kin.
    Debian,
    /// Fedora, RHEL and their kin.
    Fedora,
    /// Those whose `/usr` is an image (rpm-ostree): packages are layered.
    FedoraAtomic,
    /// openSUSE and SLE.
    Suse,
    /// Arch and its kin.
    Arch,
    /// Alpine.
    Alpine,
    /// Endless OS: no packages can be added.
    Endless,
    /// Another one.
    Other,
}

/// Something to install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// newuidmap and newgidmap.
    UidMap,
    /// pasta.
    Passt,
}

impl Distribution {
    /// That of this computer (os-release(5)).
    pub fn detect() -> Self {
        let text = ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| fs::read_to_string(path).ok())
            .unwrap_or_default();
        let atomic = fs::exists("/run/ostree-booted").unwrap_or(false);
        Self::of(&text, atomic)
    }

    fn of(os_release: &str, atomic: bool) -> Self {
        let field = |name: &str| {
            os_release
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned()
        };
        let names = format!("{} {}", field("ID"), field("ID_LIKE"));
        let is = |name: &str| names.split_whitespace().any(|word| word.starts_with(name));
        if is("endless") {
            Self::Endless
        } else if is("debian") || is("ubuntu") {
            Self::Debian
        } else if is("fedora") || is("rhel") {
            if atomic {
                Self::FedoraAtomic
            } else {
                Self::Fedora
            }
        } else if is("suse") || is("opensuse") {
            Self::Suse
        } else if is("arch") {
            Self::Arch
        } else if is("alpine") {
            Self::Alpine
        } else {
            Self::Other
        }
    }

    /// The command that installs `package`, where there is one.
    pub fn install(self, package: Package) -> Vec<String> {
        let name = match (package, self) {
            (Package::Passt, _) => "passt",
            (Package::UidMap, Self::Debian) => "uidmap",
            (Package::UidMap, Self::Fedora | Self::FedoraAtomic) => "shadow-utils",
            (Package::UidMap, Self::Alpine) => "shadow-uidmap",
            (Package::UidMap, _) => "shadow",
        };
        let command = match self {
            Self::Debian => "sudo apt install",
            Self::Fedora => "sudo dnf install",
            Self::FedoraAtomic => "rpm-ostree install --apply-live",
            Self::Suse => "sudo zypper install",
            Self::Arch => "sudo pacman -S",
            Self::Alpine => "sudo apk add",
            Self::Endless | Self::Other => return Vec::new(),
        };
        vec![format!("{command} {name}")]
    }

    /// The command that adds `argument` to the kernel's command line, where there is one.
    pub fn kernel_argument(self, argument: &str) -> Vec<String> {
        match self {
            Self::FedoraAtomic => vec![format!("rpm-ostree kargs --append={argument}")],
            Self::Fedora => vec![format!("sudo grubby --update-kernel=ALL --args={argument}")],
            Self::Debian => vec![
                format!(
                    "echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX {argument}\"' | sudo tee /etc/default/grub.d/kennel.cfg"
                ),
                "sudo update-grub".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_told_by_os_release() {
        for (text, atomic, want) in [
            ("ID=debian\n", false, Distribution::Debian),
            (
                "ID=pop\nID_LIKE=\"ubuntu debian\"\n",
                false,
                Distribution::Debian,
            ),
            (
                "ID=endless\nID_LIKE=\"debian\"\n",
                true,
                Distribution::Endless,
            ),
            ("ID=fedora\n", false, Distribution::Fedora),
            (
                "ID=bazzite\nID_LIKE=\"fedora\"\n",
                true,
                Distribution::FedoraAtomic,
            ),
            ("ID=opensuse-tumbleweed\n", false, Distribution::Suse),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
                false,
                Distribution::Fedora,
            ),
            ("ID=nixos\n", false, Distribution::Other),
            ("", false, Distribution::Other),
        ] {
            assert_eq!(Distribution::of(text, atomic), want, "{text}");
        }
    }

    #[test]
    fn a_package_has_the_distributions_own_name() {
        assert_eq!(
            Distribution::Debian.install(Package::UidMap),
            ["sudo apt install uidmap"]
        );
        assert!(Distribution::Endless.install(Package::Passt).is_empty());
    }
}
