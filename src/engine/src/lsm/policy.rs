//! What the loaded SELinux policy allows, asked through selinuxfs: what a start under the label of
//! containers needs is known before anything is made.

use std::fs::{self, File};
use std::io::{self, Read, Write};

use kennel_model::{Phrase, phrase};

use super::label::{Label, PetLabels};

/// Where selinuxfs is mounted on every system with SELinux.
const SELINUXFS: &str = "/sys/fs/selinux";

/// Why the policy does not let this person's pets have the label of containers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum Refused {
    /// It keeps pets apart by categories, and this policy has none.
    NoCategories,
    /// It has no such label, or not for the person's role.
    NoLabel(Label),
    /// A rule is missing.
    NoTransition {
        /// The type of the person's processes.
        from: String,
        /// That of containers.
        to: String,
    },
}

impl Refused {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NoCategories => {
                phrase("the SELinux policy of this computer has no categories to keep pets apart")
            }
            Self::NoLabel(label) => {
                phrase("the SELinux policy of this computer has no {label}").with("label", label)
            }
            Self::NoTransition { from, to } => phrase(
                "the SELinux policy of this computer does not let {from} start programs as {to}",
            )
            .with("from", from)
            .with("to", to),
        }
    }
}

/// Whether a process of label `own` may start programs under `labels`.
///
/// Without an answer (another kernel's selinuxfs) it may: the start itself is then refused.
///
/// # Errors
///
/// What the policy lacks.
pub fn permits(own: &Label, labels: &PetLabels) -> Result<(), Refused> {
    for label in [&labels.process, &labels.files] {
        if !is_valid(label) {
            return Err(Refused::NoLabel(label.clone()));
        }
    }
    let allows = |from, to, class, permission| allows(from, to, class, permission).unwrap_or(true);
    let (process, files) = (&labels.process, &labels.files);
    // The executable is on a mount that no namespace holds, which counts as nosuid.
    let is_started = allows(own, process, "process", "transition")
        && allows(own, process, "process2", "nnp_transition")
        && allows(own, process, "process2", "nosuid_transition")
        && allows(process, files, "file", "entrypoint");
    if is_started {
        Ok(())
    } else {
        Err(Refused::NoTransition {
            from: own.kind().to_owned(),
            to: process.kind().to_owned(),
        })
    }
}

/// Whether the policy knows `label`.
fn is_valid(label: &Label) -> bool {
    let path = format!("{SELINUXFS}/context");
    let asked = File::options().read(true).write(true).open(path);
    // Where nobody can be asked, the kernel says no later.
    asked.map_or(true, |mut file| {
        file.write_all(label.to_string().as_bytes()).is_ok()
    })
}

/// Whether the policy lets `from` do `permission` of `class` to `to`.
fn allows(from: &Label, to: &Label, class: &str, permission: &str) -> io::Result<bool> {
    let directory = format!("{SELINUXFS}/class/{class}");
    let index: u32 = number(&format!("{directory}/index"))?;
    let bit: u32 = number(&format!("{directory}/perms/{permission}"))?;
    let mut file = File::options()
        .read(true)
        .write(true)
        .open(format!("{SELINUXFS}/access"))?;
    file.write_all(format!("{from} {to} {index}").as_bytes())?;
    let mut answer = [0; 256];
    let count = file.read(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer[..count]);
    let allowed = answer.split_whitespace().next().unwrap_or_default();
    let allowed = u32::from_str_radix(allowed, 16).map_err(io::Error::other)?;
    Ok(bit > 0 && allowed & (1 << (bit - 1)) != 0)
}

fn number(path: &str) -> io::Result<u32> {
    let text = fs::read_to_string(path)?;
    text.trim().parse().map_err(io::Error::other)
}
