//! Namespaces, capabilities, system calls, and who root is.

use kennel_model::{NetworkMode, ReportLine, Topic};

use super::super::capabilities;
use super::super::kernel::{Namespaces, Security};
use super::{Facts, edit};

pub fn lines(facts: &Facts<'_>, security: &Security) -> Vec<ReportLine> {
    let mut lines = vec![user_namespace(facts, security)];
    lines.extend(namespaces(facts, &security.namespaces));
    lines.push(sudo(facts, security));
    lines.push(capabilities(facts, security));
    lines.push(system_calls(security));
    lines
}

fn user_namespace(facts: &Facts<'_>, security: &Security) -> ReportLine {
    let topic = Topic::UserNamespace;
    if security.namespaces.shared.iter().any(|word| word == "user") {
        return ReportLine::risk(
            topic,
            "It has no users of its own",
            "Every program in it is you, and root in it would be root of this computer.",
        );
    }
    match security.userns.root_is {
        Some(0) => ReportLine::risk(
            topic,
            "Root inside is root outside",
            "Who breaks out as root rules this computer.",
        ),
        Some(uid) if uid == facts.uid => ReportLine::note(
            topic,
            "Root inside is you outside",
            "Who breaks out as root has your rights on this computer.",
        ),
        Some(uid) => ReportLine::good(
            topic,
            format!("Root inside is user {uid} outside"),
            "That is nobody on this computer: root inside rules over the pet and nothing else.",
        ),
        None => ReportLine::good(
            topic,
            "There is no root inside, only your own user",
            "No program in it can be more than you are.",
        ),
    }
}

/// The kernel's word for a namespace, in words of a person.
fn in_words(namespace: &str) -> &str {
    match namespace {
        "user" => "users",
        "mnt" => "file systems",
        "pid" => "processes",
        "ipc" => "shared memory",
        "uts" => "host name",
        "cgroup" => "control groups",
        "net" => "network",
        other => other,
    }
}

fn namespaces(facts: &Facts<'_>, namespaces: &Namespaces) -> Vec<ReportLine> {
    let private: Vec<&str> = namespaces
        .private
        .iter()
        .map(|word| in_words(word))
        .collect();
    let mut lines = Vec::new();
    if !private.is_empty() {
        lines.push(ReportLine::good(
            Topic::Namespaces,
            format!("Of its own: {}", private.join(", ")),
            "Programs in it see its own there, and nothing of this computer’s.",
        ));
    }
    for word in &namespaces.shared {
        lines.extend(match word.as_str() {
            // Told by their own lines.
            "user" => None,
            "net" if facts.spec.network == NetworkMode::Host => None,
            "pid" => Some(
                ReportLine::risk(
                    Topic::Namespaces,
                    "It shares the processes of this computer",
                    "It sees every program that runs, and can end or look into those that are yours.",
                )
                .set_by(
                    "Give it a list of its own.",
                    edit(facts, "--no-share host-processes"),
                ),
            ),
            _ => Some(ReportLine::note(
                Topic::Namespaces,
                format!("It shares the {} of this computer", in_words(word)),
                "Programs in it see what programs outside see there.",
            )),
        });
    }
    lines
}

fn sudo(facts: &Facts<'_>, security: &Security) -> ReportLine {
    if security.no_new_privs {
        return ReportLine::good(
            Topic::Sudo,
            "No program inside can gain privileges",
            "sudo and its like do nothing there: fewer ways lead into the kernel.",
        );
    }
    ReportLine::note(
        Topic::Sudo,
        "sudo gives root inside",
        "That is what installs packages; it is root of the pet, never of this computer.",
    )
    .set_by("Do without it.", edit(facts, "--sudo no"))
}

/// Those that open much of the kernel to whoever has them, even over a namespace only.
const WIDE: [&str; 4] = ["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_BPF", "CAP_PERFMON"];

fn capabilities(facts: &Facts<'_>, security: &Security) -> ReportLine {
    let topic = Topic::Capabilities;
    let left = &security.capabilities;
    let wide: Vec<&str> = WIDE
        .into_iter()
        .filter(|name| left.iter().any(|one| one == name))
        .collect();
    if left.is_empty() {
        return ReportLine::good(
            topic,
            "Root inside has no capabilities",
            "Being root gives a program there nothing that you have not.",
        );
    }
    let fact = format!(
        "{} of {} capabilities are left to root inside",
        left.len(),
        capabilities::NAMES.len()
    );
    if wide.is_empty() {
        return ReportLine::good(
            topic,
            fact,
            "They hold over the pet itself, and the most powerful ones are not among them.",
        );
    }
    ReportLine::note(
        topic,
        format!("{fact}, {} among them", wide.join(" and ")),
        "They hold over the pet itself, but with them root inside reaches more of the kernel, where holes may be.",
    )
    .set_by(
        "Hold it back as containers usually are; it cannot run containers of its own then.",
        edit(facts, "--confinement default"),
    )
}

fn system_calls(security: &Security) -> ReportLine {
    if security.seccomp == "disabled" {
        return ReportLine::risk(
            Topic::SystemCalls,
            "System calls are not filtered",
            "Programs inside can use every part of the kernel that their rights allow.",
        );
    }
    ReportLine::good(
        Topic::SystemCalls,
        "System calls are filtered",
        "The kernel refuses calls that a pet never needs, so that their holes cannot be used.",
    )
}
