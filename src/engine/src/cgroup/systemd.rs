//! A pet's group as a scope of the person's systemd, over D-Bus (org.freedesktop.systemd1(5)).
//!
//! Never in a process that goes on to make namespaces, nor in the keeper: a short `kennel scopes`
//! process asks for the keeper. Entering from outside the person's part of the tree is the one
//! exception; the runtime here has one thread and is gone before.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use kennel_model::Limits;
use serde::{Deserialize, Serialize};
use zbus::zvariant::{OwnedObjectPath, Value};

use super::Unavailable;

/// How long systemd may take over anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// All pets and keepers lie in it.
const SLICE: &str = "app-kennel.slice";

/// A scope to be made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Scope {
    /// The unit's name.
    pub unit: String,
    /// What people see of it.
    pub description: String,
    /// The process in it.
    pub pid: i32,
    /// What it is held to; `None` for a keeper, which is held to nothing.
    pub limits: Option<Limits>,
    /// Whether processes may be left in it from before, which the process then joins. The others are
    /// made also where this one cannot be.
    pub lasting: bool,
}

/// Why systemd did not do it.
#[derive(Debug, thiserror::Error)]
pub enum SystemdError {
    /// The bus cannot be reached, or an answer is an error.
    #[error(transparent)]
    Bus(#[from] zbus::Error),
    /// This process cannot speak with it.
    #[error("{0}")]
    Runtime(#[from] std::io::Error),
    /// A unit was not started.
    #[error("{unit}: {result}")]
    Job {
        /// Which.
        unit: String,
        /// systemd's word for it.
        result: String,
    },
    /// No answer.
    #[error("systemd did not answer within {} seconds", PATIENCE.as_secs())]
    Silent,
}

impl From<SystemdError> for Unavailable {
    fn from(error: SystemdError) -> Self {
        match error {
            // A bus without systemd, as dbus-run-session(1) makes one.
            SystemdError::Bus(zbus::Error::MethodError(name, ..))
                if name.as_str() == "org.freedesktop.DBus.Error.ServiceUnknown" =>
            {
                Self::NoManager
            }
            SystemdError::Bus(zbus::Error::MethodError(_, Some(text), _)) => Self::Refused(text),
            other => Self::Refused(other.to_string()),
        }
    }
}

#[zbus::proxy(
    interface = "org.freedesktop.systemd1.Manager",
    default_service = "org.freedesktop.systemd1",
    default_path = "/org/freedesktop/systemd1",
    gen_blocking = false
)]
trait Manager {
    fn subscribe(&self) -> zbus::Result<()>;
    fn start_transient_unit(
        &self,
        name: &str,
        mode: &str,
        properties: &[(&str, Value<'_>)],
        auxiliary: &[(&str, Vec<(&str, Value<'_>)>)],
    ) -> zbus::Result<OwnedObjectPath>;
    fn set_unit_properties(
        &self,
        name: &str,
        runtime: bool,
        properties: &[(&str, Value<'_>)],
    ) -> zbus::Result<()>;
    fn attach_processes_to_unit(
        &self,
        unit: &str,
        subgroup: &str,
        pids: &[u32],
    ) -> zbus::Result<()>;
    #[zbus(signal)]
    fn job_removed(
        &self,
        id: u32,
        job: OwnedObjectPath,
        unit: String,
        result: String,
    ) -> zbus::Result<()>;
}

/// Makes `scopes` and returns when their processes are in them.
pub fn make_scopes(bus: &Path, scopes: &[Scope]) -> Result<(), SystemdError> {
    speak(bus, async |manager| {
        let mut ended = manager.receive_job_removed().await?;
        manager.subscribe().await?;
        let mut jobs = Vec::new();
        for scope in scopes {
            if scope.lasting {
                jobs.extend(join_or_start(&manager, scope).await);
            } else {
                jobs.push(start(&manager, scope).await?);
            }
        }
        let essential = |unit: &str| {
            !scopes
                .iter()
                .any(|scope| scope.lasting && scope.unit == unit)
        };
        while !jobs.is_empty()
            && let Some(signal) = ended.next().await
        {
            let said = signal.args()?;
            let known = jobs.len();
            jobs.retain(|job| job != said.job());
            let failed = jobs.len() < known && said.result() != "done";
            if failed && essential(said.unit()) {
                return Err(SystemdError::Job {
                    unit: said.unit().clone(),
                    result: said.result().clone(),
                });
            }
        }
        Ok(())
    })
}

/// Holds the scope `unit` to `limits` from now on.
pub fn set_limits(bus: &Path, unit: &str, limits: &Limits) -> Result<(), SystemdError> {
    speak(bus, async |manager| {
        let properties = limit_properties(limits);
        Ok(manager.set_unit_properties(unit, true, &properties).await?)
    })
}

/// Moves process `pid` into `subgroup`, a path that begins with a slash, of the scope `unit`.
pub fn attach(bus: &Path, unit: &str, subgroup: &str, pid: u32) -> Result<(), SystemdError> {
    speak(bus, async |manager| {
        let pids = [pid];
        Ok(manager
            .attach_processes_to_unit(unit, subgroup, &pids)
            .await?)
    })
}

/// Lets `conversation` speak with systemd, for at most [`PATIENCE`].
fn speak<T>(
    bus: &Path,
    conversation: impl AsyncFnOnce(ManagerProxy<'static>) -> Result<T, SystemdError>,
) -> Result<T, SystemdError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let spoken = async {
        let connection = kennel_bus::connect(bus).await?;
        let manager = ManagerProxy::builder(&connection)
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?;
        conversation(manager).await
    };
    runtime.block_on(async {
        match tokio::time::timeout(PATIENCE, spoken).await {
            Ok(result) => result,
            Err(_) => Err(SystemdError::Silent),
        }
    })
}

/// Puts the process of a lasting `scope` there, where it is already, or else asks for it: the job, if
/// there is one.
async fn join_or_start(manager: &ManagerProxy<'_>, scope: &Scope) -> Option<OwnedObjectPath> {
    let pids = [scope.pid as u32];
    let (unit, properties) = (scope.unit.as_str(), properties(scope));
    let joined = manager.attach_processes_to_unit(unit, "/", &pids).await;
    match joined {
        Ok(()) => None,
        Err(_) => {
            let job = manager.start_transient_unit(unit, "fail", &properties, &[]);
            job.await.ok()
        }
    }
}

/// Asks for `scope`. The unit of a pet that has just ended may still be there: systemd hears of an
/// empty group a moment later.
async fn start(manager: &ManagerProxy<'_>, scope: &Scope) -> Result<OwnedObjectPath, SystemdError> {
    const EXISTS: &str = "org.freedesktop.systemd1.UnitExists";
    let properties = properties(scope);
    loop {
        let job = manager.start_transient_unit(&scope.unit, "fail", &properties, &[]);
        match job.await {
            Err(zbus::Error::MethodError(name, ..)) if name.as_str() == EXISTS => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            other => return Ok(other?),
        }
    }
}

/// What systemd is told of `scope`.
fn properties(scope: &Scope) -> Vec<(&'static str, Value<'_>)> {
    let pids = vec![scope.pid as u32];
    let mut properties = vec![
        ("Description", Value::from(scope.description.as_str())),
        ("Slice", Value::from(SLICE)),
        ("PIDs", Value::from(pids)),
        // Nobody is left who would look at a failed one.
        ("CollectMode", Value::from("inactive-or-failed")),
    ];
    // Only into a delegated one processes may be put later.
    if scope.lasting || scope.limits.is_some() {
        properties.push(("Delegate", Value::from(true)));
    }
    if let Some(limits) = &scope.limits {
        properties.extend(limit_properties(limits));
    }
    properties
}

/// All limits, those that are none included: systemd has defaults of its own for some.
/// MemoryHigh is not used: it slows a pet down at its limit where a person expects an end.
fn limit_properties(limits: &Limits) -> Vec<(&'static str, Value<'static>)> {
    /// systemd's “infinity”; for a weight, “as usual”.
    const NONE: u64 = u64::MAX;
    let or_none = |limit: Option<u64>| Value::from(limit.unwrap_or(NONE));
    vec![
        // Microseconds in each second.
        (
            "CPUQuotaPerSecUSec",
            or_none(limits.cpu_millis.map(|millis| millis * 1000)),
        ),
        ("CPUWeight", or_none(limits.cpu_weight)),
        ("MemoryMax", or_none(limits.memory)),
        ("MemorySwapMax", or_none(limits.swap)),
        ("TasksMax", or_none(limits.pids)),
    ]
}
