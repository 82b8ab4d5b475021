//! `[alerts]`: from when on a person is told about their pets.

use kennel_model::{AlertDefaults, AlertThresholds};

use super::{ConfigError, ConfigFile, Places};

/// What holds for a pet without settings of its own. The company's file is a proposal: alerts are
/// for the person, whose own file has the last word.
pub fn alert_defaults(places: &Places) -> Result<AlertDefaults, ConfigError> {
    let [company, own] = ConfigFile::load(places)?.map(|file| file.alerts);
    Ok(AlertDefaults {
        own,
        thresholds: company.with(own).over(AlertThresholds::default()),
    })
}
