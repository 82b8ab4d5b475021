//! `kennel stage VERB`: works as root of the person's user namespace, then ends.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use kennel_engine::apps::scan;
use kennel_engine::doctor::probe_stage;
use kennel_engine::extract::{ExtractLimits, remove_tree, tree_bytes, unpack_stage};
use kennel_engine::runtime::delegation::empty_group;
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
    /// Print the bytes that trees occupy, a line each.
    Measure {
        /// The trees.
        trees: Vec<PathBuf>,
    },
    /// Try an overlay in an existing empty directory.
    Probe {
        /// The directory.
        directory: PathBuf,
    },
    /// Look for apps and the like in a pet's files.
    Look {
        /// A `Query` as JSON.
        query: String,
    },
    /// Remove the control groups below one.
    EmptyGroup {
        /// The group.
        path: PathBuf,
    },
    /// Delete a tree.
    Remove {
        /// The tree.
        path: PathBuf,
    },
}

/// Runs the stage; the error is for the parent process.
pub fn run(verb: &StageVerb) -> Result<(), String> {
    match verb {
        StageVerb::Remove { path } => {
            let path = become_root_beside(path)?;
            remove_tree(&path).map_err(|error| error.to_string())
        }
        StageVerb::Probe { directory } => {
            let directory = become_root_beside(directory)?;
            probe_stage(&directory).map_err(|error| error.to_string())
        }
        StageVerb::Look { query } => {
            let query = serde_json::from_str(query).map_err(|error| error.to_string())?;
            become_namespace_root().map_err(|error| error.to_string())?;
            let found = scan::run(&query).map_err(|error| error.to_string())?;
            let text = serde_json::to_string(&found).map_err(|error| error.to_string())?;
            writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
        }
        StageVerb::EmptyGroup { path } => {
            become_namespace_root().map_err(|error| error.to_string())?;
            empty_group(path).map_err(|error| error.to_string())
        }
        StageVerb::Measure { trees } => {
            become_namespace_root().map_err(|error| error.to_string())?;
            for tree in trees {
                println!("{}", tree_bytes(tree).map_err(|error| error.to_string())?);
            }
            Ok(())
        }
        StageVerb::Unpack {
            target,
            tolerate_chown,
        } => {
            let target = become_root_beside(target)?;
            let limits = ExtractLimits {
                tolerate_chown: *tolerate_chown,
                ..ExtractLimits::default()
            };
            let report = unpack_stage(std::io::stdin(), &target, &limits);
            let text = serde_json::to_string(&report).map_err(|error| error.to_string())?;
            writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
        }
    }
}

/// Changes into the directory that `path` is in, becomes root of the namespace, and returns what
/// `path` is called from there. In this order, because as root of the namespace folders whose
/// owner or group is not mapped could not be passed any more.
fn become_root_beside(path: &Path) -> Result<PathBuf, String> {
    std::env::set_current_dir(path.parent().unwrap_or(path))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    become_namespace_root().map_err(|error| error.to_string())?;
    Ok(Path::new(".").join(path.file_name().unwrap_or_default()))
}
