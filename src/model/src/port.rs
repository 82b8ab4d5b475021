//! Ports of the host that lead into a pet with a network of its own.

use std::str::FromStr;

use crate::text::shown_newtype;

/// How packets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// The word in a port forward.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// A port of the host, on the loopback only, that leads to a port of the pet. As text
/// `HOST[:PET][/udp]`, such as `8080`, `8080:80` or `5353:53/udp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortForward {
    /// On the host, 1 to 65535.
    pub host: u16,
    /// In the pet, 1 to 65535.
    pub pet: u16,
    /// TCP or UDP.
    pub transport: Transport,
}

/// Why a text is not a port forward.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a port: write HOST or HOST:PET, from 1 to 65535, such as 8080:80 or 5353:53/udp"
)]
pub struct InvalidPort(String);

impl FromStr for PortForward {
    type Err = InvalidPort;

    fn from_str(text: &str) -> Result<Self, InvalidPort> {
        let invalid = || InvalidPort(text.to_owned());
        let (ports, transport) = match text.split_once('/') {
            None | Some((_, "tcp")) => (text.trim_end_matches("/tcp"), Transport::Tcp),
            Some((ports, "udp")) => (ports, Transport::Udp),
            Some(_) => return Err(invalid()),
        };
        let port = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|&port: &u16| plain && port > 0)
        };
        let (host, pet) = ports.split_once(':').unwrap_or((ports, ports));
        Ok(Self {
            host: port(host).ok_or_else(invalid)?,
            pet: port(pet).ok_or_else(invalid)?,
            transport,
        })
    }
}

impl std::fmt::Display for PortForward {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.host)?;
        if self.host != self.pet {
            write!(f, ":{}", self.pet)?;
        }
        if self.transport == Transport::Udp {
            f.write_str("/udp")?;
        }
        Ok(())
    }
}

shown_newtype!(PortForward, "a port");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_the_same() {
        for text in ["8080", "8080:80", "5353:53/udp", "53/udp"] {
            assert_eq!(
                text.parse::<PortForward>().map(|port| port.to_string()),
                Ok(text.to_owned())
            );
        }
        assert_eq!(
            "80:80/tcp"
                .parse::<PortForward>()
                .map(|port| port.to_string()),
            Ok("80".to_owned())
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "0",
            "65536",
            "+1",
            "80:",
            ":80",
            "80:80:80",
            "80/sctp",
            "80/tcp/tcp",
            "127.0.0.1:80",
        ] {
            assert!(text.parse::<PortForward>().is_err(), "{text}");
        }
    }
}
