//! Rows for the thresholds of alerts, in the preferences and in a pet's settings.

use std::cell::Cell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{AlertSettings, AlertThresholds, FreePercent, Percent, Seconds, Within};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// The rows.
#[derive(Debug)]
pub struct Thresholds {
    cpu: adw::SpinRow,
    seconds: adw::SpinRow,
    memory: adw::SpinRow,
    disk: adw::SpinRow,
    /// They are being set, by nobody's hand.
    showing: Rc<Cell<bool>>,
}

impl Thresholds {
    /// Adds them to `group`; each change is told to `changed`, as the one thing that it sets.
    pub fn add_to(
        group: &adw::PreferencesGroup,
        changed: impl Fn(AlertSettings) + Clone + 'static,
    ) -> Self {
        let showing = Rc::new(Cell::new(false));
        let told = |set: fn(u32) -> AlertSettings| {
            let (changed, showing) = (changed.clone(), showing.clone());
            move |number: u32| {
                if !showing.get() {
                    changed(set(number));
                }
            }
        };
        let rows = Self {
            cpu: row::<{ Percent::MIN }, { Percent::MAX }>(
                &gettext("Processor, in Percent"),
                &gettext("Of what the pet may use"),
                5.0,
                told(|number| AlertSettings {
                    cpu_percent: number.try_into().ok(),
                    ..AlertSettings::default()
                }),
            ),
            seconds: row::<{ Seconds::MIN }, { Seconds::MAX }>(
                &gettext("Duration, in Seconds"),
                &gettext("So that a short build raises no alert"),
                10.0,
                told(|number| AlertSettings {
                    cpu_seconds: number.try_into().ok(),
                    ..AlertSettings::default()
                }),
            ),
            memory: row::<{ Percent::MIN }, { Percent::MAX }>(
                &gettext("Memory, in Percent"),
                &gettext("Of the pet’s limit, where it has one"),
                5.0,
                told(|number| AlertSettings {
                    memory_percent: number.try_into().ok(),
                    ..AlertSettings::default()
                }),
            ),
            disk: row::<{ FreePercent::MIN }, { FreePercent::MAX }>(
                &gettext("Free Disk Space, in Percent"),
                &gettext("Of the disk that your pets are on"),
                1.0,
                told(|number| AlertSettings {
                    disk_free_percent: number.try_into().ok(),
                    ..AlertSettings::default()
                }),
            ),
            showing,
        };
        for row in rows.all() {
            group.add(row);
        }
        rows
    }

    /// Sets the rows.
    pub fn show(&self, thresholds: AlertThresholds) {
        self.showing.set(true);
        set(&self.cpu, thresholds.cpu_percent);
        set(&self.seconds, thresholds.cpu_seconds);
        set(&self.memory, thresholds.memory_percent);
        set(&self.disk, thresholds.disk_free_percent);
        self.showing.set(false);
    }

    /// Whether they are there.
    pub fn set_visible(&self, visible: bool) {
        for row in self.all() {
            row.set_visible(visible);
        }
    }

    fn all(&self) -> [&adw::SpinRow; 4] {
        [&self.cpu, &self.seconds, &self.memory, &self.disk]
    }
}

fn row<const MIN: u32, const MAX: u32>(
    title: &str,
    subtitle: &str,
    step: f64,
    changed: impl Fn(u32) + 'static,
) -> adw::SpinRow {
    let range = gtk::Adjustment::new(
        f64::from(MIN),
        f64::from(MIN),
        f64::from(MAX),
        step,
        step,
        0.0,
    );
    let row = adw::SpinRow::builder()
        .adjustment(&range)
        .title(title)
        .subtitle(subtitle)
        // Of itself it has none, and then no screen reader finds its number.
        .accessible_role(gtk::AccessibleRole::ListItem)
        .build();
    // A whole number within the range of the row.
    row.connect_value_notify(move |row| changed(row.value() as u32));
    row
}

fn set<const MIN: u32, const MAX: u32>(row: &adw::SpinRow, number: Within<MIN, MAX>) {
    // Also the same value would be written over what somebody types.
    if row.value() as u32 != number.get() {
        row.set_value(f64::from(number.get()));
    }
}
