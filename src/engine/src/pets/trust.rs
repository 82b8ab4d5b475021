//! Showing and changing what the person trusts.

use std::fs::File;

use kennel_model::TrustList;
use nix::fcntl::Flock;

use super::registry::lock_exclusively;
use super::{Kennel, KennelError};
use crate::config::{ConfigFile, TrustEdit};
use crate::files;

impl Kennel {
    /// What the person and their company trust.
    pub fn trust_list(&self) -> Result<TrustList, KennelError> {
        let [company, own] = ConfigFile::load(&self.places())?.map(|file| file.trust);
        Ok(TrustList { own, company })
    }

    /// Changes what the person trusts; what holds then.
    pub fn change_trust(&self, edit: &TrustEdit) -> Result<TrustList, KennelError> {
        let _one_at_a_time = self.lock_config()?;
        edit.make(&self.places())?;
        self.trust_list()
    }

    /// Held while the person's configuration is changed: two changes at once must not lose one.
    pub(super) fn lock_config(&self) -> Result<Flock<File>, KennelError> {
        let data = &self.paths.data;
        files::make_private(data).map_err(KennelError::io(data))?;
        lock_exclusively(&data.join("config.lock"))
    }
}
