//! Addresses of D-Bus (the specification's “Server Addresses”).

use std::path::PathBuf;

/// The socket of an address `unix:path=…`, the first one of several; `None` for an address of
/// another kind, such as an abstract socket.
pub fn socket(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("unix:path=")?;
    Some(PathBuf::from(path.split([',', ';']).next()?))
}
