//! What a person chose on a notification.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use kennel_model::{APP_ID, Bound, Choices, LimitChoices, PetId};
use zbus::zvariant::Value;

use super::NotifyError;
use crate::pets::{Kennel, KennelError, write_log};
use crate::session::Variables;

/// How long the app may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// The object of the app (“Desktop Entry Specification”, “D-Bus Activation”).
#[zbus::proxy(interface = "org.freedesktop.Application", gen_blocking = false)]
trait Application {
    fn activate_action(
        &self,
        action_name: &str,
        parameter: &[Value<'_>],
        platform_data: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<()>;
}

/// Shows the pet in the app, which is started if it does not run.
pub async fn show(
    session: &zbus::Connection,
    environment: &Variables,
    id: &PetId,
    token: Option<&str>,
) -> Result<(), NotifyError> {
    let bus = zbus::fdo::DBusProxy::new(session).await?;
    if !runs(&bus).await? {
        start_app(environment, token)?;
        // Nobody can be told when it listens but by looking: it may also take its name and end.
        let listens = async {
            while !runs(&bus).await.unwrap_or(false) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, listens).await.is_err() {
            return Ok(());
        }
    }
    let app = ApplicationProxy::builder(session)
        .destination(APP_ID)?
        .path(format!("/{}", APP_ID.replace('.', "/")))?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await?;
    let platform = token.into_iter().flat_map(|token| {
        // The one of Wayland and the one of X11.
        ["activation-token", "desktop-startup-id"].map(|key| (key, Value::from(token)))
    });
    Ok(app
        .activate_action("show-pet", &[Value::from(id.as_str())], platform.collect())
        .await?)
}

async fn runs(bus: &zbus::fdo::DBusProxy<'_>) -> Result<bool, NotifyError> {
    let name = zbus::names::BusName::try_from(APP_ID).map_err(zbus::Error::from)?;
    Ok(bus.name_has_owner(name).await.map_err(zbus::Error::from)?)
}

/// Starts the app that came with this program, else one that is installed, in the session with
/// `environment`.
fn start_app(environment: &Variables, token: Option<&str>) -> std::io::Result<()> {
    let beside = std::fs::read_link("/proc/self/exe")
        .map(|kennel| kennel.with_file_name("kennel-desktop"))
        .ok()
        .filter(|app| app.is_file());
    let app = beside.unwrap_or_else(|| PathBuf::from("kennel-desktop"));
    let start = |program: PathBuf, arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(token) = token {
            command
                .env("XDG_ACTIVATION_TOKEN", token)
                .env("DESKTOP_STARTUP_ID", token);
        }
        command.spawn().map(drop)
    };
    start(app, &[]).or_else(|_| start(PathBuf::from("flatpak"), &["run", APP_ID]))
}

/// Holds the pet to one core from now on.
pub fn limit(id: &PetId) {
    let one_core = Choices {
        limits: LimitChoices {
            cpu_millis: Some(Bound::At(1000)),
            ..LimitChoices::default()
        },
        ..Choices::default()
    };
    attempt(id, |kennel| {
        kennel.edit(&kennel.find(id.as_str())?, one_core).map(drop)
    });
}

/// Stops the pet.
pub fn stop(id: &PetId) {
    attempt(id, |kennel| kennel.stop(&kennel.find(id.as_str())?));
}

/// Nobody looks at this process: what goes wrong is for the pet's log.
fn attempt(id: &PetId, act: impl FnOnce(&Kennel) -> Result<(), KennelError>) {
    let Ok(kennel) = Kennel::open() else { return };
    if let Err(error) = act(&kennel) {
        let error = kennel_model::UserError::from(error);
        write_log(&kennel.paths, id, "failed", error.phrase());
    }
}
