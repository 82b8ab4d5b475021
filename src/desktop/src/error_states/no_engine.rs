//! The engine cannot be started: a page for each reason.

use std::io::Error;

use kennel_protocol::client::StartError;
use kennel_protocol::flatpak::HostCommandError;
use relm4::gtk;

use crate::testing::{FakeEngine, Window, examples};

const APP: &str = "io.github.kennel.Kennel";

/// What a page says: its title, a part of its text, its command and its button.
type Page = (&'static str, &'static str, &'static str, &'static str);

fn missing() -> Error {
    Error::from_raw_os_error(2)
}

fn reasons() -> Vec<(StartError, Page)> {
    let app = || APP.to_owned();
    vec![
        (
            StartError::NotStarted {
                program: "/usr/bin/kennel".into(),
                source: missing(),
            },
            (
                "Your Pets Cannot Be Shown",
                "/usr/bin/kennel could not be started (No such file",
                "",
                "Try Again",
            ),
        ),
        (
            StartError::Ended(examples::trouble()),
            (
                "Your Pets Cannot Be Shown",
                "The disk is on fire. Pour water on it.",
                "",
                "Try Again",
            ),
        ),
        (
            StartError::Connection(zbus::Error::InputOutput(missing().into())),
            (
                "Your Pets Cannot Be Shown",
                "The engine does not answer",
                "",
                "Try Again",
            ),
        ),
        (
            StartError::StrangeSandbox(missing()),
            (
                "Your Pets Cannot Be Shown",
                "The sandbox of this app is not understood",
                "",
                "Try Again",
            ),
        ),
        (
            StartError::HostCommand(HostCommandError::Descriptor(missing())),
            (
                "Your Pets Cannot Be Shown",
                "outside of the sandbox",
                "",
                "Try Again",
            ),
        ),
        (
            StartError::NoSessionHelper(HostCommandError::Descriptor(missing())),
            (
                "Flatpak’s Helper Does Not Answer",
                "Your pets keep running.",
                "systemctl --user restart flatpak-session-helper.service",
                "Try Again",
            ),
        ),
        (
            StartError::NotPermitted { app: app() },
            (
                "Kennel May Not Leave Its Sandbox",
                "Give it back",
                "flatpak override --user --talk-name=org.freedesktop.Flatpak",
                "Close Kennel",
            ),
        ),
        (
            StartError::Replaced { app: app() },
            (
                "Kennel Was Updated",
                "no longer installed",
                "flatpak run",
                "Close Kennel",
            ),
        ),
        (
            StartError::OtherArchitecture {
                app: app(),
                made_for: "x86_64".to_owned(),
                computer: "aarch64".to_owned(),
            },
            (
                "Kennel Is for Another Computer",
                "made for x86_64, and this computer is aarch64",
                "flatpak install --arch=aarch64",
                "Close Kennel",
            ),
        ),
    ]
}

#[gtk::test]
fn each_reason_has_its_page_with_the_way_on() {
    for (reason, (title, text, command, button)) in reasons() {
        let engine = FakeEngine::default();
        engine.cannot_start(reason);
        let window = Window::open(&engine);
        window.sees(title);
        window.sees(text);
        window.sees(command);
        window.may_press(button);
        assert_eq!(window.alerts(), [""; 0], "{title}");
    }
}

#[gtk::test]
fn an_engine_of_another_version_asks_for_another_start_of_the_app() {
    let engine = FakeEngine::default();
    engine.speaks(99);
    let window = Window::open(&engine);
    window.sees("Kennel Was Updated");
    window.sees("the engine speaks version 99");
    window.may_press("Close Kennel");
}

#[gtk::test]
fn trying_again_may_succeed() {
    let engine = FakeEngine::with_pet();
    engine.cannot_start(StartError::Ended(examples::trouble()));
    let window = Window::open(&engine);
    window.press("Try Again");
    window.sees(examples::NAME);
    window.sees_no_more("Your Pets Cannot Be Shown");
}

#[gtk::test]
fn trying_again_may_fail_for_another_reason() {
    let engine = FakeEngine::default();
    engine.cannot_start(StartError::Ended(examples::trouble()));
    engine.cannot_start(StartError::Replaced {
        app: APP.to_owned(),
    });
    let window = Window::open(&engine);
    window.press("Try Again");
    window.sees("Kennel Was Updated");
    window.may_press("Close Kennel");
}

#[gtk::test]
fn an_impatient_person_starts_one_engine() {
    let engine = FakeEngine::default();
    engine.cannot_start(StartError::Ended(examples::trouble()));
    let window = Window::open(&engine);
    window.may_press("Try Again");
    engine.hangs("Handshake");
    window.press("Try Again");
    window.wait("the button waits", || !window.can_press("Try Again"));
    Window::settles();
    assert_eq!(engine.starts(), 2);
}
