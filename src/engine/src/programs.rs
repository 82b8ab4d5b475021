//! Programs of the host.

/// Whether a program of this name is where programs are looked for.
pub fn in_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // The set-id helpers are in sbin on some systems, which a person's PATH may lack.
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|directory| directory.join(name).is_file())
}
