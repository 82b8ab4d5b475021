//! Who shows notifications (“Desktop Notifications Specification”, org.freedesktop.Notifications).

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use kennel_model::phrase::direction::begun;
use kennel_model::{APP_ID, Language, Phrase, phrase};
use zbus::zvariant::Value;

use super::NotifyError;
use crate::alerts::{Notice, Offer};

/// How long it may take to answer: what D-Bus itself waits.
const PATIENCE: Duration = Duration::from_secs(25);

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;
    #[allow(clippy::too_many_arguments, reason = "the specification's method")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;
    fn close_notification(&self, id: u32) -> zbus::Result<()>;
    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn activation_token(&self, id: u32, activation_token: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// The server.
pub struct Server {
    connection: zbus::Connection,
    proxy: NotificationsProxy<'static>,
    can_act: bool,
    reads_markup: bool,
    language: &'static dyn Language,
}

/// How a notification ended.
pub enum Ended {
    /// With this choice, and a token by which a window may take the focus.
    Chosen(Offer, Option<String>),
    /// It was closed.
    Closed,
}

/// One that stands.
pub struct Shown<'s> {
    server: &'s Server,
    id: u32,
    chosen: ActionInvokedStream,
    tokens: ActivationTokenStream,
    closed: NotificationClosedStream,
}

impl Server {
    /// On the bus that listens at `bus`, for a person who reads `language`.
    pub async fn connect(bus: &Path, language: &'static dyn Language) -> Result<Self, NotifyError> {
        let connection = kennel_bus::connect(bus).await?;
        let proxy = NotificationsProxy::builder(&connection)
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?;
        let known = within_patience(proxy.get_capabilities()).await?;
        let can = |what: &str| known.iter().any(|word| word == what);
        Ok(Self {
            can_act: can("actions"),
            reads_markup: can("body-markup"),
            connection,
            proxy,
            language,
        })
    }

    /// The bus that it is on.
    pub fn connection(&self) -> &zbus::Connection {
        &self.connection
    }

    /// Shows `notice` in place of `replaced`, which is 0 for none.
    pub async fn show(
        &self,
        notice: &Notice,
        offers: &[Offer],
        replaced: u32,
    ) -> Result<Shown<'_>, NotifyError> {
        // Before it is shown: an answer may come at once.
        let (chosen, tokens, closed) = (
            self.proxy.receive_action_invoked().await?,
            self.proxy.receive_activation_token().await?,
            self.proxy.receive_notification_closed().await?,
        );
        let said = |phrase: &Phrase| begun(phrase.said_in(self.language));
        let mut body = said(&sentence(&notice.text));
        if self.reads_markup {
            body = escaped(&body);
        }
        let labels: Vec<String> = offers.iter().map(|offer| said(&label(*offer))).collect();
        let show = said(&label(Offer::Show));
        let mut actions = Vec::new();
        if self.can_act && !offers.is_empty() {
            // A click on the text.
            actions.extend(["default", &show]);
            for (offer, label) in offers.iter().zip(&labels) {
                actions.extend([key(*offer), label]);
            }
        }
        let hints = HashMap::from([
            ("desktop-entry", Value::from(APP_ID)),
            // An answer that is replaced by a plain text need not come up again.
            ("urgency", Value::from(u8::from(replaced == 0))),
        ]);
        let id = within_patience(self.proxy.notify(
            "Kennel",
            replaced,
            APP_ID,
            &said(&notice.title),
            &body,
            &actions,
            hints,
            -1,
        ))
        .await?;
        Ok(Shown {
            server: self,
            id,
            chosen,
            tokens,
            closed,
        })
    }
}

impl Shown<'_> {
    /// The server's number of it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Waits until the person answers or it is closed.
    pub async fn ended(&mut self) -> Result<Ended, NotifyError> {
        let mut token = None;
        loop {
            tokio::select! {
                biased;
                Some(signal) = self.tokens.next() => {
                    let said = signal.args()?;
                    if said.id == self.id {
                        token = Some(said.activation_token);
                    }
                }
                Some(signal) = self.chosen.next() => {
                    let said = signal.args()?;
                    if said.id == self.id {
                        return Ok(Ended::Chosen(offer(&said.action_key), token));
                    }
                }
                Some(signal) = self.closed.next() => {
                    if signal.args()?.id == self.id {
                        return Ok(Ended::Closed);
                    }
                }
                // The bus is gone.
                else => return Ok(Ended::Closed),
            }
        }
    }

    /// Takes it back.
    pub async fn close(&self) -> Result<(), NotifyError> {
        within_patience(self.server.proxy.close_notification(self.id)).await
    }
}

async fn within_patience<T>(
    answer: impl Future<Output = zbus::Result<T>>,
) -> Result<T, NotifyError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(elapsed) => Err(io::Error::from(elapsed).into()),
    }
}

fn key(offer: Offer) -> &'static str {
    match offer {
        Offer::Show => "show",
        Offer::Limit => "limit",
        Offer::Stop => "stop",
    }
}

/// What its button says.
pub fn label(offer: Offer) -> Phrase {
    match offer {
        Offer::Show => phrase("Show"),
        Offer::Limit => phrase("Limit to One Core"),
        Offer::Stop => phrase("Stop"),
    }
}

/// The offer behind a key; a click on the text shows.
fn offer(chosen: &str) -> Offer {
    let offers = [Offer::Limit, Offer::Stop].into_iter();
    let mut named = offers.filter(|offer| key(*offer) == chosen);
    named.next().unwrap_or(Offer::Show)
}

/// `text` with a capital and a full stop.
pub fn sentence(text: &Phrase) -> Phrase {
    phrase("{sentence}.").saying("sentence", text.clone().capitalised())
}

/// Names of programs come from inside the pet: they are no markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_a_pet_is_no_markup() {
        let said = |text: &str| sentence(&Phrase::verbatim(text)).to_string();
        assert_eq!(
            escaped(&said(
                "“a” is out of memory: <a href=\"x\">&</a> was killed"
            )),
            "“a” is out of memory: &lt;a href=\"x\"&gt;&amp;&lt;/a&gt; was killed."
        );
        assert_eq!(said("the disk is full"), "The disk is full.");
    }

    #[test]
    fn a_click_beside_the_buttons_only_shows() {
        assert_eq!(offer("stop"), Offer::Stop);
        assert_eq!(offer("limit"), Offer::Limit);
        assert_eq!(offer("default"), Offer::Show);
    }
}
