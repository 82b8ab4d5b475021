//! An engine by script: it serves the protocol's interface on one end of a socket pair, answers each
//! method as the test wants, and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt as _;
use kennel_model::{JobEvent, UserError};
use kennel_protocol::client::{self, Connection, StartError};
use kennel_protocol::{EngineError, INTERFACE, OBJECT_PATH, PROTOCOL_VERSION, encode};
use relm4::tokio;
use tokio::sync::{mpsc, oneshot};
use zbus::message::{Header, Message, Type};

use super::examples;
use crate::engine::{Engine, Starter};

/// A handle on it; the window may connect to it again and again.
#[derive(Clone, Default)]
pub struct FakeEngine(Arc<Mutex<Script>>);

/// What it answers, by method.
#[derive(Default)]
struct Script {
    answers: BTreeMap<&'static str, Answer>,
    /// Why its next starts fail.
    obstacles: VecDeque<StartError>,
    /// How often it was started.
    starts: usize,
    asked: Vec<Call>,
    last_number: u32,
    /// The ways to the windows that are connected.
    peers: Vec<mpsc::UnboundedSender<Order>>,
    /// The other ends of its terminals: one that is dropped falls silent.
    terminals: Vec<std::os::fd::OwnedFd>,
}

/// One that was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: String,
    /// Its arguments as text, one a line.
    pub arguments: String,
}

/// How a method answers.
#[derive(Clone)]
enum Answer {
    Says(String),
    Fails(UserError),
    /// It keeps the person waiting.
    Never,
    /// A job that says this.
    Works(Vec<JobEvent>),
    Done,
    /// A terminal with nothing at its other end but the test.
    Terminal,
    /// The version it speaks.
    Version(u32),
}

/// What the test wants of a connection.
enum Order {
    Job(u32, JobEvent),
    Changed,
    Sampled(String),
    TerminalExited(u32, i32),
    HangUp,
}

/// The methods that begin a job.
const JOBS: [&str; 9] = [
    "CreatePet",
    "ImportImage",
    "PullImage",
    "RemoveImage",
    "PruneImages",
    "StartPet",
    "SetUpPet",
    "StopPet",
    "RemovePet",
];

impl FakeEngine {
    /// One for a computer that has all that pets need, with this pet.
    pub fn with_pet() -> Self {
        let engine = Self::default();
        engine.says("ListPets", &[examples::pet()]);
        engine
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self, method: &'static str, answer: Answer) {
        self.script().answers.insert(method, answer);
    }

    /// `method` answers this from now on.
    pub fn says<T: serde::Serialize + ?Sized>(&self, method: &'static str, value: &T) {
        self.answers(method, Answer::Says(encode(&value)));
    }

    /// `method` fails from now on.
    pub fn fails(&self, method: &'static str, error: &UserError) {
        self.answers(method, Answer::Fails(error.clone()));
    }

    /// `method` does not answer from now on.
    pub fn hangs(&self, method: &'static str) {
        self.answers(method, Answer::Never);
    }

    /// `method` begins a job that fails so.
    pub fn works_in_vain(&self, method: &'static str, error: &UserError) {
        let error = error.clone();
        self.answers(method, Answer::Works(vec![JobEvent::Failed { error }]));
    }

    /// `method` answers as it does where all is well.
    pub fn mends(&self, method: &'static str) {
        self.script().answers.remove(method);
    }

    /// It speaks this version of the protocol.
    pub fn speaks(&self, version: u32) {
        self.answers("Handshake", Answer::Version(version));
    }

    /// Its next start fails so.
    pub fn cannot_start(&self, obstacle: StartError) {
        self.script().obstacles.push_back(obstacle);
    }

    /// A job says something.
    pub fn job_says(&self, job: u32, event: JobEvent) {
        self.order(|| Order::Job(job, event.clone()));
    }

    /// Tells that pets changed.
    pub fn changes(&self) {
        self.order(|| Order::Changed);
    }

    /// Tells what pets use.
    pub fn samples(&self, sample: &kennel_model::UsageSample) {
        self.order(|| Order::Sampled(encode(sample)));
    }

    /// Tells that a shell ended.
    pub fn terminal_exits(&self, terminal: u32, status: i32) {
        self.order(|| Order::TerminalExited(terminal, status));
    }

    /// It ends, as one that was killed.
    pub fn dies(&self) {
        self.order(|| Order::HangUp);
        let mut script = self.script();
        script.peers.clear();
        script.terminals.clear();
    }

    fn order(&self, order: impl Fn() -> Order) {
        for peer in &self.script().peers {
            let _ = peer.send(order());
        }
    }

    /// How often it was started.
    pub fn starts(&self) -> usize {
        self.script().starts
    }

    /// What was asked of `method`, in this order.
    pub fn asked(&self, method: &str) -> Vec<String> {
        let script = self.script();
        let these = script.asked.iter().filter(|call| call.method == method);
        these.map(|call| call.arguments.clone()).collect()
    }

    /// The number of the job that it began last.
    pub fn last_job(&self) -> u32 {
        self.script().last_number
    }

    /// What the window starts its engines with.
    pub fn starter(&self) -> Starter {
        let engine = self.clone();
        Starter::new(move || {
            let engine = engine.clone();
            async move { engine.connect().await }
        })
    }

    async fn connect(&self) -> Result<Engine, StartError> {
        {
            let mut script = self.script();
            script.starts += 1;
            if let Some(obstacle) = script.obstacles.pop_front() {
                return Err(obstacle);
            }
        }
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (ready, is_ready) = oneshot::channel();
        tokio::spawn(self.clone().serve(theirs, ready));
        let (bus, engine) = client::connect(ours)
            .await
            .map_err(StartError::Connection)?;
        // Not before it listens.
        is_ready.await.unwrap();
        Ok(Engine::over(Connection::over(bus, engine).await?))
    }

    async fn serve(self, stream: UnixStream, ready: oneshot::Sender<()>) {
        stream.set_nonblocking(true).unwrap();
        let stream = tokio::net::UnixStream::from_std(stream).unwrap();
        let guid = zbus::Guid::generate();
        let server = zbus::connection::Builder::unix_stream(stream).server(guid);
        let connection = server.unwrap().p2p().build().await.unwrap();
        let mut calls = zbus::MessageStream::from(&connection);
        let (orders, mut ordered) = mpsc::unbounded_channel();
        self.script().peers.push(orders);
        let _ = ready.send(());
        loop {
            tokio::select! {
                call = calls.next() => match call {
                    Some(Ok(call)) if call.message_type() == Type::MethodCall => {
                        let _ = self.answer(&connection, &call).await;
                    }
                    Some(Ok(_)) => {}
                    _ => return,
                },
                order = ordered.recv() => match order {
                    Some(Order::HangUp) | None => break,
                    Some(order) => tell(&connection, order).await,
                },
            }
        }
        drop(calls);
        let _ = connection.close().await;
    }

    async fn answer(&self, connection: &zbus::Connection, call: &Message) -> zbus::Result<()> {
        let header = call.header();
        if header.interface().is_none_or(|name| name != INTERFACE) {
            // As for who owns a name, where there is no bus.
            let error = "org.freedesktop.DBus.Error.UnknownMethod";
            return connection.reply_error(&header, error, &"").await;
        }
        let method = header.member().map(ToString::to_string).unwrap_or_default();
        let arguments = arguments(call);
        let answer = self.decide(&method, &arguments);
        match answer {
            Answer::Never => Ok(()),
            Answer::Says(text) => connection.reply(&header, &text).await,
            Answer::Done => connection.reply(&header, &()).await,
            Answer::Version(version) => connection.reply(&header, &(version, "1.0")).await,
            Answer::Fails(error) => {
                let error = EngineError::from(error);
                connection.reply_dbus_error(&header, error).await
            }
            Answer::Works(events) => {
                let job = self.next_number();
                connection.reply(&header, &job).await?;
                for event in events {
                    tell(connection, Order::Job(job, event)).await;
                }
                Ok(())
            }
            Answer::Terminal => self.open_terminal(connection, &header).await,
        }
    }

    /// Takes down what it was asked; the answer.
    fn decide(&self, method: &str, arguments: &str) -> Answer {
        let mut script = self.script();
        script.asked.push(Call {
            method: method.to_owned(),
            arguments: arguments.to_owned(),
        });
        let scripted = script.answers.get(method).cloned();
        scripted.unwrap_or_else(|| match method {
            "Handshake" => Answer::Version(PROTOCOL_VERSION),
            "Cancel" | "WatchUsage" | "CloseTerminal" | "EndProcess" | "OpenExternalTerminal" => {
                Answer::Done
            }
            "OpenTerminal" => Answer::Terminal,
            job if JOBS.contains(&job) => Answer::Works(Vec::new()),
            question => Answer::Says(examples::answer(question)),
        })
    }

    fn next_number(&self) -> u32 {
        let mut script = self.script();
        script.last_number += 1;
        script.last_number
    }

    async fn open_terminal(
        &self,
        connection: &zbus::Connection,
        header: &Header<'_>,
    ) -> zbus::Result<()> {
        let (master, other) = examples::terminal();
        self.script().terminals.push(other);
        let number = self.next_number();
        let master = zbus::zvariant::OwnedFd::from(master);
        connection.reply(header, &(master, number)).await
    }
}

async fn tell(connection: &zbus::Connection, order: Order) {
    let nobody = None::<&str>;
    let _ = match order {
        Order::Job(job, event) => {
            let body = (job, encode(&event));
            let signal = connection.emit_signal(nobody, OBJECT_PATH, INTERFACE, "JobEvent", &body);
            signal.await
        }
        Order::Changed => {
            let signal = connection.emit_signal(nobody, OBJECT_PATH, INTERFACE, "PetsChanged", &());
            signal.await
        }
        Order::Sampled(sample) => {
            let body = (sample,);
            let signal =
                connection.emit_signal(nobody, OBJECT_PATH, INTERFACE, "UsageSampled", &body);
            signal.await
        }
        Order::TerminalExited(terminal, status) => {
            let body = (terminal, status);
            let signal =
                connection.emit_signal(nobody, OBJECT_PATH, INTERFACE, "TerminalExited", &body);
            signal.await
        }
        Order::HangUp => Ok(()),
    };
}

/// The arguments of a call as a person would write them, one a line.
fn arguments(call: &Message) -> String {
    let body = call.body();
    let Ok(structure) = body.deserialize::<zbus::zvariant::Structure<'_>>() else {
        return String::new();
    };
    let fields = structure.fields().iter().map(|field| match field {
        zbus::zvariant::Value::Str(text) => text.to_string(),
        other => other.to_string(),
    });
    fields.collect::<Vec<_>>().join("\n")
}
