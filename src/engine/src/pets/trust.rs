//! Showing and changing what the person trusts.

use kennel_model::TrustList;

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
        let data = &self.paths.data;
        files::make_private(data).map_err(KennelError::io(data))?;
        // Two changes at once must not lose one.
        let _one_at_a_time = lock_exclusively(&data.join("config.lock"))?;
        edit.make(&self.places())?;
        self.trust_list()
    }
}
