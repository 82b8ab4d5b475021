//! What programs in the pet may do: become root, and how much they are held back.

use gettextrs::gettext;
use kennel_model::{Choices, Confinement, HostCommands, PetSpec, Privilege, ProcessLabel};
use kennel_protocol::{Capabilities, Mapping};
use relm4::adw;
use relm4::adw::prelude::*;

use super::rows::{self, Selection};
use super::{Ask, Section};
use crate::words;

const LEVELS: &[Confinement] = &[
    Confinement::Light,
    Confinement::Default,
    Confinement::Strict,
];

const COMMANDS: &[HostCommands] = &[HostCommands::On, HostCommands::Ask, HostCommands::Off];

const LABELS: &[ProcessLabel] = &[ProcessLabel::Person, ProcessLabel::Container];

/// sudo, confinement, host commands and, where SELinux is on, the label.
#[derive(Debug)]
pub struct Rights {
    sudo: adw::SwitchRow,
    confinement: Selection<Confinement>,
    host_commands: Selection<HostCommands>,
    label: Selection<ProcessLabel>,
    computer: Option<Capabilities>,
}

impl Rights {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Rights Inside"))
            .build();
        let sudo = rows::switch(
            &gettext("sudo"),
            &gettext(
                "Its programs can become administrator (root) inside the pet, without any rights outside.",
            ),
            ask,
            |given| Choices {
                privilege: Some(if given {
                    Privilege::Sudo
                } else {
                    Privilege::None
                }),
                ..Choices::default()
            },
        );
        let choose = |level| Choices {
            confinement: Some(level),
            ..Choices::default()
        };
        let confinement = Selection::new(
            &gettext("Confinement"),
            LEVELS,
            words::confinement,
            ask,
            choose,
        );
        let host_commands = Selection::new(
            &gettext("Host Commands"),
            COMMANDS,
            words::host_commands,
            ask,
            |commands| Choices {
                host_commands: Some(commands),
                ..Choices::default()
            },
        );
        let label = Selection::new(
            &gettext("SELinux Label"),
            LABELS,
            words::process_label,
            ask,
            |label| Choices {
                process_label: Some(label),
                ..Choices::default()
            },
        );
        label.row.set_visible(false);
        group.add(&sudo);
        group.add(&confinement.row);
        group.add(&host_commands.row);
        group.add(&label.row);
        page.add(&group);
        Self {
            sudo,
            confinement,
            host_commands,
            label,
            computer: None,
        }
    }

    /// What makes no difference here is not offered, and the row says why. What a pet has can be
    /// taken away.
    fn offer(&self) {
        let Some(computer) = &self.computer else {
            return;
        };
        self.label.row.set_visible(true);
        self.label.row.set_sensitive(computer.selinux);
        if !computer.selinux {
            let reason = gettext("SELinux is not on: labels hold nothing on this computer.");
            self.label.row.set_subtitle(&reason);
        }
        if computer.mapping == Mapping::SingleUid {
            self.sudo.set_sensitive(self.sudo.is_active());
            self.sudo.set_subtitle(&gettext(
                "Your account has no subordinate ids, so there is no root in its pets. “This Computer” says how to get some.",
            ));
        }
    }
}

impl Section for Rights {
    fn show(&mut self, spec: &PetSpec) {
        self.sudo.set_active(spec.privilege == Privilege::Sudo);
        self.confinement.show(spec.confinement);
        self.host_commands.show(spec.host_commands);
        self.label.show(spec.process_label());
        self.offer();
    }

    fn show_computer(&mut self, computer: &Capabilities) {
        self.computer = Some(computer.clone());
        self.offer();
    }
}
