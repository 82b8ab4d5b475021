//! Reading the files of an image: from a directory, or from inside a tar.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use tar::EntryType;

use super::StoreError;
use crate::extract::archive::{Archive, Entry};
use crate::extract::{Compression, ExtractError, ExtractLimits};

/// JSON documents are small; anything larger is an attack.
const DOCUMENT_LIMIT: u64 = 8 << 20;
const ENTRY_LIMIT: usize = 100_000;

/// Where an image's files are.
pub(crate) enum Source {
    /// A directory.
    Directory(PathBuf),
    /// Inside a tar: offset and size by name.
    Archive {
        path: PathBuf,
        file: File,
        index: HashMap<String, Place>,
    },
}

/// Where in the tar a file is.
pub(crate) enum Place {
    Range(u64, u64),
    Link(String),
}

impl Source {
    /// Indexes the tar at `path`; a compressed one is inflated into `scratch` first.
    pub(crate) fn archive(
        path: &Path,
        scratch: &Path,
        step: &dyn Fn() -> io::Result<()>,
    ) -> Result<Self, StoreError> {
        let failed = |error| reading(path, error);
        let mut file = open_regular(path)?;
        let mut magic = [0u8; 6];
        let got = file.read(&mut magic).map_err(failed)?;
        file.rewind().map_err(failed)?;
        if Compression::of(&magic[..got]) != Compression::Plain {
            file = inflated(file, path, scratch, step)?;
        }
        let index = index(&file).map_err(|error| damaged(path, error))?;
        Ok(Self::Archive {
            path: path.to_owned(),
            file,
            index,
        })
    }

    /// The place the person named.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Directory(path) | Self::Archive { path, .. } => path,
        }
    }

    /// A reader of the file `name` and its size.
    pub(crate) fn open(&self, name: &str) -> Result<(Box<dyn Read + '_>, u64), StoreError> {
        match self {
            Self::Directory(path) => {
                let path = path.join(name);
                let file = open_regular(&path)?;
                let size = file
                    .metadata()
                    .map_err(|error| StoreError::io(&path, error))?
                    .len();
                Ok((Box::new(file), size))
            }
            Self::Archive { path, file, index } => {
                let mut name = normal(name);
                for _ in 0..8 {
                    match index.get(&name) {
                        Some(Place::Range(offset, size)) => {
                            let range = Range {
                                file,
                                at: *offset,
                                end: offset + size,
                            };
                            return Ok((Box::new(range), *size));
                        }
                        Some(Place::Link(target)) => name.clone_from(target),
                        None => break,
                    }
                }
                Err(StoreError::bad(path, format!("it has no {name}")))
            }
        }
    }

    /// A small file in one piece.
    pub(crate) fn document(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let (reader, size) = self.open(name)?;
        if size > DOCUMENT_LIMIT {
            return Err(StoreError::bad(self.path(), format!("{name} is too large")));
        }
        let mut bytes = Vec::new();
        reader
            .take(DOCUMENT_LIMIT)
            .read_to_end(&mut bytes)
            .map_err(|error| reading(self.path(), error))?;
        Ok(bytes)
    }
}

/// Inflates the archive `file` into a file in `scratch`, within the limits of a layer.
fn inflated(
    file: File,
    path: &Path,
    scratch: &Path,
    step: &dyn Fn() -> io::Result<()>,
) -> Result<File, StoreError> {
    let failed = |error| reading(path, error);
    let compressed = file.metadata().map_err(failed)?.len();
    let limit = ExtractLimits::default().output(compressed);
    let inflated = scratch.join("archive.tar");
    let unwritten = |error| StoreError::io(&inflated, error);
    let mut out = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&inflated)
        .map_err(unwritten)?;
    let mut reader = crate::extract::inflate(file).map_err(failed)?;
    let (mut buffer, mut total) = (vec![0; 1 << 20], 0u64);
    loop {
        step().map_err(failed)?;
        let read = reader.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        total += read as u64;
        if total > limit {
            return Err(damaged(path, ExtractError::TooLarge { limit }));
        }
        io::Write::write_all(&mut out, &buffer[..read]).map_err(unwritten)?;
    }
    out.rewind().map_err(unwritten)?;
    Ok(out)
}

/// Opens a regular file; never waits for a pipe.
pub(crate) fn open_regular(path: &Path) -> Result<File, StoreError> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = File::options()
        .read(true)
        .custom_flags(nonblocking)
        .open(path)
        .map_err(|error| StoreError::io(path, error))?;
    let is_file = file
        .metadata()
        .map_err(|error| StoreError::io(path, error))?
        .is_file();
    if is_file {
        Ok(file)
    } else {
        Err(StoreError::bad(path, "it is not a file"))
    }
}

/// An error of reading an archive at `path`.
pub(crate) fn reading(path: &Path, error: io::Error) -> StoreError {
    if error.get_ref().is_none() {
        return StoreError::io(path, error);
    }
    damaged(path, ExtractError::reading(error))
}

/// An archive at `path` that cannot be read on.
pub(crate) fn damaged(path: &Path, error: ExtractError) -> StoreError {
    match error {
        ExtractError::Truncated => StoreError::Truncated {
            path: path.to_owned(),
        },
        ExtractError::DiskFull => StoreError::DiskFull {
            path: path.to_owned(),
        },
        ExtractError::Damaged { reason } if reason == CANCELLED => StoreError::Cancelled,
        other => StoreError::bad(path, other.to_string()),
    }
}

/// The text of the I/O error that carries a cancellation through a reader.
pub(crate) const CANCELLED: &str = "cancelled by the person";

struct Range<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for Range<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.end - self.at)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = self.file.read_at(&mut buffer[..room], self.at)?;
        if read == 0 && room > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(read)
    }
}

fn normal(name: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()),
            _ => {}
        }
    }
    parts.join("/")
}

/// Where each file of the tar `file` is.
fn index(file: &File) -> Result<HashMap<String, Place>, ExtractError> {
    let length = file.metadata().map_err(ExtractError::reading)?.len();
    let damaged = |reason: String| ExtractError::Damaged { reason };
    let mut found = HashMap::new();
    let mut reader = BufReader::with_capacity(8 << 10, file);
    reader
        .seek(SeekFrom::Start(0))
        .map_err(ExtractError::reading)?;
    let mut archive = Archive::seeking(reader, ExtractLimits::default().header);
    while let Some(entry) = archive.next_entry()? {
        if found.len() >= ENTRY_LIMIT {
            return Err(damaged("it has too many entries".to_owned()));
        }
        let name = String::from_utf8_lossy(&entry.path).into_owned();
        let place = match entry.kind {
            EntryType::Regular | EntryType::Continuous if entry.sparse.is_none() => {
                if archive.position().saturating_add(entry.size) > length {
                    return Err(ExtractError::Truncated);
                }
                Place::Range(archive.position(), entry.size)
            }
            EntryType::Symlink => Place::Link(linked(&entry, Path::new(&name).parent())),
            EntryType::Link => Place::Link(linked(&entry, None)),
            _ => continue,
        };
        if found.insert(normal(&name), place).is_some() {
            return Err(damaged(format!("it has {name} twice")));
        }
    }
    Ok(found)
}

/// The name a link leads to, from the directory `base` of the archive or its top.
fn linked(entry: &Entry, base: Option<&Path>) -> String {
    let target = String::from_utf8_lossy(entry.link.as_deref().unwrap_or_default());
    let joined = base.unwrap_or(Path::new("")).join(&*target);
    normal(&joined.to_string_lossy())
}
