//! How the app comes by its engine, which window and search share.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use futures_util::future::BoxFuture;
use kennel_protocol::client::{Connection, Start, StartError};
use kennel_protocol::flatpak::Sandbox;
use tokio::sync::Mutex;

use super::Engine;

/// The engine of this process, while somebody has it: window and search share one.
static RUNNING: Mutex<Weak<Connection>> = Mutex::const_new(Weak::new());

/// How the window comes by an engine: it starts one, and a test gives it another.
#[derive(Clone)]
pub struct Starter(Arc<dyn Fn() -> Starting + Send + Sync>);

/// An engine that is being started.
type Starting = BoxFuture<'static, Result<Engine, StartError>>;

impl Starter {
    /// Engines are what `start` comes to.
    pub fn new<F>(start: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Engine, StartError>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(start())))
    }

    /// Starts one.
    pub fn start(&self) -> Starting {
        (self.0)()
    }
}

impl Default for Starter {
    fn default() -> Self {
        Self::new(Engine::connect)
    }
}

impl std::fmt::Debug for Starter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Starter")
    }
}

impl Engine {
    /// The engine that runs, or a new one: on the host, where this is the sandbox of a Flatpak.
    pub async fn connect() -> Result<Self, StartError> {
        let mut running = RUNNING.lock().await;
        if let Some(connection) = running.upgrade() {
            return Ok(Self(connection));
        }
        let start = match Sandbox::here().map_err(StartError::StrangeSandbox)? {
            Some(sandbox) => Start::Host(sandbox),
            None => Start::Child(executable()),
        };
        let connection = Arc::new(start.engine().await?);
        *running = Arc::downgrade(&connection);
        Ok(Self(connection))
    }

    /// Who connects next gets another engine: this one has ended, or answers no more.
    pub async fn forget(&self) {
        let mut running = RUNNING.lock().await;
        if Weak::ptr_eq(&running, &Arc::downgrade(&self.0)) {
            *running = Weak::new();
        }
    }
}

/// `$KENNEL`, else the `kennel` beside this program, else the one in `PATH`.
fn executable() -> PathBuf {
    if let Some(given) = std::env::var_os("KENNEL") {
        return given.into();
    }
    std::env::current_exe()
        .ok()
        .map(|program| program.with_file_name("kennel"))
        .filter(|sibling| sibling.is_file())
        .unwrap_or_else(|| PathBuf::from("kennel"))
}
