//! Namespaces, capabilities, system calls, and who root is.

use kennel_model::{NetworkMode, Phrase, ReportLine, Topic, phrase};

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
            phrase("It has no users of its own"),
            phrase("Every program in it is you, and root in it would be root of this computer."),
        );
    }
    match security.userns.root_is {
        Some(0) => ReportLine::risk(
            topic,
            phrase("Root inside is root outside"),
            phrase("Who breaks out as root rules this computer."),
        ),
        Some(uid) if uid == facts.uid => ReportLine::note(
            topic,
            phrase("Root inside is you outside"),
            phrase("Who breaks out as root has your rights on this computer."),
        ),
        Some(uid) => ReportLine::good(
            topic,
            phrase("Root inside is user {uid} outside").with("uid", uid),
            phrase(
                "That is nobody on this computer: root inside rules over the pet and nothing else.",
            ),
        ),
        None => ReportLine::good(
            topic,
            phrase("There is no root inside, only your own user"),
            phrase("No program in it can be more than you are."),
        ),
    }
}

/// The kernel's word for a namespace, in words of a person.
fn in_words(namespace: &str) -> Phrase {
    match namespace {
        "user" => phrase("users"),
        "mnt" => phrase("file systems"),
        "pid" => phrase("processes"),
        "ipc" => phrase("shared memory"),
        "uts" => phrase("host name"),
        "cgroup" => phrase("control groups"),
        "net" => phrase("network"),
        other => Phrase::verbatim(other),
    }
}

fn namespaces(facts: &Facts<'_>, namespaces: &Namespaces) -> Vec<ReportLine> {
    let private: Vec<Phrase> = namespaces
        .private
        .iter()
        .map(|word| in_words(word))
        .collect();
    let mut lines = Vec::new();
    if !private.is_empty() {
        lines.push(ReportLine::good(
            Topic::Namespaces,
            phrase("Of its own: {things}").listing("things", private),
            phrase("Programs in it see its own there, and nothing of this computer’s."),
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
                    phrase("It shares the processes of this computer"),
                    phrase("It sees every program that runs, and can end or look into those that are yours."),
                )
                .set_by(
                    phrase("Give it a list of its own."),
                    edit(facts, "--no-share host-processes"),
                ),
            ),
            _ => Some(ReportLine::note(
                Topic::Namespaces,
                phrase("It shares the {thing} of this computer").saying("thing", in_words(word)),
                phrase("Programs in it see what programs outside see there."),
            )),
        });
    }
    lines
}

fn sudo(facts: &Facts<'_>, security: &Security) -> ReportLine {
    if security.no_new_privs {
        return ReportLine::good(
            Topic::Sudo,
            phrase("No program inside can gain privileges"),
            phrase("sudo and its like do nothing there: fewer ways lead into the kernel."),
        );
    }
    ReportLine::note(
        Topic::Sudo,
        phrase("sudo gives root inside"),
        phrase("That is what installs packages; it is root of the pet, never of this computer."),
    )
    .set_by(phrase("Do without it."), edit(facts, "--sudo no"))
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
            phrase("Root inside has no capabilities"),
            phrase("Being root gives a program there nothing that you have not."),
        );
    }
    let fact = phrase("{count} of {all} capabilities are left to root inside")
        .with("count", left.len())
        .with("all", capabilities::NAMES.len());
    if wide.is_empty() {
        return ReportLine::good(
            topic,
            fact,
            phrase("They hold over the pet itself, and the most powerful ones are not among them."),
        );
    }
    ReportLine::note(
        topic,
        phrase("{fact}, {capabilities} among them")
            .saying("fact", fact)
            .with("capabilities", wide.join(" and ")),
        phrase("They hold over the pet itself, but with them root inside reaches more of the kernel, where holes may be."),
    )
    .set_by(
        phrase("Hold it back as containers usually are; it cannot run containers of its own then."),
        edit(facts, "--confinement default"),
    )
}

fn system_calls(security: &Security) -> ReportLine {
    if security.seccomp == "disabled" {
        return ReportLine::risk(
            Topic::SystemCalls,
            phrase("System calls are not filtered"),
            phrase("Programs inside can use every part of the kernel that their rights allow."),
        );
    }
    ReportLine::good(
        Topic::SystemCalls,
        phrase("System calls are filtered"),
        phrase(
            "The kernel refuses calls that a pet never needs, so that their holes cannot be used.",
        ),
    )
}
