//! Component tests: the real window in front of an engine by script.
//!
//! ```text
//! test ──▶ Window ──▶ App … ──▶ engine::Engine ── D-Bus over a socket pair ──▶ FakeEngine
//!            ▲ presses, flips, reads what is on the screen                        ▲ answers, fails,
//!            └──────────────────────────── test ───────────────────────────────────┘ dies
//! ```
//!
//! Only the far end of the socket pair is made up, so the client, its errors and all of the window are
//! those that people use. A test says how the engine answers ([`FakeEngine`]), does what a person
//! does, and looks at what they would see ([`Window`]). Each has `#[gtk::test]`, which runs all of
//! them one after the other on one thread; they need a display (`tests/gui/with-display`).

pub mod engine;
pub mod examples;
pub mod screen;

pub use engine::FakeEngine;
pub use screen::Window;
