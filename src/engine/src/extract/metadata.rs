//! Owner, mode, times and extended attributes of one entry.

use std::path::Path;

use rustix::fs::{Gid, Mode, Timespec, Timestamps, Uid, XattrFlags};
use rustix::io::Errno;

use super::archive::Entry;
use super::{ExtractError, ExtractLimits};

/// What an archive says about an entry besides its content.
pub(crate) struct Metadata {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) mode: Mode,
    pub(crate) times: Timestamps,
    pub(crate) xattrs: Vec<(String, Vec<u8>)>,
}

impl Metadata {
    /// Reads it from the entry's header and PAX records.
    pub(crate) fn of(entry: &Entry) -> Result<Self, ExtractError> {
        let (header, pax) = (&entry.header, &entry.pax);
        let id = |in_pax: Option<u64>, in_header: std::io::Result<u64>| {
            in_pax
                .or(in_header.ok())
                .and_then(|id| u32::try_from(id).ok())
                .filter(|id| *id != u32::MAX)
                .ok_or_else(|| ExtractError::Damaged {
                    reason: "an owner is not a number".to_owned(),
                })
        };
        let mode = header.mode().map_err(ExtractError::reading)?;
        let (seconds, nanoseconds) = match pax.get("mtime") {
            Some(text) => parse_time(text),
            None => (i64::try_from(header.mtime().unwrap_or(0)).unwrap_or(0), 0),
        };
        let time = Timespec {
            tv_sec: seconds,
            tv_nsec: nanoseconds,
        };
        let xattrs = pax
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix("SCHILY.xattr.")?, value)))
            .filter(|(name, _)| kept(name))
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect();
        Ok(Self {
            uid: id(pax.number("uid")?, header.uid())?,
            gid: id(pax.number("gid")?, header.gid())?,
            mode: Mode::from_raw_mode(mode & 0o7777),
            times: Timestamps {
                last_access: time,
                last_modification: time,
            },
            xattrs,
        })
    }

    /// Sets the kept attributes on an open file or directory.
    pub(crate) fn set_xattrs(
        &self,
        fd: &impl std::os::fd::AsFd,
        path: &Path,
        limits: &ExtractLimits,
    ) -> Result<(), ExtractError> {
        for (name, value) in &self.xattrs {
            match rustix::fs::fsetxattr(fd, name.as_str(), value, XattrFlags::empty()) {
                Ok(()) | Err(Errno::OPNOTSUPP) => {}
                Err(Errno::PERM) if limits.tolerate_chown => {}
                Err(errno) => return Err(ExtractError::os("set an attribute of", path, errno)),
            }
        }
        Ok(())
    }

    /// Owner and group, for `fchown` and `chownat`.
    pub(crate) fn owner(&self) -> (Option<Uid>, Option<Gid>) {
        (Some(Uid::from_raw(self.uid)), Some(Gid::from_raw(self.gid)))
    }
}

/// Overlay's own attributes would let a layer hide files of others; labels are the host's.
fn kept(name: &str) -> bool {
    (name.starts_with("user.") && !name.starts_with("user.overlay."))
        || name == "security.capability"
}

/// Seconds and nanoseconds of a PAX time, `1700000000.25`; nonsense is the epoch.
fn parse_time(text: &[u8]) -> (i64, i64) {
    let text = std::str::from_utf8(text).unwrap_or_default();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let Ok(seconds) = whole.parse::<i64>() else {
        return (0, 0);
    };
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let nanoseconds = digits.parse::<u32>().map_or(0, i64::from);
    match (whole.starts_with('-'), nanoseconds) {
        (_, 0) => (seconds, 0),
        (true, _) => (seconds.saturating_sub(1), 1_000_000_000 - nanoseconds),
        (false, _) => (seconds, nanoseconds),
    }
}

/// The outcome of a change of owner of `path` under `limits`.
pub(crate) fn chowned(
    result: Result<(), Errno>,
    path: &Path,
    metadata: &Metadata,
    limits: &ExtractLimits,
) -> Result<(), ExtractError> {
    match result {
        Err(Errno::PERM | Errno::INVAL) if limits.tolerate_chown => Ok(()),
        // user_namespaces(7): an id that the namespace does not map is an invalid argument.
        Err(Errno::INVAL) => Err(ExtractError::UnmappedOwner {
            path: path.to_string_lossy().chars().take(300).collect(),
            uid: metadata.uid,
            gid: metadata.gid,
        }),
        other => other.map_err(|errno| ExtractError::os("change the owner of", path, errno)),
    }
}
