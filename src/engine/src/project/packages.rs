//! Names of packages.

use super::error::{ProjectError, Source};

/// A name that every package manager takes as one: nothing that could be an option of it.
pub fn check(source: &Source<'_>, at: usize, name: &str) -> Result<(), ProjectError> {
    let first = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._:=@~/^<>*".contains(&byte);
    if first && name.len() <= 255 && name.bytes().all(allowed) {
        Ok(())
    } else {
        let what = format!("“{}” is not the name of a package", name.escape_debug());
        Err(source.error(at, what, "write it as the image's package manager does"))
    }
}
