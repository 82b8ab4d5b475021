//! `kennel scopes`: asks the person's systemd for the control groups of a pet, for its keeper.

use kennel_engine::cgroup::place::make_scopes;
use kennel_model::UserError;

/// Reads what is wanted from standard input, and writes whether it is there.
pub fn run() -> Result<(), UserError> {
    let failed = |error: &dyn std::error::Error| {
        UserError::verbatim(
            "scopes",
            "the pet's control group could not be asked for",
            "start the pet again",
        )
        .caused_by(error)
    };
    let request = serde_json::from_reader(std::io::stdin()).map_err(|error| failed(&error))?;
    serde_json::to_writer(std::io::stdout(), &make_scopes(&request)).map_err(|error| failed(&error))
}
