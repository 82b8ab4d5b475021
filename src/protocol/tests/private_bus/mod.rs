//! A session bus of a test's own.

use std::process::{Child, Command, Stdio};

use zbus::Connection;

/// A bus of its own, ended with the test. It starts no services: this computer's session helper is
/// not for tests.
pub struct Bus {
    pub daemon: Child,
    pub address: String,
    _directory: tempfile::TempDir,
}

const CONFIGURATION: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

impl Bus {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let configuration = directory.path().join("bus.conf");
        std::fs::write(&configuration, CONFIGURATION).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(configuration)
            .args(["--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut output = std::io::BufReader::new(daemon.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut output, &mut address).unwrap();
        let address = address.trim().to_owned();
        Self {
            daemon,
            address,
            _directory: directory,
        }
    }

    pub async fn connect(&self) -> Connection {
        let address = self.address.as_str();
        zbus::connection::Builder::address(address)
            .unwrap()
            .build()
            .await
            .unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
