//! The server against a fake `kennel`, over a real socket pair.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt as _;
use kennel_model::{
    CatalogEntry, Freshness, JobEvent, JobOutcome, PetSummary, TerminalState, TrustList,
    UsageSample, UserError, Verdict,
};
use kennel_protocol::client::{Engine1Proxy, connect, handshake};
use kennel_protocol::server::{ServeError, ServerConfig, serve};
use kennel_protocol::{EngineError, decode};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(10);
const ID: &str = "00000000000000aa";

const FAKE: &str = r#"#!/usr/bin/env bash
case "$1 $2" in
"list --json") echo '[]' ;;
"image catalog") echo '[{"name":"Debian","release":"13","reference":"docker.io/library/debian:13"}]' ;;
"image list") echo 'kennel: the store is locked: wait for the other command' >&2; exit 125 ;;
"job start")
    echo '{"event":"progress","progress":{"step":"starting"}}'
    echo '{"event":"done","outcome":{"result":"removed"}}' ;;
"job stop")
    trap 'touch "$(dirname "$0")/cleaned"; echo "{\"event\":\"failed\",\"error\":{\"kind\":\"cancelled\",\"what\":\"cancelled\",\"todo\":\"\"}}"; exit 125' TERM
    echo '{"event":"progress","progress":{"step":"stopping"}}'
    for _ in $(seq 200); do sleep 0.05; done ;;
"job pull") echo "{\"event\":\"failed\",\"error\":{\"kind\":\"fake\",\"what\":\"pulled $3\",\"todo\":\"\"}}" ;;
"job check") echo '{"freshness":"up-to-date"}' ;;
"job trust-add") echo "{\"own\":{\"registries\":[\"$3\"]},\"company\":{}}" ;;
"job limits")
    echo 'kennel: there is no pet “x”: look again' >&2
    echo 'kennel-error: {"kind":"no-such-pet","what":"there is no pet “x”","what_phrase":{"text":"there is no pet “{name}”","values":{"name":"x"}},"todo":"look again"}' >&2
    exit 125 ;;
"job judge") echo '{"verdict":"ask"}' ;;
"job usage")
    while :; do echo '{"at_micros":1,"computer":{"cores":2,"memory":3,"swap":0},"pets":[]}'; touch "$(dirname "$0")/looked"; sleep 0.05; done ;;
"job remove") echo 'kennel: it is in use: stop it first' >&2; exit 125 ;;
"job terminal")
    exec python3 -c '
import os, socket, sys
master, slave = os.openpty()
os.write(slave, b"hello")
socket.socket(fileno=0).sendmsg([(4242).to_bytes(4, sys.byteorder)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, master.to_bytes(4, sys.byteorder))])
os.close(master)
os.read(slave, 1)
sys.exit(7)' ;;
"job shells") [ "$*" = "job shells -- 4242" ] && echo '[{"command":"vim","directory":"/srv"}]' ;;
esac
"#;

struct Fixture {
    engine: Engine1Proxy<'static>,
    bus: zbus::Connection,
    serving: JoinHandle<Result<(), ServeError>>,
    directory: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let kennel: PathBuf = directory.path().join("kennel");
    let text = directory.path().join("text");
    std::fs::write(&text, FAKE).unwrap();
    // Written by another process: a child of another test's thread would inherit the open file, and
    // a file that is open for writing is not executed (ETXTBSY).
    let installed = std::process::Command::new("install")
        .args(["-m", "755"])
        .args([&text, &kennel])
        .status();
    assert!(installed.unwrap().success());
    let (ours, theirs) = UnixStream::pair().unwrap();
    let config = ServerConfig {
        kennel,
        watch: vec![directory.path().join("pets")],
    };
    let serving = tokio::spawn(serve(theirs, config));
    let (bus, engine) = connect(ours).await.unwrap();
    Fixture {
        engine,
        bus,
        serving,
        directory,
    }
}

#[tokio::test]
async fn handshake_agrees_or_refuses() {
    let fixture = fixture().await;
    handshake(&fixture.engine).await.unwrap();
    let refused = fixture.engine.handshake(99).await.unwrap_err();
    assert!(matches!(refused, EngineError::Version(ref text) if text.contains("99")));
}

#[tokio::test]
async fn queries_answer_or_say_what_kennel_said() {
    let fixture = fixture().await;
    let pets = fixture.engine.list_pets().await.unwrap();
    assert_eq!(decode::<Vec<PetSummary>>(&pets).unwrap(), []);
    let catalog = fixture.engine.list_catalog().await.unwrap();
    let catalog: Vec<CatalogEntry> = decode(&catalog).unwrap();
    assert_eq!(catalog[0].title(), "Debian 13");
    let error = UserError::from(fixture.engine.list_images().await.unwrap_err());
    let said = error.to_string();
    assert_eq!(said, "the store is locked: wait for the other command");
    let error = UserError::from(fixture.engine.show_pet("--help").await.unwrap_err());
    assert_eq!(error.kind, "bad-id");
}

#[tokio::test]
async fn an_error_comes_with_what_an_app_needs_to_translate_it() {
    let fixture = fixture().await;
    let error = UserError::from(fixture.engine.pet_limits(ID).await.unwrap_err());
    assert_eq!(error.kind, "no-such-pet");
    let phrase = serde_json::to_value(&error.what).unwrap();
    assert_eq!(phrase["text"], "there is no pet “{name}”");
    assert_eq!(phrase["values"]["name"], "x");
    assert_eq!(error.to_string(), "there is no pet “x”: look again");
}

#[tokio::test]
async fn a_job_reports_progress_then_its_outcome() {
    let fixture = fixture().await;
    let mut events = fixture.engine.receive_job_event().await.unwrap();
    let job = fixture.engine.start_pet(ID).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let signal = timeout(SOON, events.next()).await.unwrap().unwrap();
        let arguments = signal.args().unwrap();
        assert_eq!(arguments.job, job);
        seen.push(decode::<JobEvent>(&arguments.event).unwrap());
    }
    assert!(matches!(seen[0], JobEvent::Progress { .. }));
    let outcome = JobOutcome::Removed;
    assert_eq!(seen[1], JobEvent::Done { outcome });
}

#[tokio::test]
async fn a_job_that_dies_fails_with_what_it_printed() {
    let fixture = fixture().await;
    let mut events = fixture.engine.receive_job_event().await.unwrap();
    fixture.engine.remove_pet(ID).await.unwrap();
    let signal = timeout(SOON, events.next()).await.unwrap().unwrap();
    let event: JobEvent = decode(&signal.args().unwrap().event).unwrap();
    assert!(
        matches!(event, JobEvent::Failed { ref error } if error.what.to_string() == "it is in use")
    );
}

#[tokio::test]
async fn the_engine_judges_an_image() {
    let fixture = fixture().await;
    let verdict = fixture.engine.judge_image("r.example/a:1").await.unwrap();
    assert_eq!(decode::<Verdict>(&verdict).unwrap(), Verdict::Ask);
    let error = fixture.engine.judge_image("--help").await.unwrap_err();
    assert_eq!(UserError::from(error).kind, "bad-reference");
}

#[tokio::test]
async fn the_engine_asks_for_a_newer_image() {
    let fixture = fixture().await;
    let answer = fixture.engine.check_image("r.example/a:1").await.unwrap();
    assert_eq!(decode::<Freshness>(&answer).unwrap(), Freshness::UpToDate);
    let error = fixture.engine.check_image("--help").await.unwrap_err();
    assert_eq!(UserError::from(error).kind, "bad-reference");
}

#[tokio::test]
async fn only_a_scope_is_trusted() {
    let fixture = fixture().await;
    let list = fixture.engine.trust_add("r.example/team").await.unwrap();
    let list: TrustList = decode(&list).unwrap();
    assert_eq!(list.own.registries, ["r.example/team".parse().unwrap()]);
    for bad in ["", "team", "--help", "r.example/a b"] {
        let error = fixture.engine.trust_add(bad).await.unwrap_err();
        assert_eq!(UserError::from(error).kind, "bad-scope", "{bad}");
    }
}

#[tokio::test]
async fn only_a_reference_is_pulled() {
    let fixture = fixture().await;
    let mut events = fixture.engine.receive_job_event().await.unwrap();
    for bad in ["", "debian", "--help", "r.example/a b", "oci:/tmp"] {
        let error = fixture.engine.pull_image(bad).await.unwrap_err();
        assert_eq!(UserError::from(error).kind, "bad-reference", "{bad}");
    }
    fixture.engine.pull_image("r.example/a:1").await.unwrap();
    let signal = timeout(SOON, events.next()).await.unwrap().unwrap();
    let event: JobEvent = decode(&signal.args().unwrap().event).unwrap();
    assert!(
        matches!(event, JobEvent::Failed { ref error } if error.what.to_string() == "pulled r.example/a:1")
    );
}

#[tokio::test]
async fn cancel_lets_the_child_clean_up() {
    let fixture = fixture().await;
    let mut events = fixture.engine.receive_job_event().await.unwrap();
    let job = fixture.engine.stop_pet(ID).await.unwrap();
    timeout(SOON, events.next()).await.unwrap().unwrap();
    fixture.engine.cancel(job).await.unwrap();
    let signal = timeout(SOON, events.next()).await.unwrap().unwrap();
    let event: JobEvent = decode(&signal.args().unwrap().event).unwrap();
    assert!(matches!(event, JobEvent::Failed { ref error } if error.is_cancelled()));
    assert!(fixture.directory.path().join("cleaned").exists());
}

#[tokio::test]
async fn a_disconnect_ends_the_jobs_then_the_server() {
    let fixture = fixture().await;
    let mut events = fixture.engine.receive_job_event().await.unwrap();
    fixture.engine.stop_pet(ID).await.unwrap();
    timeout(SOON, events.next()).await.unwrap().unwrap();
    drop((events, fixture.engine));
    fixture.bus.close().await.unwrap();
    let served = timeout(SOON, fixture.serving).await.unwrap().unwrap();
    served.unwrap();
    assert!(fixture.directory.path().join("cleaned").exists());
}

#[tokio::test]
async fn a_terminal_is_a_pty_and_its_end_a_signal() {
    let fixture = fixture().await;
    let mut exits = fixture.engine.receive_terminal_exited().await.unwrap();
    let (master, terminal) = fixture.engine.open_terminal(ID, "", 80, 24).await.unwrap();
    let mut bytes = [0u8; 16];
    let read = rustix::io::read(master.as_fd(), &mut bytes).unwrap();
    assert_eq!(&bytes[..read], b"hello");
    let states: Vec<TerminalState> = decode(&fixture.engine.terminals().await.unwrap()).unwrap();
    assert_eq!(states[0].terminal, terminal);
    assert_eq!(states[0].pet.as_str(), ID);
    assert_eq!(states[0].shell.command.as_deref(), Some("vim"));
    rustix::io::write(master.as_fd(), b"\n").unwrap();
    let signal = timeout(SOON, exits.next()).await.unwrap().unwrap();
    let arguments = signal.args().unwrap();
    assert_eq!((arguments.terminal, arguments.status), (terminal, 7));
    assert_eq!(fixture.engine.terminals().await.unwrap(), "[]");
}

#[tokio::test]
async fn a_new_directory_is_a_change() {
    let fixture = fixture().await;
    handshake(&fixture.engine).await.unwrap();
    let mut changes = fixture.engine.receive_pets_changed().await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    std::fs::create_dir_all(fixture.directory.path().join("pets/one")).unwrap();
    timeout(SOON, changes.next()).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    std::fs::rename(
        fixture.directory.path().join("kennel"),
        fixture.directory.path().join("pets/one/pet.json"),
    )
    .unwrap();
    timeout(SOON, changes.next()).await.unwrap().unwrap();
}

#[tokio::test]
async fn usage_is_looked_at_only_while_somebody_watches() {
    let fixture = fixture().await;
    let mut samples = fixture.engine.receive_usage_sampled().await.unwrap();
    fixture.engine.watch_usage(true).await.unwrap();
    // A second wish changes nothing.
    fixture.engine.watch_usage(true).await.unwrap();
    let signal = timeout(SOON, samples.next()).await.unwrap().unwrap();
    let sample: UsageSample = decode(&signal.args().unwrap().sample).unwrap();
    assert_eq!(sample.computer.cores, 2);
    fixture.engine.watch_usage(false).await.unwrap();
    let looked = fixture.directory.path().join("looked");
    let quiet = async {
        loop {
            let _ = std::fs::remove_file(&looked);
            tokio::time::sleep(Duration::from_millis(300)).await;
            if !looked.exists() {
                break;
            }
        }
    };
    timeout(SOON, quiet).await.unwrap();
}
