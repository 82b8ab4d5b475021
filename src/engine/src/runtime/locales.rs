//! Whether a pet knows the locale of whoever enters it. A C library that does not falls back to
//! plain ASCII, with a warning from every other program.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Where the GNU C library keeps its locales.
const DIRECTORY: &str = "/usr/lib/locale";

/// What every C library of today has: UTF-8, and the words of the programs themselves.
pub const PLAIN: &str = "C.UTF-8";

/// The longest table of names that is read, in bytes; that of all locales has 30 000.
const TABLE_LIMIT: u32 = 1 << 20;

/// The locales of the image that this process is inside of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The image's C library takes any name, as musl does.
    Any,
    /// These, as [`normal`] writes them.
    These(Vec<String>),
}

impl Known {
    /// Looks below `root`, which is `/` inside a pet.
    pub fn of(root: &Path) -> Self {
        let directory = root.join(DIRECTORY.trim_start_matches('/'));
        let Ok(entries) = std::fs::read_dir(&directory) else {
            return Self::Any;
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        let mut known: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
        known.extend(archived(&directory.join("locale-archive")).unwrap_or_default());
        Self::These(known.iter().map(|name| normal(name)).collect())
    }

    /// `locale` if it is known, else [`PLAIN`].
    pub fn nearest<'a>(&self, locale: &'a str) -> &'a str {
        let always = matches!(locale, "" | "C" | "POSIX") || normal(locale) == normal(PLAIN);
        match self {
            Self::These(known) if !always && !known.contains(&normal(locale)) => PLAIN,
            _ => locale,
        }
    }
}

/// The names in an archive of locales (glibc's locarchive.h): eight numbers, of which the sixth
/// and seventh are where the table of names begins and how long it is.
fn archived(path: &Path) -> Option<Vec<String>> {
    let file = File::open(path).ok()?;
    let mut head = [0; 32];
    file.read_exact_at(&mut head, 0).ok()?;
    let number = |index: usize| {
        let bytes = head[index * 4..index * 4 + 4].try_into().ok()?;
        Some(u32::from_ne_bytes(bytes))
    };
    let (offset, length) = (number(5)?, number(6)?.min(TABLE_LIMIT));
    let mut table = vec![0; length as usize];
    file.read_exact_at(&mut table, offset.into()).ok()?;
    let names = table.split(|&byte| byte == 0);
    Some(
        names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect(),
    )
}

/// `de_DE.UTF-8` and `de_DE.utf8` are one: letters and digits of the code set, in lower case.
fn normal(locale: &str) -> String {
    let (language, code_set) = locale.split_once('.').unwrap_or((locale, ""));
    let (code_set, modifier) = code_set.split_once('@').unwrap_or((code_set, ""));
    let plain: String = code_set
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    format!("{language}.{plain}@{modifier}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_known_by_any_spelling() {
        let known = Known::These(vec![normal("de_DE.utf8")]);
        assert_eq!(known.nearest("de_DE.UTF-8"), "de_DE.UTF-8");
        assert_eq!(known.nearest("fr_FR.UTF-8"), PLAIN);
        assert_eq!(known.nearest("de_DE.UTF-8@euro"), PLAIN);
        for plain in ["C", "POSIX", "", "C.utf8", "C.UTF-8"] {
            assert_eq!(known.nearest(plain), plain);
        }
    }

    #[test]
    fn directories_and_archives_are_read() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Known::of(root.path()), Known::Any);
        let directory = root.path().join("usr/lib/locale");
        std::fs::create_dir_all(directory.join("C.utf8")).unwrap();
        let mut archive = vec![0_u8; 40];
        archive[20..24].copy_from_slice(&40_u32.to_ne_bytes());
        archive[24..28].copy_from_slice(&11_u32.to_ne_bytes());
        archive.extend_from_slice(b"pt_BR.utf8\0");
        std::fs::write(directory.join("locale-archive"), archive).unwrap();
        assert_eq!(Known::of(root.path()).nearest("pt_BR.UTF-8"), "pt_BR.UTF-8");
        // One that lies about itself has none.
        std::fs::write(directory.join("locale-archive"), [0xff; 64]).unwrap();
        assert_eq!(Known::of(root.path()).nearest("pt_BR.UTF-8"), PLAIN);
    }
}
