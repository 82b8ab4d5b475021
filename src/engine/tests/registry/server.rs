//! A registry that a test scripts: for answers that no real one gives.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a client asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    /// The first byte wanted.
    pub from: usize,
}

/// What it gets.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub end: End,
}

/// How an answer ends.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    /// As announced.
    Well,
    /// After so many bytes the line goes silent.
    Silence(usize),
    /// Never: no length is announced, and the body is sent again and again.
    Never,
    /// With the connection; no length is announced.
    Unannounced,
}

impl Answer {
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            end: End::Well,
        }
    }

    pub fn document(media_type: &str, body: &[u8]) -> Self {
        Self::blob(body).header("Content-Type", media_type)
    }

    pub fn blob(body: &[u8]) -> Self {
        Self {
            body: body.to_vec(),
            ..Self::status(200)
        }
    }

    /// A part of a blob, as a range asks for it.
    pub fn part(body: &[u8], asked: &Asked) -> Self {
        if asked.from == 0 {
            return Self::blob(body);
        }
        let range = format!("bytes {}-{}/{}", asked.from, body.len() - 1, body.len());
        let mut answer = Self::blob(&body[asked.from..]).header("Content-Range", &range);
        answer.status = 206;
        answer
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn ending(mut self, end: End) -> Self {
        self.end = end;
        self
    }
}

/// A server on a port of its own; it ends with the test.
pub struct Server {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    endless: Arc<AtomicU64>,
}

impl Server {
    pub fn new(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, answer)
    }

    pub fn with_tls(
        config: Arc<ServerConfig>,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(config), answer)
    }

    fn start(
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let endless = Arc::new(AtomicU64::new(0));
        let answer = Arc::new(answer);
        let seen = Seen {
            asked: Arc::clone(&asked),
            endless: Arc::clone(&endless),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (seen.clone(), Arc::clone(&answer));
                let tls = tls.clone();
                std::thread::spawn(move || match tls {
                    None => serve_plain(stream, &seen, &*answer),
                    Some(tls) => {
                        let session = ServerConnection::new(tls).unwrap();
                        let mut stream = StreamOwned::new(session, stream);
                        serve(&mut stream, &seen, &*answer);
                        stream.conn.send_close_notify();
                        let _ = stream.flush();
                    }
                });
            }
        });
        Self {
            address,
            asked,
            endless,
        }
    }

    /// Bytes that went into answers without an end.
    pub fn endless(&self) -> u64 {
        self.endless.load(Ordering::Relaxed)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// What a server remembers.
#[derive(Clone)]
struct Seen {
    asked: Arc<Mutex<Vec<Asked>>>,
    endless: Arc<AtomicU64>,
}

fn serve_plain(mut stream: TcpStream, seen: &Seen, answer: &dyn Fn(&Asked) -> Answer) {
    let mut first = [0];
    if stream.peek(&mut first).unwrap_or(0) == 0 {
        return;
    }
    if first == [0x16] {
        let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n");
        return;
    }
    serve(&mut stream, seen, answer);
}

fn serve(stream: &mut (impl Read + Write), seen: &Seen, answer: &dyn Fn(&Asked) -> Answer) {
    let Some(asked) = read_request(stream) else {
        return;
    };
    seen.asked.lock().unwrap().push(asked.clone());
    // A client that has enough hangs up.
    let _ = send(stream, answer(&asked), &seen.endless);
}

fn read_request(stream: &mut impl Read) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut from = 0;
    for line in lines {
        let line = line.ok()?.to_ascii_lowercase();
        if line.is_empty() {
            return Some(Asked { path, from });
        }
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().ok()?;
        }
    }
    None
}

fn send(stream: &mut impl Write, answer: Answer, endless: &AtomicU64) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {} Test\r\nConnection: close\r\n",
        answer.status
    )?;
    for (name, value) in &answer.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    if matches!(answer.end, End::Well | End::Silence(_)) {
        write!(stream, "Content-Length: {}\r\n", answer.body.len())?;
    }
    stream.write_all(b"\r\n")?;
    match answer.end {
        End::Well | End::Unannounced => stream.write_all(&answer.body),
        End::Silence(after) => {
            stream.write_all(&answer.body[..after])?;
            std::thread::sleep(Duration::from_secs(30));
            Ok(())
        }
        End::Never => loop {
            stream.write_all(&answer.body)?;
            endless.fetch_add(answer.body.len() as u64, Ordering::Relaxed);
        },
    }
}
