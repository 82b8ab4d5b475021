//! The steps of a setup, in their order.

use std::time::Duration;

use kennel_model::{SetupCommand, SetupPlan, SetupStep, SetupUser};

/// Installs the packages that are its arguments with whatever package manager the image has. Only
/// what a fresh image needs for it is done: its lists are fetched, nothing is upgraded.
const INSTALL: &str = r#"
has() { command -v "$1" >/dev/null 2>&1; }
if has apt-get; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && exec apt-get install -y -o Dpkg::Options::=--force-confold -- "$@"
elif has dnf; then exec dnf install -y -- "$@"
elif has microdnf; then exec microdnf install -y "$@"
elif has yum; then exec yum install -y -- "$@"
elif has zypper; then exec zypper --non-interactive install -- "$@"
elif has apk; then exec apk add --no-cache -- "$@"
elif has pacman; then exec pacman -Sy --noconfirm --needed -- "$@"
elif has xbps-install; then exec xbps-install -Sy -- "$@"
else
    echo 'this image has no package manager that Kennel knows' >&2
    exit 1
fi
"#;

/// Makes the locale that is its argument, if the image lacks it and has what it is made from. A
/// pet without it works: programs speak plainly there.
const LOCALE: &str = r#"
known() { locale -a 2>/dev/null | tr -d - | tr A-Z a-z | grep -qx "$(printf %s "$1" | tr -d - | tr A-Z a-z)"; }
language=${1%%.*}
if ! command -v localedef >/dev/null 2>&1 || known "$1"; then exit 0; fi
if [ ! -e "/usr/share/i18n/locales/$language" ]; then
    echo "this image cannot make the locale $1; programs use C.UTF-8"
    exit 0
fi
exec localedef -i "$language" -f UTF-8 "$1"
"#;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is called in `setup.json`: its place, since names may repeat.
    pub key: String,
    /// What it is called for people.
    pub name: String,
    /// What is run.
    pub command: SetupCommand,
    /// Who runs it.
    pub user: SetupUser,
    /// After how long it is ended.
    pub timeout: Duration,
    /// Whether it is done once, or at each start.
    pub once: bool,
}

/// Every step of `plan`: what comes before the packages, they, what is done once, and at each start.
pub fn steps(plan: &SetupPlan) -> Vec<Step> {
    let packages =
        (!plan.packages.is_empty()).then(|| scripted("packages", INSTALL, &plan.packages));
    let numbered = |steps: &[SetupStep], kind: &'static str| -> Vec<Step> {
        let steps = steps.iter().enumerate();
        steps
            .map(|(index, step)| Step {
                key: format!("{kind}/{index}"),
                name: step.name.clone(),
                command: step.command.clone(),
                user: step.user,
                timeout: Duration::from_secs(step.timeout.unwrap_or(SetupStep::PATIENCE)),
                once: kind != "each-start",
            })
            .collect()
    };
    plan.locale
        .iter()
        .map(|locale| scripted("locale", LOCALE, std::slice::from_ref(locale)))
        .chain(numbered(&plan.first, "first"))
        .chain(packages)
        .chain(numbered(&plan.once, "once"))
        .chain(numbered(&plan.each_start, "each-start"))
        .collect()
}

/// A script of ours that root runs once, with `arguments`.
fn scripted(name: &str, script: &str, arguments: &[String]) -> Step {
    let words = ["/bin/sh", "-c", script, "kennel-setup"];
    let words = words.map(str::to_owned).into_iter();
    Step {
        key: name.to_owned(),
        name: name.to_owned(),
        command: SetupCommand::Program(words.chain(arguments.iter().cloned()).collect()),
        user: SetupUser::Root,
        timeout: Duration::from_secs(SetupStep::PATIENCE),
        once: true,
    }
}
