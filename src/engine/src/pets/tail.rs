//! Following logs: what is appended, and when to look.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

use super::log::{LogLine, parse};

/// One log, read up to somewhere.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    inode: u64,
    offset: u64,
}

impl Tail {
    /// From the log's first line.
    pub fn from_start(path: PathBuf) -> Self {
        Self {
            path,
            inode: 0,
            offset: 0,
        }
    }

    /// From what is appended after now.
    pub fn from_end(path: PathBuf) -> Self {
        let metadata = fs::metadata(&path);
        let (inode, offset) = metadata.map_or((0, 0), |file| (file.ino(), file.len()));
        Self {
            path,
            inode,
            offset,
        }
    }

    /// The lines that were written whole since the last call. A log that was rotated or that has
    /// gone begins anew.
    pub fn lines(&mut self) -> io::Result<Vec<LogLine>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if metadata.ino() != self.inode || metadata.len() < self.offset {
            self.inode = metadata.ino();
            self.offset = 0;
        }
        file.seek(SeekFrom::Start(self.offset))?;
        let mut reader = BufReader::new(file);
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = reader.read_until(b'\n', &mut line)?;
            // Half a line is read with its other half.
            if line.last() != Some(&b'\n') {
                return Ok(lines);
            }
            self.offset += read as u64;
            lines.push(parse(String::from_utf8_lossy(&line).trim_end()));
        }
    }
}

/// Waits for changes in the directory of logs.
#[derive(Debug)]
pub struct LogWatch(OwnedFd);

impl LogWatch {
    /// Of `directory`, which is there.
    pub fn new(directory: &Path) -> io::Result<Self> {
        let watch = inotify::init(CreateFlags::CLOEXEC)?;
        let changes =
            WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
        inotify::add_watch(&watch, directory, changes)?;
        Ok(Self(watch))
    }

    /// Returns when something has changed since it was made or last asked.
    pub fn wait(&self) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); 4096];
        loop {
            match Reader::new(self.0.as_fd(), &mut space).next() {
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn half_a_line_waits_and_a_rotated_log_begins_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let line = |event: &str| format!(r#"{{"time":"t","event":"{event}","text":""}}"#) + "\n";
        let events = |tail: &mut Tail| {
            let lines = tail.lines().unwrap();
            lines.into_iter().map(|line| line.event).collect::<Vec<_>>()
        };
        fs::write(&path, line("old")).unwrap();
        let mut tail = Tail::from_end(path.clone());
        assert!(events(&mut tail).is_empty());
        let text = line("new");
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(&text.as_bytes()[..9]).unwrap();
        assert!(events(&mut tail).is_empty());
        file.write_all(&text.as_bytes()[9..]).unwrap();
        assert_eq!(events(&mut tail), ["new"]);
        fs::rename(&path, directory.path().join("log.1")).unwrap();
        fs::write(&path, line("after")).unwrap();
        assert_eq!(events(&mut tail), ["after"]);
        assert_eq!(events(&mut Tail::from_start(path)), ["after"]);
    }
}
