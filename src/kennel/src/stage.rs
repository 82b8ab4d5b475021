//! `kennel stage VERB`: works as root of the person's user namespace, then ends.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kennel_engine::extract::{ExtractLimits, remove_tree, unpack_stage};
use kennel_engine::stage::become_namespace_root;

/// What a stage does.
#[derive(Debug, Subcommand)]
pub enum StageVerb {
    /// Unpack the layer on standard input.
    Unpack {
        /// An existing empty directory.
        target: PathBuf,
        /// Ids that are not mapped are passed over.
        #[arg(long)]
        tolerate_chown: bool,
    },
    /// Delete a tree.
    Remove {
        /// The tree.
        path: PathBuf,
    },
}

/// Runs the stage; the error is for the parent process.
pub fn run(verb: &StageVerb) -> Result<(), String> {
    let (StageVerb::Remove { path } | StageVerb::Unpack { target: path, .. }) = verb;
    let path = go_beside(path).map_err(|error| format!("{}: {error}", path.display()))?;
    become_namespace_root().map_err(|error| error.to_string())?;
    match verb {
        StageVerb::Remove { .. } => remove_tree(&path).map_err(|error| error.to_string()),
        StageVerb::Unpack { tolerate_chown, .. } => {
            let limits = ExtractLimits {
                tolerate_chown: *tolerate_chown,
                ..ExtractLimits::default()
            };
            let report = unpack_stage(std::io::stdin(), &path, &limits);
            let text = serde_json::to_string(&report).map_err(|error| error.to_string())?;
            writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
        }
    }
}

/// Changes into the directory that `path` is in, and returns what it is called from there. Done
/// as the person: as root of the namespace, folders whose owner or group is not mapped could not
/// be passed any more.
fn go_beside(path: &Path) -> std::io::Result<PathBuf> {
    std::env::set_current_dir(path.parent().unwrap_or(path))?;
    Ok(Path::new(".").join(path.file_name().unwrap_or_default()))
}
