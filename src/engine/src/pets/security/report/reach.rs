//! What of this computer the pet can reach.

use kennel_model::{
    HomeMode, HostCommands, Mount, NetworkMode, Phrase, ReportLine, Share, ShareSummary, Topic,
    phrase, quoted, shown,
};

use super::{Facts, edit};

/// The shares by which programs in the pet can do what the person can, outside it.
const WAYS_OUT: [Share; 7] = [
    Share::SessionBus,
    Share::RuntimeDir,
    Share::X11,
    Share::HostFiles,
    Share::Virtualization,
    Share::HostGroups,
    Share::HostProcesses,
];

pub fn lines(facts: &Facts<'_>) -> Vec<ReportLine> {
    let mut lines = vec![home(facts)];
    lines.extend(facts.spec.project.iter().map(|folder| {
        ReportLine::note(
            Topic::Folders,
            phrase("Its project folder, {folder}").with("folder", shown(&folder.to_string_lossy())),
            phrase("Programs inside can read and change what is in it, scripts that you run yourself too."),
        )
    }));
    lines.extend(facts.spec.mounts.iter().map(|mount| folder(facts, mount)));
    lines.extend(network(facts));
    lines.push(host_commands(facts));
    lines.extend(shares(facts));
    lines
}

fn home(facts: &Facts<'_>) -> ReportLine {
    match facts.spec.home {
        HomeMode::Shared => ReportLine::risk(
            Topic::Home,
            phrase("Your home folder is shared"),
            phrase(
                "A program inside can read and change your files, also what runs when you log in.",
            ),
        )
        .set_by(
            phrase("Give it a home of its own."),
            edit(facts, "--home private"),
        ),
        HomeMode::Private => ReportLine::good(
            Topic::Home,
            phrase("It has a home of its own"),
            phrase("Your files are not in it, but for what is listed below."),
        ),
    }
}

fn folder(facts: &Facts<'_>, mount: &Mount) -> ReportLine {
    let source = shown(&mount.source.to_string_lossy());
    let (fact, meaning) = if mount.read_only {
        (
            phrase("{folder}, only to read").with("folder", source),
            phrase("Programs inside can read what is in it."),
        )
    } else {
        (
            Phrase::verbatim(source),
            phrase("Programs inside can read and change what is in it."),
        )
    };
    let target = quoted(&shown(&mount.target.to_string_lossy()));
    ReportLine::note(Topic::Folders, fact, meaning).set_by(
        phrase("Take it away."),
        edit(facts, &format!("--no-mount {target}")),
    )
}

fn host_commands(facts: &Facts<'_>) -> ReportLine {
    match facts.spec.host_commands {
        HostCommands::On => ReportLine::risk(
            Topic::HostCommands,
            phrase("It may run commands on this computer"),
            phrase("A program inside can do whatever you can; the pet’s log has each command."),
        )
        .set_by(
            phrase("Take that away."),
            edit(facts, "--host-commands off"),
        ),
        HostCommands::Ask => ReportLine::note(
            Topic::HostCommands,
            phrase("You are asked before it runs a command on this computer"),
            phrase("A program inside can do there what you allow."),
        )
        .set_by(
            phrase("Take that away."),
            edit(facts, "--host-commands off"),
        ),
        HostCommands::Off => ReportLine::good(
            Topic::HostCommands,
            phrase("It may not run commands on this computer"),
            phrase("There is nothing inside that could be asked."),
        ),
    }
}

fn network(facts: &Facts<'_>) -> Vec<ReportLine> {
    let topic = Topic::Network;
    // A running pet has the network that the kernel says it has.
    let is_shared = facts
        .security
        .map_or(facts.spec.network == NetworkMode::Host, |security| {
            security.namespaces.shared.iter().any(|word| word == "net")
        });
    if is_shared {
        let line = ReportLine::note(
            topic,
            phrase("It uses the network of this computer"),
            phrase(
                "It reaches the internet, the networks around you, and servers that only listen to programs here.",
            ),
        );
        let change = phrase("Give it one of its own, which no server on this computer is in.");
        return vec![line.set_by(change, edit(facts, "--network private"))];
    }
    if facts.spec.network == NetworkMode::None {
        return vec![ReportLine::good(
            topic,
            phrase("It has no network"),
            phrase("Nothing in it can send anything anywhere, or be reached."),
        )];
    }
    let mut lines = vec![match facts.network_problem {
        Some(problem) => ReportLine::note(
            topic,
            phrase("Its own network is not connected: {reason}").saying("reason", problem.clone()),
            phrase("It reaches nothing until it is."),
        ),
        None => ReportLine::good(
            topic,
            phrase("It has a network of its own, connected outward"),
            phrase("It reaches the internet, but no server that only listens to programs here."),
        ),
    }];
    lines.extend(facts.spec.ports.iter().map(|port| {
        ReportLine::note(
            topic,
            phrase("Port {port} leads into it").with("port", port),
            phrase("Who reaches that port of this computer talks to a program in the pet."),
        )
        .set_by(
            phrase("Close it."),
            edit(facts, &format!("--no-port {}", port.host)),
        )
    }));
    lines
}

/// A line for each way out; one for all the rest. What this computer has not is left out.
fn shares(facts: &Facts<'_>) -> Vec<ReportLine> {
    // The kernel's word on processes is told with the namespaces.
    let is_told =
        |share: &ShareSummary| share.word == Share::HostProcesses && facts.security.is_some();
    let given = facts
        .shares
        .iter()
        .filter(|share| share.here && !is_told(share));
    let (ways_out, others): (Vec<_>, Vec<_>) =
        given.partition(|share| WAYS_OUT.contains(&share.word));
    let mut lines: Vec<ReportLine> = ways_out
        .into_iter()
        .map(|share| {
            ReportLine::risk(
                Topic::Shares,
                Phrase::verbatim(&share.meaning).capitalised(),
                phrase("A program inside {can}.").saying("can", Phrase::verbatim(&share.exposes)),
            )
            .set_by(
                phrase("Take it away."),
                edit(facts, &format!("--no-share {}", share.word)),
            )
        })
        .collect();
    let names = others.iter().map(|share| Phrase::verbatim(&share.meaning));
    let names = names.reduce(|one, other| {
        phrase("{one}; {other}")
            .saying("one", one)
            .saying("other", other)
    });
    if let Some(names) = names {
        lines.push(
            ReportLine::note(
                Topic::Shares,
                names.capitalised(),
                phrase("Programs inside can use these; the settings say what each exposes."),
            )
            .set_by(
                phrase("See what each exposes; “kennel edit” takes away what you do not want."),
                "kennel shares",
            ),
        );
    }
    if lines.is_empty() {
        lines.push(ReportLine::good(
            Topic::Shares,
            phrase("Nothing else of this computer is given to it"),
            phrase("No windows, no sound, no bus, no keys."),
        ));
    }
    lines
}
