//! Why the kernel refused something.

use std::io;

use super::{Phrase, phrase};

/// The kernel's answers that people meet, as the C library words them.
fn known() -> [Phrase; 12] {
    [
        phrase("No such file or directory"),
        phrase("Permission denied"),
        phrase("Operation not permitted"),
        phrase("File exists"),
        phrase("Not a directory"),
        phrase("Is a directory"),
        phrase("Directory not empty"),
        phrase("No space left on device"),
        phrase("Read-only file system"),
        phrase("Connection refused"),
        phrase("Invalid argument"),
        phrase("No such process"),
    ]
}

/// `error` in words; what is not known stays as it is.
pub fn reason(error: &io::Error) -> Phrase {
    let text = error.to_string();
    let known = known().into_iter().find_map(|known| {
        let number = error.raw_os_error()?;
        let wording = format!("{known} (os error {number})");
        (wording == text).then(|| {
            phrase("{reason} (os error {number})")
                .saying("reason", known)
                .with("number", number)
        })
    });
    known.unwrap_or_else(|| Phrase::verbatim(text))
}
