//! Changing when the person is told about their pets.

use std::path::Path;

use kennel_model::AlertSettings;
use toml_edit::{DocumentMut, Value};

use super::{change, set, table};
use crate::config::{ConfigError, Places};

/// Makes `[alerts]` of the person's file say `settings`; a key that they leave open is taken out.
pub fn set_alerts(places: &Places, settings: &AlertSettings) -> Result<(), ConfigError> {
    change(places, |document, path| apply(document, path, settings))
}

fn apply(
    document: &mut DocumentMut,
    path: &Path,
    settings: &AlertSettings,
) -> Result<(), ConfigError> {
    let number = |number: Option<u32>| number.map(|number| Value::from(i64::from(number)));
    let keys = [
        ("enabled", settings.enabled.map(Value::from)),
        ("cpu_percent", number(settings.cpu_percent.map(u32::from))),
        ("cpu_seconds", number(settings.cpu_seconds.map(u32::from))),
        (
            "memory_percent",
            number(settings.memory_percent.map(u32::from)),
        ),
        (
            "disk_free_percent",
            number(settings.disk_free_percent.map(u32::from)),
        ),
    ];
    let alerts = table(document, "alerts", path)?;
    for (key, value) in keys {
        match value {
            Some(value) => set(alerts, key, value),
            None => drop(alerts.remove(key)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::applied;
    use super::*;

    #[test]
    fn what_is_set_is_written_and_comments_stay() {
        let before = "version = 1\n[alerts]\n# my fan is loud\ncpu_percent = 70 # was 80\nmemory_percent = 50\n";
        let settings = AlertSettings {
            enabled: Some(false),
            cpu_percent: "75".parse().ok(),
            ..AlertSettings::default()
        };
        let path = Path::new("/home/p/.config/kennel/config.toml");
        let text = applied(before, path, |document, path| {
            apply(document, path, &settings)
        })
        .unwrap();
        assert_eq!(
            text,
            "version = 1\n[alerts]\n# my fan is loud\ncpu_percent = 75 # was 80\nenabled = false\n"
        );
    }
}
