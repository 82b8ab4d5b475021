//! Which Kennel this is: a release, or a development build that lives beside it.

/// The application's id.
pub const APP_ID: &str = match option_env!("APP_ID") {
    Some(id) => id,
    None => "io.github.kennel.Kennel",
};

/// The name of its directories for data, state and running pets. A development build may write what a
/// release cannot read: it has pets of its own.
pub const APP_DIRECTORY: &str = if is_development(APP_ID) {
    "kennel-devel"
} else {
    "kennel"
};

const fn is_development(id: &str) -> bool {
    let (id, end) = (id.as_bytes(), b".Devel");
    if id.len() < end.len() {
        return false;
    }
    let mut at = 0;
    while at < end.len() {
        if id[id.len() - end.len() + at] != end[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_build_is_known_by_its_id() {
        assert!(is_development("io.github.kennel.Kennel.Devel"));
        for other in ["io.github.kennel.Kennel", "Devel", "", "a.Devel.b"] {
            assert!(!is_development(other), "{other}");
        }
    }
}
