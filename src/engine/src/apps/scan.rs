//! Finds apps, icons and commands in a pet's files, opened below its root so that no link leads out.
//! Sizes and numbers are bounded: the files are the pet's, not ours.

use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Dir, FileType, OFlags};
use serde::{Deserialize, Serialize};

use super::entry::{AppEntry, parse};
use crate::sys::mount::{attach, new_read_only_overlay, open_in_root};

const ENTRY_LIMIT: u64 = 512 << 10;
const ICON_LIMIT: u64 = 1 << 20;
const FILES_LIMIT: usize = 2000;

/// Where apps are in any image, the more important first.
const DIRECTORIES: [&str; 2] = ["/usr/local/share/applications", "/usr/share/applications"];

/// Where commands are.
const PROGRAMS: [&str; 6] = [
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
];

/// What to look for, for the stage that looks.
#[derive(Debug, Serialize, Deserialize)]
pub struct Query {
    /// Directories of the pet's root, topmost first.
    pub layers: Vec<PathBuf>,
    /// The pet's own home, as a directory of the host.
    pub home: Option<PathBuf>,
    /// An empty directory to mount on.
    pub place: PathBuf,
    /// What.
    pub wanted: Wanted,
}

/// What to look for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Wanted {
    /// All apps.
    Apps,
    /// An icon, by name or path.
    Icon(String),
    /// A command, by name or path.
    Program(String),
}

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
pub enum Found {
    /// The apps, by id.
    Apps(Vec<AppEntry>),
    /// The icon in base64, “png” or “svg”, and its directory in the theme, such as “48x48”.
    Icon(Option<(String, String, String)>),
    /// The command's absolute path.
    Program(Option<PathBuf>),
}

/// Looks, as root of a mount namespace of its own. Running or not, the pet sees nothing of it.
pub fn run(query: &Query) -> io::Result<Found> {
    let open = |path: &Path| {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        rustix::fs::open(path, flags, rustix::fs::Mode::empty())
    };
    let layers: Vec<OwnedFd> = query
        .layers
        .iter()
        .map(|l| open(l))
        .collect::<Result<_, _>>()?;
    let root = match layers.as_slice() {
        [only] => rustix::io::fcntl_dupfd_cloexec(only, 3)?,
        several => {
            let overlay = new_read_only_overlay(several)?;
            attach(overlay.as_fd(), open(&query.place)?.as_fd())?;
            overlay
        }
    };
    let home = query.home.as_deref().map(open).transpose()?;
    Ok(match &query.wanted {
        Wanted::Apps => Found::Apps(apps(root.as_fd(), home.as_ref())),
        Wanted::Icon(name) => Found::Icon(icon(root.as_fd(), name)),
        Wanted::Program(name) => Found::Program(program(root.as_fd(), name)),
    })
}

fn apps(root: BorrowedFd<'_>, home: Option<&OwnedFd>) -> Vec<AppEntry> {
    let own = home.map(|home| (home.as_fd(), "/.local/share/applications"));
    let places = own
        .into_iter()
        .chain(DIRECTORIES.map(|directory| (root, directory)));
    let mut apps = std::collections::BTreeMap::new();
    for (root, directory) in places {
        for id in ids(root, Path::new(directory)).unwrap_or_default() {
            let path = Path::new(directory).join(format!("{id}.desktop"));
            let text = read(root, &path, ENTRY_LIMIT).unwrap_or_default();
            // What a more important directory says of an app counts, be it that there is none.
            apps.entry(id.clone())
                .or_insert_with(|| parse(&id, &String::from_utf8_lossy(&text)));
        }
    }
    apps.into_values().flatten().collect()
}

fn ids(root: BorrowedFd<'_>, directory: &Path) -> io::Result<Vec<String>> {
    let directory = open_in_root(root, directory, OFlags::RDONLY | OFlags::DIRECTORY)?;
    let id = |entry: rustix::fs::DirEntry| {
        let name = entry.file_name().to_str().ok()?;
        Some(name.strip_suffix(".desktop")?.to_owned())
    };
    Ok(Dir::read_from(&directory)?
        .flatten()
        .take(FILES_LIMIT)
        .filter_map(id)
        .collect())
}

/// A regular file of at most `limit` bytes.
fn read(root: BorrowedFd<'_>, path: &Path, limit: u64) -> Option<Vec<u8>> {
    let file = open_in_root(root, path, OFlags::RDONLY | OFlags::NONBLOCK).ok()?;
    let status = rustix::fs::fstat(&file).ok()?;
    let is_file = FileType::from_raw_mode(status.st_mode) == FileType::RegularFile;
    if !is_file || status.st_size as u64 > limit {
        return None;
    }
    let mut bytes = Vec::new();
    std::fs::File::from(file)
        .take(limit)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

/// By path; else of the theme that every theme falls back to, the sizes that menus use first.
fn icon(root: BorrowedFd<'_>, name: &str) -> Option<(String, String, String)> {
    use base64::Engine as _;
    const SIZES: [&str; 9] = [
        "scalable", "128x128", "256x256", "96x96", "64x64", "48x48", "512x512", "32x32", "16x16",
    ];
    let themed = SIZES.into_iter().map(|size| {
        let ending = if size == "scalable" { "svg" } else { "png" };
        let path = format!("/usr/share/icons/hicolor/{size}/apps/{name}.{ending}");
        (path, ending, size)
    });
    let plain = ["svg", "png"].map(|ending| {
        let size = if ending == "svg" { "scalable" } else { "48x48" };
        (format!("/usr/share/pixmaps/{name}.{ending}"), ending, size)
    });
    let candidates: Vec<(String, &str, &str)> = if name.starts_with('/') {
        let is_svg = Path::new(name)
            .extension()
            .is_some_and(|ending| ending == "svg");
        let ending = if is_svg { "svg" } else { "png" };
        let size = if ending == "svg" {
            "scalable"
        } else {
            "128x128"
        };
        vec![(name.to_owned(), ending, size)]
    } else if name.is_empty() || name.contains('/') {
        Vec::new()
    } else {
        themed.chain(plain).collect()
    };
    candidates.into_iter().find_map(|(path, ending, size)| {
        let bytes = read(root, Path::new(&path), ICON_LIMIT)?;
        let is_picture = match ending {
            "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            _ => bytes.windows(4).any(|four| four == b"<svg"),
        };
        let text = base64::engine::general_purpose::STANDARD.encode(bytes);
        is_picture.then(|| (text, ending.to_owned(), size.to_owned()))
    })
}

fn program(root: BorrowedFd<'_>, name: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        let file = open_in_root(root, path, OFlags::PATH).ok();
        let mode = file
            .and_then(|file| rustix::fs::fstat(&file).ok())
            .map(|s| s.st_mode);
        mode.is_some_and(|mode| {
            FileType::from_raw_mode(mode) == FileType::RegularFile && mode & 0o111 != 0
        })
    };
    let candidates: Vec<PathBuf> = if name.starts_with('/') {
        vec![name.into()]
    } else {
        PROGRAMS
            .iter()
            .map(|directory| Path::new(directory).join(name))
            .collect()
    };
    candidates.into_iter().find(is_program)
}
