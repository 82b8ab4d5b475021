//! Reading the files of an image: from a directory, or from inside a tar.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use super::StoreError;
use crate::extract::Compression;

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
            let inflated = scratch.join("archive.tar");
            let mut out = File::options()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&inflated)
                .map_err(|error| StoreError::io(&inflated, error))?;
            let mut reader = crate::extract::inflate(file).map_err(failed)?;
            let mut buffer = vec![0; 1 << 20];
            loop {
                step().map_err(failed)?;
                let read = reader.read(&mut buffer).map_err(failed)?;
                if read == 0 {
                    break;
                }
                io::Write::write_all(&mut out, &buffer[..read])
                    .map_err(|error| StoreError::io(&inflated, error))?;
            }
            out.rewind().map_err(failed)?;
            file = out;
        }
        let index = index(&file).map_err(failed)?;
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
    use crate::extract::ExtractError;
    if error.get_ref().is_none() {
        return StoreError::io(path, error);
    }
    match ExtractError::reading(error) {
        ExtractError::Truncated => StoreError::Truncated {
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

fn index(file: &File) -> io::Result<HashMap<String, Place>> {
    let length = file.metadata()?.len();
    let mut found = HashMap::new();
    let mut reader = BufReader::with_capacity(8 << 10, file);
    reader.seek(SeekFrom::Start(0))?;
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        if found.len() >= ENTRY_LIMIT {
            return Err(io::Error::other("it has too many entries"));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        let place = if kind.is_file() || kind.is_contiguous() {
            let end = entry.raw_file_position().saturating_add(entry.size());
            if end > length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Place::Range(entry.raw_file_position(), entry.size())
        } else if let (true, Some(target)) = (
            kind.is_symlink() || kind.is_hard_link(),
            entry.link_name_bytes(),
        ) {
            let target = String::from_utf8_lossy(&target).into_owned();
            let base = if kind.is_symlink() {
                Path::new(&name).parent()
            } else {
                None
            };
            Place::Link(normal(
                &base.unwrap_or(Path::new("")).join(target).to_string_lossy(),
            ))
        } else {
            continue;
        };
        if found.insert(normal(&name), place).is_some() {
            return Err(io::Error::other(format!("it has {name} twice")));
        }
    }
    Ok(found)
}
