//! Where a document lies on the host, asked of a portal of our own making.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(missing_docs, reason = "zbus generates such items")]

use std::collections::HashMap;
use std::path::Path;

use kennel_protocol::flatpak::{DocumentError, host_path_by};
use zbus::connection::Builder;
use zbus::{Connection, Guid};

/// Knows one document.
struct Portal;

#[zbus::interface(name = "org.freedesktop.portal.Documents")]
impl Portal {
    #[allow(clippy::unused_self)] // A method of the interface.
    fn get_host_paths(&self, ids: Vec<String>) -> HashMap<String, Vec<u8>> {
        let known = ids.into_iter().filter(|id| id == "2a7b");
        known
            .map(|id| (id, b"/home/ada/a shop\0".to_vec()))
            .collect()
    }
}

/// Both ends of a connection: the portal's, where there is one, and the app's.
async fn connected(is_there: bool) -> (Connection, Connection) {
    let (theirs, ours) = tokio::net::UnixStream::pair().unwrap();
    let mut portal = Builder::unix_stream(theirs)
        .server(Guid::generate())
        .unwrap()
        .p2p();
    // Somebody answers in any case.
    let object = if is_there {
        "/org/freedesktop/portal/documents"
    } else {
        "/elsewhere"
    };
    portal = portal.serve_at(object, Portal).unwrap();
    let app = Builder::unix_stream(ours).p2p();
    tokio::try_join!(portal.build(), app.build()).unwrap()
}

#[tokio::test]
async fn what_is_below_a_document_is_below_its_place_on_the_host() {
    let (_portal, app) = connected(true).await;
    for (seen, on_host) in [
        ("/run/user/1000/doc/2a7b/a shop", "/home/ada/a shop"),
        ("/run/flatpak/doc/2a7b/a shop/src", "/home/ada/a shop/src"),
        ("/srv/music", "/srv/music"),
    ] {
        let found = host_path_by(&app, Path::new(seen)).await.unwrap();
        assert_eq!(found.to_str(), Some(on_host));
    }
}

#[tokio::test]
async fn a_document_that_nobody_knows_is_an_error_and_no_path() {
    let forgotten = Path::new("/run/user/1000/doc/ffff/shop");
    let (_portal, app) = connected(true).await;
    let found = host_path_by(&app, forgotten).await;
    assert!(matches!(found, Err(DocumentError::Unknown)), "{found:?}");
    // As where the portal is of a version that cannot tell.
    let (_portal, app) = connected(false).await;
    let found = host_path_by(&app, forgotten).await;
    assert!(matches!(found, Err(DocumentError::Portal(_))), "{found:?}");
}
