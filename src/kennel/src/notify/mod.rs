//! `kennel notify`: one alert as a desktop notification, for the keeper.

mod language;

use std::io::BufRead as _;

use kennel_engine::notify;
use kennel_model::UserError;
use tokio::io::AsyncReadExt as _;

/// Shows the pet in the app.
pub fn show_pet(id: &str) -> Result<(), UserError> {
    let id = id.parse().map_err(|error: kennel_model::InvalidName| {
        UserError::verbatim(
            "bad-id",
            "that is not a pet's id",
            "choose one of kennel list --json",
        )
        .caused_by(&error)
    })?;
    notify::show_pet(&id).map_err(|error| {
        UserError::verbatim("show", "the window could not be shown", "open Kennel")
            .caused_by(&error)
    })
}

/// Reads a `Notice`, a line of JSON, from standard input, and shows it until that ends.
pub fn run() -> Result<(), UserError> {
    let failed = |error: &dyn std::error::Error| {
        UserError::verbatim(
            "notify",
            "the notification could not be shown",
            "kennel logs has the alert",
        )
        .caused_by(error)
    };
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| failed(&error))?;
    let notice: kennel_engine::alerts::Notice =
        serde_json::from_str(&line).map_err(|error| failed(&error))?;
    let stays = notice.outlives_keeper();
    let over = async move {
        if stays {
            std::future::pending::<()>().await;
        }
        // Nothing more is written there: any answer is its end.
        let input = rustix::stdio::stdin().try_clone_to_owned();
        let input = input.and_then(tokio::net::unix::pipe::Receiver::from_owned_fd);
        if let Ok(mut input) = input {
            let _ = input.read(&mut [0]).await;
        }
    };
    notify::run(&notice, over, language::of).map_err(|error| failed(&error))
}
