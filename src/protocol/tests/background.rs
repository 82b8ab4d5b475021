//! Going on in the background against a portal of our own making, on a private bus: it grants,
//! refuses, asks a person who takes their time, and fails in every way.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    missing_docs,
    clippy::used_underscore_binding,
    reason = "zbus generates such items"
)]

mod private_bus;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kennel_protocol::flatpak::{BackgroundError, may_go_on, tell_status};
use private_bus::Bus;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, fdo};

/// What this portal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Grants,
    /// Before the reply that names the request, and after an answer to somebody else.
    GrantsEarly,
    /// After a while.
    Refuses,
    /// The person closed the question.
    IsClosed,
    /// It is of version 1, and allows nobody to ask.
    Fails,
}

struct Portal {
    manner: Manner,
    heard: Arc<Mutex<Vec<String>>>,
}

fn text(options: &HashMap<String, OwnedValue>, key: &str) -> String {
    options[key].downcast_ref::<String>().unwrap()
}

#[zbus::interface(name = "org.freedesktop.portal.Background")]
impl Portal {
    async fn request_background(
        &self,
        _parent: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(connection)] bus: &Connection,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) -> fdo::Result<OwnedObjectPath> {
        self.heard.lock().unwrap().push(text(&options, "reason"));
        if self.manner == Manner::Fails {
            return Err(fdo::Error::AccessDenied("no".into()));
        }
        let (bus, caller) = (bus.clone(), header.sender().unwrap().to_owned());
        let tell = move |request: &'static str, code: u32, granted: bool, after: u64| {
            let (bus, caller) = (bus.clone(), caller.clone());
            async move {
                tokio::time::sleep(Duration::from_millis(after)).await;
                let results = HashMap::from([("background", Value::from(granted))]);
                let path = ObjectPath::try_from(request).unwrap();
                let interface = "org.freedesktop.portal.Request";
                bus.emit_signal(Some(caller), path, interface, "Response", &(code, results))
                    .await
                    .unwrap();
            }
        };
        let (other, ours) = ("/request/other", "/request/ours");
        match self.manner {
            Manner::Grants | Manner::Fails => drop(tokio::spawn(tell(ours, 0, true, 10))),
            Manner::GrantsEarly => {
                tell(other, 0, false, 0).await;
                tell(ours, 0, true, 0).await;
            }
            Manner::Refuses => drop(tokio::spawn(tell(ours, 0, false, 300))),
            Manner::IsClosed => drop(tokio::spawn(tell(ours, 1, false, 10))),
        }
        Ok(ObjectPath::try_from(ours).unwrap().into())
    }

    async fn set_status(&self, options: HashMap<String, OwnedValue>) -> fdo::Result<()> {
        if self.manner == Manner::Fails {
            return Err(fdo::Error::UnknownMethod("version 1".into()));
        }
        self.heard.lock().unwrap().push(text(&options, "message"));
        Ok(())
    }
}

/// Serves a portal; what it hears.
async fn portal(bus: &Bus, manner: Manner) -> (Connection, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::default();
    let portal = Portal {
        manner,
        heard: Arc::clone(&heard),
    };
    let served = zbus::connection::Builder::address(bus.address.as_str())
        .unwrap()
        .name("org.freedesktop.portal.Desktop")
        .unwrap()
        .serve_at("/org/freedesktop/portal/desktop", portal)
        .unwrap()
        .build()
        .await
        .unwrap();
    (served, heard)
}

#[tokio::test]
async fn the_answer_is_heard_whenever_it_comes() {
    for (manner, answer) in [
        (Manner::Grants, true),
        (Manner::GrantsEarly, true),
        (Manner::Refuses, false),
        (Manner::IsClosed, false),
    ] {
        let bus = Bus::start();
        let (_portal, heard) = portal(&bus, manner).await;
        let app = bus.connect().await;
        let may = may_go_on(&app, "Making webshop").await.unwrap();
        assert_eq!(may, answer, "{manner:?}");
        assert_eq!(*heard.lock().unwrap(), ["Making webshop"]);
    }
}

#[tokio::test]
async fn the_desktop_is_told_what_is_done() {
    let bus = Bus::start();
    let (_portal, heard) = portal(&bus, Manner::Grants).await;
    let app = bus.connect().await;
    tell_status(&app, "Making webshop").await.unwrap();
    tell_status(&app, &"long ".repeat(100)).await.unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!(heard[0], "Making webshop");
    assert!(heard[1].len() <= 96, "{}", heard[1]);
}

#[tokio::test]
async fn a_desktop_without_the_portal_says_neither_yes_nor_no() {
    let bus = Bus::start();
    let app = bus.connect().await;
    let alone = may_go_on(&app, "Making webshop").await;
    assert!(
        matches!(alone, Err(BackgroundError::NoPortal(_))),
        "{alone:?}"
    );
    let (_portal, _) = portal(&bus, Manner::Fails).await;
    let refused = may_go_on(&app, "Making webshop").await;
    assert!(
        matches!(refused, Err(BackgroundError::NoPortal(_))),
        "{refused:?}"
    );
    assert!(tell_status(&app, "Making webshop").await.is_err());
}

#[tokio::test]
async fn a_portal_that_hangs_holds_nobody_up() {
    let bus = Bus::start();
    let app = bus.connect().await;
    // It has the name and never answers.
    let hangs = bus.connect().await;
    hangs
        .request_name("org.freedesktop.portal.Desktop")
        .await
        .unwrap();
    let begin = std::time::Instant::now();
    let hung = may_go_on(&app, "Making webshop").await;
    assert!(hung.is_err(), "{hung:?}");
    assert!(begin.elapsed() < Duration::from_secs(5));
}
