//! The ports of devcontainer.json: `forwardPorts` are ports of the container, `appPort` what
//! `docker run --publish` takes.

use kennel_model::PortForward;

use crate::project::error::{ProjectError, Source};
use crate::project::node::{self, Fields, Node, Value};

/// The ports of the pet that are wanted on this computer; those of other containers are noted.
pub fn wanted(
    fields: &mut Fields<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<PortForward>, ProjectError> {
    let source = fields.source;
    let mut all: Vec<PortForward> = Vec::new();
    for key in ["forwardPorts", "appPort"] {
        let nodes = match fields.take(key) {
            None => Vec::new(),
            Some(Node {
                value: Value::List(nodes),
                ..
            }) => nodes,
            Some(node) if node.value == Value::Null => Vec::new(),
            Some(node) => vec![node],
        };
        for node in nodes {
            let at = node.at;
            let text = node::text_or_number(&source, key, node)?;
            let Some(port) = own(&source, at, key, &text)? else {
                notes.push(format!(
                    "the port {text} is another container's, which the pet does not have"
                ));
                continue;
            };
            if !all.iter().any(|other| other.host == port.host) {
                all.push(port);
            }
        }
    }
    Ok(all)
}

/// `text` as a port of the pet itself; none where it is another's.
fn own(
    source: &Source<'_>,
    at: usize,
    key: &str,
    text: &str,
) -> Result<Option<PortForward>, ProjectError> {
    let pair = match text.rsplit_once(':') {
        Some((host, port)) if key == "forwardPorts" => {
            if !["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].contains(&host) {
                // A wrong number is a mistake whose ever it is.
                node::parse::<PortForward>(source, at, port)?;
                return Ok(None);
            }
            port
        }
        // An address of this computer comes before the ports; pets are reached at loopback.
        Some((host, port)) => match host.rsplit_once(':') {
            Some((_, host)) => return node::parse(source, at, &format!("{host}:{port}")).map(Some),
            None => text,
        },
        None => text,
    };
    node::parse(source, at, pair).map(Some)
}
