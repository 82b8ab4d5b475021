//! Going on without a window, inside a sandbox: the desktop is asked, and told what is being done
//! (`org.freedesktop.portal.Background`; the words are of its version 2).

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::timeout;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, MessageStream};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const OBJECT: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.Background";
const REQUEST: &str = "org.freedesktop.portal.Request";

/// How long the portal may take to accept a request.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the answer may take: the desktop may ask the person.
const PATIENCE_WITH_PERSON: Duration = Duration::from_secs(60);
/// Answers to others that may come before ours.
const OTHER_ANSWERS: usize = 64;
/// The portal refuses longer ones, counted in bytes.
const LONGEST_STATUS: usize = 96;

/// Why the desktop said neither yes nor no.
#[derive(Debug, thiserror::Error)]
pub enum BackgroundError {
    /// There is no such portal, or it refused to be asked.
    #[error("the desktop has no portal for work in the background")]
    NoPortal(#[from] zbus::Error),
    /// It did not answer.
    #[error("the desktop’s portal did not answer")]
    Silent,
}

/// Whether the desktop, or the person it asks, lets the app go on without a window. `reason` may be
/// shown to the person.
pub async fn may_go_on(bus: &Connection, reason: &str) -> Result<bool, BackgroundError> {
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface(REQUEST)
        .and_then(|rule| rule.member("Response"))?
        .build();
    // An answer may come before the reply that names the request.
    let listening = MessageStream::for_match_rule(rule, bus, Some(OTHER_ANSWERS));
    let mut answers = timeout(PATIENCE, listening)
        .await
        .map_err(|_| BackgroundError::Silent)??;
    let options = HashMap::from([("reason", Value::from(reason))]);
    let asking = call(bus, "RequestBackground", ("", options));
    let reply = timeout(PATIENCE, asking)
        .await
        .map_err(|_| BackgroundError::Silent)??;
    let request: OwnedObjectPath = reply.body().deserialize()?;
    let answer = async {
        while let Some(Ok(message)) = answers.next().await {
            if message.header().path() == Some(&*request) {
                return message.body().deserialize::<Answer>().ok();
            }
        }
        None
    };
    let answer = timeout(PATIENCE_WITH_PERSON, answer).await;
    judge(answer.ok().flatten())
}

/// Code and results of a request.
type Answer = (u32, HashMap<String, OwnedValue>);

fn judge(answer: Option<Answer>) -> Result<bool, BackgroundError> {
    match answer {
        Some((0, results)) => Ok(results
            .get("background")
            .is_some_and(|granted| matches!(**granted, Value::Bool(true)))),
        // The person refused.
        Some((1, _)) => Ok(false),
        _ => Err(BackgroundError::Silent),
    }
}

/// Tells the desktop what is being done, for its list of apps without a window.
pub async fn tell_status(bus: &Connection, status: &str) -> Result<(), BackgroundError> {
    let options = HashMap::from([("message", Value::from(fitting(status)))]);
    timeout(PATIENCE, call(bus, "SetStatus", (options,)))
        .await
        .map_err(|_| BackgroundError::Silent)??;
    Ok(())
}

async fn call<B>(bus: &Connection, method: &str, body: B) -> zbus::Result<zbus::Message>
where
    B: serde::ser::Serialize + zbus::zvariant::DynamicType,
{
    let portal = Some(PORTAL);
    bus.call_method(portal, OBJECT, Some(INTERFACE), method, &body)
        .await
}

/// As much of it as the portal takes.
fn fitting(status: &str) -> String {
    if status.len() <= LONGEST_STATUS {
        return status.to_owned();
    }
    let room = LONGEST_STATUS - '…'.len_utf8();
    let end = (0..=room).rev().find(|end| status.is_char_boundary(*end));
    format!("{}…", &status[..end.unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_status_is_cut_at_a_character() {
        assert_eq!(fitting("Making webshop"), "Making webshop");
        let whole = "ä".repeat(48);
        assert_eq!(fitting(&whole), whole);
        let cut = fitting(&"ä".repeat(49));
        assert!(cut.len() <= LONGEST_STATUS && cut.ends_with("ä…"), "{cut}");
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        let results =
            |granted: bool| HashMap::from([("background".to_owned(), OwnedValue::from(granted))]);
        assert_eq!(judge(Some((0, results(true)))).ok(), Some(true));
        assert_eq!(judge(Some((0, results(false)))).ok(), Some(false));
        assert_eq!(judge(Some((0, HashMap::new()))).ok(), Some(false));
        assert_eq!(judge(Some((1, HashMap::new()))).ok(), Some(false));
        assert!(judge(Some((2, HashMap::new()))).is_err());
        assert!(judge(None).is_err());
    }
}
