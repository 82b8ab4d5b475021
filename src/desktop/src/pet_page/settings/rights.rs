//! What programs in the pet may do: become root, and how much they are held back.

use gettextrs::gettext;
use kennel_model::{Choices, Confinement, HostCommands, PetSpec, Privilege, ProcessLabel};
use kennel_protocol::Capabilities;
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
        }
    }
}

impl Section for Rights {
    fn show(&mut self, spec: &PetSpec) {
        self.sudo.set_active(spec.privilege == Privilege::Sudo);
        self.confinement.show(spec.confinement);
        self.host_commands.show(spec.host_commands);
        self.label.show(spec.process_label());
    }

    fn show_computer(&mut self, computer: &Capabilities) {
        self.label.row.set_visible(computer.selinux);
    }
}
