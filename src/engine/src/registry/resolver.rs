//! Names of hosts, looked up without the C library.
//!
//! A static binary must not load NSS modules, so `/etc/hosts` and `/etc/resolv.conf` are read by
//! hickory. reqwest's own use of it asks a public resolver when `resolv.conf` cannot be read;
//! which names a person looks up is nobody else's business, so this one fails then.

use std::net::SocketAddr;
use std::sync::OnceLock;

use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks names up as `/etc/hosts` and `/etc/resolv.conf` say.
#[derive(Default)]
pub(super) struct SystemResolver {
    /// Made with the first name: an address needs none.
    made: std::sync::Arc<OnceLock<TokioResolver>>,
}

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let made = std::sync::Arc::clone(&self.made);
        Box::pin(async move {
            let resolver = match made.get() {
                Some(resolver) => resolver,
                None => {
                    let fresh = TokioResolver::builder_tokio()?.build()?;
                    made.get_or_init(|| fresh)
                }
            };
            let found = match resolver.lookup_ip(name.as_str()).await {
                Err(error) if error.is_no_records_found() => {
                    return Err("nobody knows a computer of that name".into());
                }
                other => other?,
            };
            let addresses: Vec<SocketAddr> =
                found.iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
