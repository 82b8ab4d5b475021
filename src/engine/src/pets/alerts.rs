//! Alerts that stand, and when the person wants to be told.

use kennel_model::{Alert, AlertDefaults, AlertSettings, PetId};

use super::{Kennel, KennelError};
use crate::config;
use crate::runtime::keeper::alerts_file;

impl Kennel {
    /// What the person is told about the pet `id` now.
    pub fn alerts(&self, id: &PetId) -> Vec<Alert> {
        let text = std::fs::read(alerts_file(&self.paths.running(id)));
        text.ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    /// What holds for pets without settings of their own.
    pub fn alert_defaults(&self) -> Result<AlertDefaults, KennelError> {
        Ok(config::alert_defaults(&self.places())?)
    }

    /// Sets the person's settings for all pets; what holds then.
    pub fn set_alerts(&self, settings: &AlertSettings) -> Result<AlertDefaults, KennelError> {
        let _one_at_a_time = self.lock_config()?;
        config::set_alerts(&self.places(), settings)?;
        self.alert_defaults()
    }
}
