//! Which network the pet sees, and the ports that lead into one of its own.

use gettextrs::gettext;
use kennel_model::{Choices, NetworkMode, PetSpec, PortForward, Transport};
use kennel_protocol::Capabilities;
use relm4::adw;
use relm4::adw::prelude::*;

use super::entry::Entry;
use super::list::List;
use super::rows::Selection;
use super::{Ask, Section};
use crate::phrase::sentence;
use crate::problem;
use crate::remove_button::remove_button;
use crate::words::{self, gettext_f};

const MODES: &[NetworkMode] = &[NetworkMode::Host, NetworkMode::Private, NetworkMode::None];

/// The network and its ports.
#[derive(Debug)]
pub struct Network {
    mode: Selection<NetworkMode>,
    /// Why a network of its own is not connected on this computer.
    unavailable: adw::ActionRow,
    is_unavailable: bool,
    chosen: NetworkMode,
    ports_group: adw::PreferencesGroup,
    ports: List<PortForward>,
    ask: Ask,
}

impl Network {
    /// Adds the groups to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Network"))
            .build();
        let choose = |mode| Choices {
            network: Some(mode),
            ..Choices::default()
        };
        let mode = Selection::new(&gettext("Connection"), MODES, words::network, ask, choose);
        group.add(&mode.row);
        let unavailable = adw::ActionRow::builder()
            .use_markup(false)
            .title(gettext("A Network of Its Own Cannot Be Connected"))
            .subtitle_selectable(true)
            .visible(false)
            .build();
        unavailable.add_prefix(&problem::sign());
        group.add(&unavailable);
        page.add(&group);

        let ports_group = adw::PreferencesGroup::builder()
            .title(gettext("Ports"))
            .description(gettext(
                "Services in the pet can be reached through these, only from this computer.",
            ))
            .build();
        let entry = Entry::adding(&gettext("Add Port"), ask, read_port);
        let ports = List::new(&ports_group.title(), &entry.row);
        ports_group.add(&ports.list);
        ports_group.add(&entry.problem);
        page.add(&ports_group);
        Self {
            mode,
            unavailable,
            is_unavailable: false,
            chosen: NetworkMode::Host,
            ports_group,
            ports,
            ask: ask.clone(),
        }
    }
}

impl Section for Network {
    fn show(&mut self, spec: &PetSpec) {
        self.chosen = spec.network;
        self.offer();
        self.ports_group.set_visible(takes_ports(spec));
        let ask = &self.ask;
        self.ports
            .show(spec.ports.iter().copied(), |&port| row(port, ask));
    }

    fn show_computer(&mut self, computer: &Capabilities) {
        let reason = computer.no_private_network.as_ref();
        self.is_unavailable = reason.is_some();
        self.unavailable.set_visible(reason.is_some());
        self.unavailable
            .set_subtitle(&reason.map(sentence).unwrap_or_default());
        self.offer();
    }
}

impl Network {
    /// Offers what connects here, and what the pet has.
    fn offer(&self) {
        let offered = |mode: &NetworkMode| {
            !self.is_unavailable || *mode != NetworkMode::Private || *mode == self.chosen
        };
        let modes: Vec<NetworkMode> = MODES.iter().copied().filter(offered).collect();
        self.mode.offer(&modes);
        self.mode.show(self.chosen);
    }
}

/// Whether a port can lead into this pet, as the model says.
fn takes_ports(spec: &PetSpec) -> bool {
    let any = PortForward {
        host: 1,
        pet: 1,
        transport: Transport::Tcp,
    };
    let choices = Choices {
        ports: vec![any],
        ..Choices::default()
    };
    spec.clone().edited(choices).is_ok()
}

fn read_port(text: &str) -> Result<Choices, String> {
    let port = text.parse().map_err(|_| {
        gettext("Enter the port of this computer, or it and the pet’s: 8080 or 8080:80. Add /udp for UDP.")
    })?;
    Ok(Choices {
        ports: vec![port],
        ..Choices::default()
    })
}

fn row(port: PortForward, ask: &Ask) -> adw::ActionRow {
    let (host, pet) = (port.host.to_string(), port.pet.to_string());
    let transport = port.transport.as_str().to_uppercase();
    let row = adw::ActionRow::builder()
        .title(gettext_f(
            "Port {port} of This Computer",
            &[("port", &host)],
        ))
        .subtitle(gettext_f(
            "Leads to port {port} of the pet ({transport})",
            &[("port", &pet), ("transport", &transport)],
        ))
        .build();
    let label = gettext_f("Remove port {port}", &[("port", &host)]);
    let ask = ask.clone();
    row.add_suffix(&remove_button(&label, move || {
        ask.choose(Choices {
            no_ports: vec![port.host],
            ..Choices::default()
        });
    }));
    row
}
