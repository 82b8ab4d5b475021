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
/// All icons of a list together: what does not fit is shown by a general one.
const ICONS_LIMIT: usize = 6 << 20;
const FILES_LIMIT: usize = 2000;

/// Where apps are in any image, the more important first.
const DIRECTORIES: [&str; 2] = ["/usr/local/share/applications", "/usr/share/applications"];

/// Where icons are: the theme that every theme falls back to, then the old place.
const HICOLOR: &str = "/usr/share/icons/hicolor";
const PIXMAPS: &str = "/usr/share/pixmaps";

/// Directories of a theme, those that menus use first.
const SIZES: [&str; 13] = [
    "scalable", "128x128", "256x256", "96x96", "64x64", "72x72", "48x48", "192x192", "512x512",
    "36x36", "32x32", "24x24", "16x16",
];

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
    /// The pet's own home, as a directory of the host, and its path in the pet.
    pub home: Option<(PathBuf, PathBuf)>,
    /// An empty directory to mount on.
    pub place: PathBuf,
    /// What.
    pub wanted: Wanted,
}

/// What to look for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Wanted {
    /// All apps, with their icons or without.
    Apps {
        /// Whether with them.
        icons: bool,
    },
    /// An icon, by name or path.
    Icon(String),
    /// A command, by name or path.
    Program(String),
}

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
pub enum Found {
    /// The apps, by id, each with its icon if that was wanted and is there.
    Apps(Vec<(AppEntry, Option<Icon>)>),
    /// The icon.
    Icon(Option<Icon>),
    /// The command's absolute path.
    Program(Option<PathBuf>),
}

/// A picture of an app.
#[derive(Debug, Serialize, Deserialize)]
pub struct Icon {
    /// The file, in base64.
    pub base64: String,
    /// “png” or “svg”.
    pub ending: String,
    /// Its directory in a theme, such as “48x48”.
    pub size: String,
}

/// The files of a pet.
struct Files<'a> {
    root: BorrowedFd<'a>,
    /// Its own home and the path of that in the pet.
    home: Option<(BorrowedFd<'a>, &'a Path)>,
}

impl<'a> Files<'a> {
    /// Where `path` of the pet is: a directory and the path below it.
    fn place<'p>(&self, path: &'p Path) -> (BorrowedFd<'a>, &'p Path) {
        self.home
            .and_then(|(home, at)| Some((home, path.strip_prefix(at).ok()?)))
            .unwrap_or((self.root, path))
    }

    fn read(&self, path: &Path, limit: u64) -> Option<Vec<u8>> {
        let (root, path) = self.place(path);
        read(root, path, limit)
    }

    /// A path below the home, if the pet has one of its own.
    fn in_home(&self, path: &str) -> Option<String> {
        let (_, at) = self.home?;
        at.join(path).to_str().map(str::to_owned)
    }
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
    let home = query.home.as_ref();
    let home = home.map(|(home, at)| Ok::<_, io::Error>((open(home)?, at)));
    let home = home.transpose()?;
    let files = Files {
        root: root.as_fd(),
        home: home.as_ref().map(|(home, at)| (home.as_fd(), at.as_path())),
    };
    Ok(match &query.wanted {
        Wanted::Apps { icons } => Found::Apps(apps(&files, *icons)),
        Wanted::Icon(name) => Found::Icon(icon(&files, name)),
        Wanted::Program(name) => Found::Program(program(&files, name)),
    })
}

fn apps(files: &Files<'_>, with_icons: bool) -> Vec<(AppEntry, Option<Icon>)> {
    let own = files.in_home(".local/share/applications");
    let places = own.into_iter().chain(DIRECTORIES.map(str::to_owned));
    let mut apps = std::collections::BTreeMap::new();
    for directory in places {
        let (root, below) = files.place(Path::new(&directory));
        for id in ids(root, below).unwrap_or_default() {
            let text = read(root, &below.join(format!("{id}.desktop")), ENTRY_LIMIT);
            let text = text.unwrap_or_default();
            // What a more important directory says of an app counts, be it that there is none.
            apps.entry(id.clone()).or_insert_with(|| {
                parse(&id, &String::from_utf8_lossy(&text)).filter(|app| is_installed(files, app))
            });
        }
    }
    let mut left = ICONS_LIMIT;
    let with_icon = |app: AppEntry| {
        let found = with_icons.then(|| icon(files, &app.icon)).flatten();
        let found = found.filter(|icon| icon.base64.len() <= left);
        left -= found.as_ref().map_or(0, |icon| icon.base64.len());
        (app, found)
    };
    apps.into_values().flatten().map(with_icon).collect()
}

/// Whether what the app wants to be there is.
fn is_installed(files: &Files<'_>, app: &AppEntry) -> bool {
    app.try_exec.is_empty() || program(files, &app.try_exec).is_some()
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

/// By path, else by name: of the pet's own home, then of the system.
fn icon(files: &Files<'_>, name: &str) -> Option<Icon> {
    use base64::Engine as _;
    candidates(files, name)
        .into_iter()
        .find_map(|(path, ending, size)| {
            let bytes = files.read(Path::new(&path), ICON_LIMIT)?;
            let is_picture = match ending {
                "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
                _ => bytes.windows(4).any(|four| four == b"<svg"),
            };
            is_picture.then(|| Icon {
                base64: base64::engine::general_purpose::STANDARD.encode(bytes),
                ending: ending.to_owned(),
                size: size.to_owned(),
            })
        })
}

/// Where the icon `name` may be: path, ending and size of each.
fn candidates(files: &Files<'_>, name: &str) -> Vec<(String, &'static str, &'static str)> {
    const PLAIN: [(&str, &str); 2] = [("svg", "scalable"), ("png", "48x48")];
    if name.starts_with('/') {
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        let known = PLAIN.into_iter().find(|(known, _)| ending == Some(known));
        let (ending, size) = known.unwrap_or(("png", "128x128"));
        return vec![(name.to_owned(), ending, size)];
    }
    // Entries of old say the file's whole name, though the specification wants it without the ending.
    let name = [".png", ".svg", ".xpm"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    if name.is_empty() || name.contains('/') {
        return Vec::new();
    }
    let themes = files.in_home(".local/share/icons/hicolor").into_iter();
    let mut all = Vec::new();
    for theme in themes.chain([HICOLOR.to_owned()]) {
        all.extend(SIZES.map(|size| {
            let ending = if size == "scalable" { "svg" } else { "png" };
            (format!("{theme}/{size}/apps/{name}.{ending}"), ending, size)
        }));
    }
    all.extend(PLAIN.map(|(ending, size)| (format!("{PIXMAPS}/{name}.{ending}"), ending, size)));
    all
}

fn program(files: &Files<'_>, name: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        let (root, below) = files.place(path);
        let file = open_in_root(root, below, OFlags::PATH).ok();
        let mode = file
            .and_then(|file| rustix::fs::fstat(&file).ok())
            .map(|s| s.st_mode);
        mode.is_some_and(|mode| {
            FileType::from_raw_mode(mode) == FileType::RegularFile && mode & 0o111 != 0
        })
    };
    let candidates: Vec<PathBuf> = if name.starts_with('/') {
        vec![name.into()]
    } else if name.contains('/') {
        Vec::new()
    } else {
        PROGRAMS
            .iter()
            .map(|directory| Path::new(directory).join(name))
            .collect()
    };
    candidates.into_iter().find(is_program)
}
