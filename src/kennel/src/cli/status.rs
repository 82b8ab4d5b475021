//! `kennel status`: what is enforced, in words or as JSON.

use kennel_engine::pets::{Kennel, Limit, LimitStatus, PetStatus, Security, Usage};
use kennel_model::UserError;

use super::output::print_json;

/// Of one pet, or of all that run.
pub fn run(kennel: &Kennel, name: Option<&str>, json: bool) -> Result<(), UserError> {
    if let Some(name) = name {
        let status = kennel.status(&kennel.find(name)?)?;
        if json {
            return print_json(&status);
        }
        print(&status);
        return Ok(());
    }
    let mut all = Vec::new();
    for spec in kennel.pets()? {
        if kennel.running(&spec)?.is_some() {
            all.push(kennel.status(&spec)?);
        }
    }
    if json {
        return print_json(&all);
    }
    if all.is_empty() {
        println!("No pet runs. Start one with: kennel start NAME");
    }
    for (index, status) in all.iter().enumerate() {
        if index > 0 {
            println!();
        }
        print(status);
    }
    Ok(())
}

fn print(status: &PetStatus) {
    println!("{} is {}", status.name, status.state.as_str());
    match &status.security {
        Some(security) => print_security(security),
        None => println!("  Held by    nothing to hold: start it to see what is enforced"),
    }
    print_limits(&status.limits);
    if let Some(usage) = &status.usage {
        print_usage(usage);
    }
    if let Some(problem) = &status.network.problem {
        println!("  Network    its own is not connected: {problem}");
    }
    for (index, reachable) in status.reachable.iter().enumerate() {
        let title = if index == 0 { "Can reach" } else { "" };
        let path = reachable.path.as_ref();
        let path = path.map_or_else(String::new, |path| format!(": {}", path.display()));
        let absent = if reachable.here {
            ""
        } else {
            " (not on this host)"
        };
        println!("  {title:<10} {}{path}{absent}", reachable.meaning);
    }
}

fn print_security(security: &Security) {
    let root = match security.userns.root_is {
        Some(uid) => format!("user namespace: root inside is user {uid} outside"),
        None => "user namespace with your own user only".to_owned(),
    };
    println!("  Held by    {root}");
    let selinux = &security.selinux;
    match &selinux.label {
        Some(label) => println!("             SELinux {}: {label}", selinux.mode),
        None => println!("             SELinux {}", selinux.mode),
    }
    match (selinux.mode, selinux.container) {
        ("enforcing", true) => println!(
            "             so it has nothing of yours or of other pets that is not labelled for it"
        ),
        (_, true) => println!(
            "             the label of containers, of which SELinux only reports what it would forbid"
        ),
        ("disabled", false) => {}
        (_, false) => println!(
            "             that is your own label: its programs may do what SELinux lets you do"
        ),
    }
    match &security.apparmor {
        Some(profile) => println!("             AppArmor profile {profile}"),
        None => println!("             AppArmor is not on"),
    }
    let calls = match security.seccomp.as_str() {
        "filter" => "system calls are filtered",
        _ => "system calls are not filtered",
    };
    println!("             {calls}");
    let privileges = if security.no_new_privs {
        "no program inside can gain privileges"
    } else {
        "sudo inside gives root over the pet, not over this computer"
    };
    println!("             {privileges}");
    println!(
        "             {} capabilities, over the pet itself",
        security.capabilities.len()
    );
}

fn print_limits(limits: &LimitStatus) {
    if let Some(reason) = &limits.unavailable {
        println!("  Limits     {}", reason.trim_start_matches("limits "));
    }
    print_limit("CPU", &limits.cpu, |millis| {
        format!("{} cores", millis as f64 / 1000.0)
    });
    print_limit("Memory", &limits.memory, megabytes);
    if limits.swap.wanted.is_some() {
        print_limit("Swap", &limits.swap, megabytes);
    }
    print_limit("Processes", &limits.pids, |count| count.to_string());
    if limits.cpu_weight.wanted.is_some() {
        print_limit("CPU share", &limits.cpu_weight, |weight| weight.to_string());
    }
}

fn print_usage(usage: &Usage) {
    println!(
        "  Uses now   {} processes, {}, {:.1} s of processor time",
        usage.processes,
        megabytes(usage.memory),
        usage.cpu_millis as f64 / 1000.0
    );
    let throttling = usage.group.and_then(|group| group.throttling);
    if let Some(held) = throttling.filter(|held| held.throttled > 0) {
        println!(
            "             its limit held it back for {:.1} s",
            held.micros as f64 / 1_000_000.0
        );
    }
    let kills = usage.group.and_then(|group| group.memory_kills);
    if let Some(kills) = kills.filter(|kills| *kills > 0) {
        println!("             {kills} killed for want of memory; kennel logs says which");
    }
}

fn print_limit(title: &str, limit: &Limit, text: impl Fn(u64) -> String) {
    let enforced = limit.enforced.map_or_else(|| "no limit".to_owned(), &text);
    match (limit.wanted, &limit.reason) {
        (Some(wanted), Some(reason)) => {
            println!(
                "  {title:<10} {enforced}, though you want {}: {reason}",
                text(wanted)
            );
        }
        _ => println!("  {title:<10} {enforced}"),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
