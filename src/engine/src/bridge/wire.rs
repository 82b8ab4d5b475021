//! What goes through the bridge's socket: frames of a kind (one byte), the length of the body (four
//! bytes, little endian) and the body. The pet's end is never believed: every number is bounded.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

/// The longest body in bytes. A command line of the kernel's may be four times as long; `xargs`
/// makes none above a quarter.
pub const LONGEST: usize = 512 * 1024;

/// How many descriptors a command may be given, its three standard ones included.
pub const MOST_DESCRIPTORS: usize = 32;

/// The highest number that a descriptor can be given in a command.
pub const HIGHEST_DESCRIPTOR: u32 = 255;

/// Bytes before a body.
pub const HEAD: usize = 5;

/// The version of the request, its first byte.
const VERSION: u8 = 1;

/// What a program in the pet asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The command and its arguments.
    pub arguments: Vec<OsString>,
    /// Where it runs.
    pub directory: Directory,
    /// The caller's variables; the host chooses among them.
    pub environment: Vec<(OsString, OsString)>,
    /// Variables that were asked for by name.
    pub set: Vec<(OsString, OsString)>,
    /// Variables that the command shall not have.
    pub unset: Vec<OsString>,
    /// Whether the command has only what is set by name.
    pub clear_environment: bool,
    /// The size of the terminal it runs in, columns and rows; without one it has the caller's
    /// descriptors.
    pub terminal: Option<(u16, u16)>,
    /// What becomes of the command when the caller goes.
    pub left: Left,
    /// The number that each of the passed descriptors has in the command.
    pub descriptors: Vec<u32>,
}

/// Where a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directory {
    /// Where the caller is, by its path in the pet.
    Callers(PathBuf),
    /// Here, by its path in the pet or on the host.
    Wanted(PathBuf),
}

impl Default for Directory {
    fn default() -> Self {
        Self::Callers(PathBuf::new())
    }
}

/// What becomes of a command when its caller goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Left {
    /// It is hung up, as when a terminal is closed.
    #[default]
    HangUp,
    /// It is interrupted.
    Interrupt,
    /// It goes on.
    GoOn,
}

/// What the pet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Run this. Descriptors come with the frame's first byte.
    Run(Box<Request>),
    /// Send the command this signal.
    Signal(u8),
}

/// What the host says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It runs. Its terminal, if it has one, comes with the frame's first byte.
    Started,
    /// It ended, with this exit status as shells have it.
    Exited(u8),
    /// It does not run, for this reason; the exit status to end with.
    Refused(u8, String),
    /// It waits for the person's word, which this says how to give. Another answer follows.
    Waits(String),
}

/// The bytes are no frame of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what came through the bridge makes no sense")]
pub struct Garbled;

const RUN: u8 = 1;
const SIGNAL: u8 = 2;
const STARTED: u8 = 1;
const EXITED: u8 = 2;
const REFUSED: u8 = 3;
const WAITS: u8 = 4;

/// The length of the body that `head` announces.
///
/// # Errors
///
/// When it is longer than [`LONGEST`].
pub fn body_length(head: [u8; HEAD]) -> Result<usize, Garbled> {
    let [_, length @ ..] = head;
    let length = u32::from_le_bytes(length) as usize;
    (length <= LONGEST).then_some(length).ok_or(Garbled)
}

fn frame(kind: u8, body: Vec<u8>) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD + body.len());
    frame.push(kind);
    frame.extend((body.len() as u32).to_le_bytes());
    frame.extend(body);
    frame
}

impl Ask {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Run(request) => frame(RUN, request.encode()),
            Self::Signal(number) => frame(SIGNAL, vec![*number]),
        }
    }

    /// From a frame's kind and body.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn decode(kind: u8, body: &[u8]) -> Result<Self, Garbled> {
        match (kind, body) {
            (RUN, body) => Ok(Self::Run(Box::new(Request::decode(body)?))),
            (SIGNAL, &[number]) => Ok(Self::Signal(number)),
            _ => Err(Garbled),
        }
    }
}

impl Answer {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Started => frame(STARTED, Vec::new()),
            Self::Exited(status) => frame(EXITED, vec![*status]),
            Self::Refused(status, reason) => {
                let mut body = vec![*status];
                body.extend(reason.as_bytes());
                frame(REFUSED, body)
            }
            Self::Waits(how) => frame(WAITS, how.as_bytes().to_vec()),
        }
    }

    /// From a frame's kind and body.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn decode(kind: u8, body: &[u8]) -> Result<Self, Garbled> {
        match (kind, body) {
            (STARTED, []) => Ok(Self::Started),
            (EXITED, &[status]) => Ok(Self::Exited(status)),
            (REFUSED, [status, reason @ ..]) => {
                let reason = String::from_utf8_lossy(reason).into_owned();
                Ok(Self::Refused(*status, reason))
            }
            (WAITS, how) => Ok(Self::Waits(String::from_utf8_lossy(how).into_owned())),
            _ => Err(Garbled),
        }
    }
}

impl Request {
    fn encode(&self) -> Vec<u8> {
        let mut body = Writer(vec![VERSION]);
        let (columns, rows) = self.terminal.unwrap_or_default();
        body.number(u32::from(columns) << 16 | u32::from(rows));
        body.0.push(u8::from(self.clear_environment));
        body.0.push(match self.left {
            Left::HangUp => 0,
            Left::Interrupt => 1,
            Left::GoOn => 2,
        });
        let (wanted, path) = match &self.directory {
            Directory::Callers(path) => (0, path),
            Directory::Wanted(path) => (1, path),
        };
        body.0.push(wanted);
        body.text(path.as_os_str().as_bytes());
        body.list(self.arguments.iter().map(|text| text.as_bytes()));
        for variables in [&self.environment, &self.set] {
            let both = |(name, value): &'_ (OsString, OsString)| [name.clone(), value.clone()];
            let texts: Vec<OsString> = variables.iter().flat_map(both).collect();
            body.list(texts.iter().map(|text| text.as_bytes()));
        }
        body.list(self.unset.iter().map(|text| text.as_bytes()));
        body.number(self.descriptors.len() as u32);
        for &descriptor in &self.descriptors {
            body.number(descriptor);
        }
        body.0
    }

    fn decode(body: &[u8]) -> Result<Self, Garbled> {
        let mut body = Reader(body);
        if body.byte()? != VERSION {
            return Err(Garbled);
        }
        let size = body.number()?;
        let clear_environment = body.flag()?;
        let left = match body.byte()? {
            0 => Left::HangUp,
            1 => Left::Interrupt,
            2 => Left::GoOn,
            _ => return Err(Garbled),
        };
        let wanted = body.flag()?;
        let path = PathBuf::from(body.text()?);
        let request = Self {
            directory: if wanted {
                Directory::Wanted(path)
            } else {
                Directory::Callers(path)
            },
            arguments: body.list()?,
            environment: body.pairs()?,
            set: body.pairs()?,
            unset: body.list()?,
            clear_environment,
            terminal: (size != 0).then_some(((size >> 16) as u16, size as u16)),
            left,
            descriptors: body.numbers()?,
        };
        let complete = body.0.is_empty() && !request.arguments.is_empty();
        complete.then_some(request).ok_or(Garbled)
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len() as u32);
        self.0.extend(text);
    }

    fn list<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a [u8]>) {
        self.number(texts.len() as u32);
        texts.for_each(|text| self.text(text));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Garbled> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Garbled)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Garbled> {
        Ok(self.take(1)?[0])
    }

    fn flag(&mut self) -> Result<bool, Garbled> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Garbled),
        }
    }

    fn number(&mut self) -> Result<u32, Garbled> {
        let bytes = self.take(4)?.try_into().map_err(|_| Garbled)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Without a NUL: the kernel's own texts have none.
    fn text(&mut self) -> Result<OsString, Garbled> {
        let length = self.number()? as usize;
        let text = self.take(length)?;
        if text.contains(&0) {
            return Err(Garbled);
        }
        Ok(OsString::from_vec(text.to_vec()))
    }

    /// Each text takes four bytes at least, so no count can ask for more memory than was sent.
    fn list(&mut self) -> Result<Vec<OsString>, Garbled> {
        let count = self.number()? as usize;
        if count > self.0.len() / 4 {
            return Err(Garbled);
        }
        (0..count).map(|_| self.text()).collect()
    }

    fn pairs(&mut self) -> Result<Vec<(OsString, OsString)>, Garbled> {
        let texts = self.list()?;
        let mut texts = texts.into_iter();
        let mut pairs = Vec::new();
        while let Some(name) = texts.next() {
            let plain = !name.is_empty() && !name.as_bytes().contains(&b'=');
            let value = texts.next().filter(|_| plain).ok_or(Garbled)?;
            pairs.push((name, value));
        }
        Ok(pairs)
    }

    fn numbers(&mut self) -> Result<Vec<u32>, Garbled> {
        let count = self.number()? as usize;
        if count > MOST_DESCRIPTORS {
            return Err(Garbled);
        }
        (0..count).map(|_| self.number()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            arguments: vec![
                "podman".into(),
                "run".into(),
                OsString::from_vec(vec![0xff]),
            ],
            directory: Directory::Wanted("/home/ada/src".into()),
            environment: vec![("TERM".into(), "xterm".into())],
            set: vec![("A".into(), "=b=".into())],
            unset: vec!["C".into()],
            clear_environment: true,
            terminal: Some((80, 24)),
            left: Left::Interrupt,
            descriptors: vec![0, 1, 2, 7],
        }
    }

    fn decoded(frame: &[u8]) -> Result<Ask, Garbled> {
        Ask::decode(frame[0], &frame[HEAD..])
    }

    #[test]
    fn a_request_arrives_as_it_was() {
        let ask = Ask::Run(Box::new(request()));
        assert_eq!(decoded(&ask.encode()), Ok(ask));
        let answer = Answer::Refused(127, "no such command".to_owned());
        let frame = answer.encode();
        assert_eq!(Answer::decode(frame[0], &frame[HEAD..]), Ok(answer));
    }

    #[test]
    fn no_part_of_a_request_is_one() {
        let frame = Ask::Run(Box::new(request())).encode();
        for end in HEAD..frame.len() {
            assert_eq!(decoded(&frame[..end]), Err(Garbled), "{end}");
        }
    }

    #[test]
    fn a_changed_byte_never_panics_and_never_makes_a_nul() {
        let frame = Ask::Run(Box::new(request())).encode();
        for at in HEAD..frame.len() {
            for byte in [0, 1, 0x3d, 0x7f, 0xff] {
                let mut changed = frame.clone();
                changed[at] = byte;
                if let Ok(Ask::Run(request)) = decoded(&changed) {
                    let nul = |text: &OsString| text.as_bytes().contains(&0);
                    assert!(!request.arguments.iter().any(nul));
                }
            }
        }
    }

    #[test]
    fn giants_are_refused_before_they_are_read() {
        let mut head = [RUN, 0, 0, 0, 0];
        head[1..].copy_from_slice(&(LONGEST as u32 + 1).to_le_bytes());
        assert_eq!(body_length(head), Err(Garbled));
        // A list of four billion texts in a few bytes.
        let mut body = Writer(vec![VERSION]);
        body.number(0);
        body.0.extend([0, 0, 0]);
        body.text(b"/");
        body.number(u32::MAX);
        assert_eq!(Ask::decode(RUN, &body.0), Err(Garbled));
    }
}
