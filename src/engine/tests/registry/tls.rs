//! A certificate that nobody vouches for.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, crypto};

/// A server's side of TLS with a fresh certificate of its own; `directory` gets the files.
pub fn self_signed(directory: &Path) -> Arc<ServerConfig> {
    let command =
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nobody -keyout key -out cert";
    let made = Command::new("openssl")
        .args(command.split(' '))
        .current_dir(directory)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "openssl is needed");
    let cert = CertificateDer::from_pem_file(directory.join("cert")).unwrap();
    let key = PrivateKeyDer::from_pem_file(directory.join("key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert], key)
        .unwrap();
    Arc::new(config)
}
