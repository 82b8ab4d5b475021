//! What the person's systemd gives to the programs that it starts; a desktop's login puts its session
//! there (org.freedesktop.systemd1(5), `Environment`).

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zbus::zvariant::OwnedValue;

use super::Variables;
use crate::bus_address;

/// How long it may take: a person waits for their command.
const PATIENCE: Duration = Duration::from_millis(500);

/// The environment of the person's systemd; `None` where there is none or it does not answer.
///
/// It is asked on the bus that it makes itself, else on the session's. Starts no thread.
pub fn environment() -> Option<Variables> {
    let usual = PathBuf::from(format!("/run/user/{}/bus", rustix::process::getuid()));
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(|path| Path::new(&path).join("bus"));
    let named = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok();
    let named = named.and_then(|address| bus_address::socket(&address));
    let mut buses: Vec<PathBuf> = runtime.into_iter().chain([usual]).chain(named).collect();
    buses.dedup();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    runtime.block_on(async {
        let answer = async {
            for bus in buses.iter().filter(|bus| bus.exists()) {
                if let Ok(lines) = ask(bus).await {
                    return Some(lines);
                }
            }
            None
        };
        let lines = tokio::time::timeout(PATIENCE, answer).await.ok()??;
        let pair = |line: &String| {
            let (name, value) = line.split_once('=')?;
            Some((OsString::from(name), OsString::from(value)))
        };
        Some(lines.iter().filter_map(pair).collect())
    })
}

async fn ask(bus: &Path) -> zbus::Result<Vec<String>> {
    const MANAGER: &str = "org.freedesktop.systemd1.Manager";
    let connection = kennel_bus::connect(bus).await?;
    let answer = connection
        .call_method(
            Some("org.freedesktop.systemd1"),
            "/org/freedesktop/systemd1",
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(MANAGER, "Environment"),
        )
        .await?;
    let value: OwnedValue = answer.body().deserialize()?;
    Ok(value.try_into()?)
}
