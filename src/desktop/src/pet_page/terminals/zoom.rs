//! How large the text is, the same in all terminals, and remembered.

use relm4::gtk::gio;
use relm4::gtk::prelude::*;

use crate::settings;

const KEY: &str = "terminal-zoom";

/// The sizes there are, in hundredths of the desktop's own.
const STEPS: [i32; 13] = [50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300];

/// What the person wants of the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// The next larger.
    In,
    /// The next smaller.
    Out,
    /// The desktop's own.
    Reset,
}

impl Zoom {
    /// What comes after `percent`.
    fn from(self, percent: i32) -> i32 {
        let larger = STEPS.into_iter().find(|step| *step > percent);
        let smaller = STEPS.into_iter().rev().find(|step| *step < percent);
        match self {
            Self::In => larger.unwrap_or(percent),
            Self::Out => smaller.unwrap_or(percent),
            Self::Reset => 100,
        }
    }
}

/// The size of the text.
#[derive(Debug)]
pub struct Size {
    percent: i32,
    /// Where it is remembered, if it can be.
    settings: Option<gio::Settings>,
}

impl Size {
    /// The remembered one. `changed` hears of one that another window or pet chose.
    pub fn remembered(changed: impl Fn() + 'static) -> Self {
        let settings = settings::load();
        if let Some(settings) = &settings {
            settings.connect_changed(Some(KEY), move |_, _| changed());
        }
        let mut size = Self {
            percent: 100,
            settings,
        };
        size.read();
        size
    }

    /// Reads it again.
    pub fn read(&mut self) {
        if let Some(settings) = &self.settings {
            self.percent = settings.int(KEY);
        }
    }

    /// Chooses another one.
    pub fn change(&mut self, zoom: Zoom) {
        self.percent = zoom.from(self.percent);
        if let Some(settings) = &self.settings {
            // One that is not written is still the size of this window.
            let _ = settings.set_int(KEY, self.percent);
        }
    }

    /// As a factor of the desktop's own.
    pub fn scale(&self) -> f64 {
        f64::from(self.percent) / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_up_and_down_and_end() {
        assert_eq!(Zoom::In.from(100), 110);
        assert_eq!(Zoom::Out.from(100), 90);
        assert_eq!(Zoom::In.from(300), 300);
        assert_eq!(Zoom::Out.from(50), 50);
        assert_eq!(Zoom::Reset.from(250), 100);
    }

    #[test]
    fn a_size_between_two_steps_leads_to_them() {
        assert_eq!(Zoom::In.from(103), 110);
        assert_eq!(Zoom::Out.from(103), 100);
    }
}
