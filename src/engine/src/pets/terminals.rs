//! What terminals need to know of pets and of the person.

use std::fs;
use std::path::PathBuf;

use kennel_model::PetSpec;

use super::{Kennel, KennelError, bridge};
use crate::bridge::directory::in_pet;
use crate::config::ConfigFile;
use crate::terminals::{self, Terminal};

impl Kennel {
    /// The terminal to open outside of the app: the person's choice, else their company's, else
    /// the desktop's.
    pub fn terminal(&self) -> Result<Terminal, KennelError> {
        let [company, own] = ConfigFile::load(&self.places())?.map(|file| file.terminal);
        Ok(terminals::choose(
            own.or(company).as_deref(),
            terminals::find,
        )?)
    }

    /// Where these files of the host are in `spec`, which runs; `None` for each that is not there.
    pub fn in_pet(
        &self,
        spec: &PetSpec,
        files: &[PathBuf],
    ) -> Result<Vec<Option<String>>, KennelError> {
        let running = self.paths.running(&spec.id);
        let places = bridge::read_places(&running).map_err(KennelError::io(&running))?;
        let inside = |file: &PathBuf| {
            // A link on the way, as /home is one on some systems, leads to another place.
            let real = fs::canonicalize(file).ok();
            in_pet(file, &places).or_else(|| in_pet(real.as_deref()?, &places))
        };
        let text = |path: PathBuf| path.into_os_string().into_string().ok();
        Ok(files
            .iter()
            .map(|file| inside(file).and_then(text))
            .collect())
    }
}
