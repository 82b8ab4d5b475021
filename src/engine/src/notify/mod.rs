//! `kennel notify`: shows one alert as a desktop notification, waits for what the person does about
//! it, and does that. A process of its own, beside the keeper and gone before long.
//!
//! [`server`] speaks with the desktop, [`act`] does what was chosen. Without a session bus or
//! somebody who shows notifications on it there is nothing to do: the pet's log has the alert.

mod act;
mod server;

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use kennel_model::{Language, PetId};

use crate::alerts::{Notice, Offer};
use crate::bus_address;
use crate::cgroup::place;
use crate::pets::Kennel;
use crate::session;
pub use crate::session::Variables;
use server::{Ended, Server};
pub use server::{label, sentence};

/// How long it can be answered. After that it stays as a plain text.
const ANSWERABLE: Duration = Duration::from_secs(30 * 60);

/// Why nothing was shown, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The session has no bus that can be reached by its socket.
    #[error("this session has no bus")]
    NoBus,
    /// It or who shows notifications does not answer.
    #[error(transparent)]
    Bus(#[from] zbus::Error),
    /// This process cannot speak with it.
    #[error(transparent)]
    Runtime(#[from] io::Error),
}

/// Shows the pet `id` in the app, which is started if it does not run.
pub fn show_pet(id: &PetId) -> Result<(), NotifyError> {
    // The app is not the caller's to end.
    place::leave(&format!("kennel-notice-{}.scope", std::process::id()));
    let environment = session()?;
    let bus = bus_of(&environment).ok_or(NotifyError::NoBus)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let connection = kennel_bus::connect(&bus).await?;
        act::show(&connection, &environment, id, None).await
    })
}

/// Shows `notice` until it is closed, answered, or `over` ends, and does what the person chose.
///
/// The words are those of the language that `language` finds in the environment of the session.
pub fn run(
    notice: &Notice,
    over: impl Future<Output = ()>,
    language: fn(&Variables) -> &'static dyn Language,
) -> Result<(), NotifyError> {
    // A keeper that starts again must find its own place free.
    place::leave(&format!("kennel-notice-{}.scope", std::process::id()));
    let environment = session()?;
    let bus = bus_of(&environment).ok_or(NotifyError::NoBus)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let chosen = runtime.block_on(async {
        let server = Server::connect(&bus, language(&environment)).await?;
        let chosen = shown(&server, notice, over).await?;
        if let Some((Offer::Show, token)) = &chosen {
            let connection = server.connection();
            act::show(connection, &environment, &notice.id, token.as_deref()).await?;
        }
        Ok::<_, NotifyError>(chosen)
    })?;
    // The engine has a runtime of its own for what it asks of systemd: not within this one.
    drop(runtime);
    match chosen {
        Some((Offer::Limit, _)) => act::limit(&notice.id),
        Some((Offer::Stop, _)) => act::stop(&notice.id),
        Some((Offer::Show, _)) | None => {}
    }
    Ok(())
}

/// What the person chose, with the desktop's leave to take the focus.
async fn shown(
    server: &Server,
    notice: &Notice,
    over: impl Future<Output = ()>,
) -> Result<Option<(Offer, Option<String>)>, NotifyError> {
    let mut shown = server.show(notice, &notice.offers, 0).await?;
    let answer = tokio::select! {
        ended = shown.ended() => ended?,
        () = over => {
            shown.close().await?;
            return Ok(None);
        }
        () = tokio::time::sleep(ANSWERABLE) => {
            // Buttons that do nothing any more would be a lie.
            server.show(notice, &[], shown.id()).await?;
            return Ok(None);
        }
    };
    Ok(match answer {
        Ended::Chosen(offer, token) => {
            // Servers may leave it standing after a choice.
            let _ = shown.close().await;
            Some((offer, token))
        }
        Ended::Closed => None,
    })
}

/// The environment of the person's current session: the keeper, from which this process has its own,
/// is as old as its pet, and may have been started in a session that has ended.
fn session() -> Result<Variables, NotifyError> {
    let (_, paths) = Kennel::paths_only().map_err(io::Error::other)?;
    Ok(session::current(&paths))
}

/// The bus of the session with `environment`, else that which systemd makes for the person.
fn bus_of(environment: &Variables) -> Option<PathBuf> {
    let variable = |name: &str| environment.get(OsStr::new(name));
    let address = variable("DBUS_SESSION_BUS_ADDRESS").and_then(|address| address.to_str());
    let usual = variable("XDG_RUNTIME_DIR").map(|path| PathBuf::from(path).join("bus"));
    let named = address.and_then(bus_address::socket);
    let mut known = named.into_iter().chain(usual);
    known.find(|path| path.exists())
}
