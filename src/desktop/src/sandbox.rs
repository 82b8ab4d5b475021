//! What the desktop is asked and told where the app is in a sandbox.

use kennel_protocol::flatpak::{self, Sandbox};

/// Whether the app may go on without a window; `work` says what for. Outside of a sandbox nobody
/// forbids it, and neither does a desktop that cannot say.
pub async fn may_go_on(work: &str) -> bool {
    let Some(bus) = sandboxed().await else {
        return true;
    };
    flatpak::may_go_on(&bus, work).await.unwrap_or(true)
}

/// Tells a desktop with sandboxes what the app does without a window.
pub async fn tell_work(work: &str) {
    if let Some(bus) = sandboxed().await {
        // It is only what the desktop shows of it.
        let _ = flatpak::tell_status(&bus, work).await;
    }
}

/// The session bus, inside of a sandbox.
async fn sandboxed() -> Option<zbus::Connection> {
    Sandbox::here().ok()??;
    zbus::Connection::session().await.ok()
}
