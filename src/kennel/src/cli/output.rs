//! Answers and questions: JSON on standard output, a yes or no on the terminal.

use std::io::{IsTerminal, Write};

use kennel_model::UserError;
use serde::Serialize;

/// Asks on a terminal; elsewhere the flag must say it.
pub fn confirm(said: bool, question: &str) -> Result<(), UserError> {
    if said {
        return Ok(());
    }
    let refused = || {
        UserError::new(
            "unconfirmed",
            "nothing was deleted",
            "say --yes to do it without being asked",
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(refused());
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(refused())
    }
}

/// Prints `value` for a program to read.
pub fn print_json<T: Serialize>(value: &T) -> Result<(), UserError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| UserError::new("json", error.to_string(), "report this as a bug"))?;
    // A reader that closed the pipe has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}
