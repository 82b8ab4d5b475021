//! Every way in which the engine can fail a person, and what they see then: one file a screen.
//!
//! Each test asserts what is on the screen: that the error is told once, with what to do, that what was
//! not done is shown as not done, and that there is a way on.

mod activity;
mod apps;
mod capabilities;
mod creating;
mod doctor;
mod images;
mod list;
mod lost;
mod names;
mod new_pet;
mod no_engine;
mod preferences;
mod questions;
mod running;
mod security;
mod settings;
mod setup;
mod terminals;
mod usage;
