//! The terminal's colours, after the desktop's light or dark style.
//!
//! Programs write text in any of the sixteen colours, so all that are meant as text can be read on
//! the background: at least 4.5 to 1 (WCAG 2.2, 1.4.3). White on the light and black on the dark
//! background are not; they are what programs put behind text.

use std::cell::RefCell;

use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk::gdk;
use vte4::TerminalExtManual as _;

/// Colours that go together, as `#rrggbb`.
struct Palette {
    foreground: &'static str,
    background: &'static str,
    /// Black, red, green, yellow, blue, magenta, cyan, white, then the same, bright.
    colours: [&'static str; 16],
}

const LIGHT: Palette = Palette {
    foreground: "#1e1e1e",
    background: "#ffffff",
    colours: [
        "#241f31", "#c01c28", "#1b7a43", "#8f5a00", "#1a5fb4", "#8a3aa8", "#0b6e84", "#c0bfbc",
        "#5e5c64", "#d01a29", "#1d7d2c", "#9a5b00", "#1c71d8", "#a347ba", "#00758c", "#f6f5f4",
    ],
};

const DARK: Palette = Palette {
    foreground: "#ffffff",
    background: "#1d1d20",
    colours: [
        "#241f31", "#f66151", "#33d17a", "#f5c211", "#62a0ea", "#c88fdb", "#33c7de", "#c0bfbc",
        "#9a9996", "#ff7b63", "#57e389", "#f9f06b", "#99c1f1", "#dc8add", "#93ddea", "#f6f5f4",
    ],
};

/// Paints `terminal` in the desktop's style, now and whenever that changes.
pub fn follow_style(terminal: &vte4::Terminal) {
    let style = adw::StyleManager::default();
    paint(terminal, style.is_dark());
    let weak = terminal.downgrade();
    let handler = RefCell::new(Some(style.connect_dark_notify(move |style| {
        if let Some(terminal) = weak.upgrade() {
            paint(&terminal, style.is_dark());
        }
    })));
    terminal.connect_destroy(move |_| {
        if let Some(handler) = handler.take() {
            style.disconnect(handler);
        }
    });
}

fn paint(terminal: &vte4::Terminal, dark: bool) {
    let colour = |text: &str| gdk::RGBA::parse(text).unwrap_or(gdk::RGBA::BLACK);
    let palette = if dark { DARK } else { LIGHT };
    let colours = palette.colours.map(colour);
    let colours: Vec<&gdk::RGBA> = colours.iter().collect();
    terminal.set_colors(
        Some(&colour(palette.foreground)),
        Some(&colour(palette.background)),
        &colours,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contrast::{self, READABLE};

    fn contrast(one: &str, other: &str) -> f64 {
        let parts = |colour: &str| {
            [1, 3, 5]
                .map(|at| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0)
        };
        contrast::contrast(parts(one), parts(other))
    }

    /// Checks every colour but those at `behind`, which stand behind text.
    fn check(palette: &Palette, behind: &[usize]) {
        for (index, colour) in palette.colours.into_iter().enumerate() {
            let ratio = contrast(colour, palette.background);
            assert_eq!(
                ratio >= READABLE,
                !behind.contains(&index),
                "{index} {colour}: {ratio:.2}"
            );
        }
        assert!(contrast(palette.foreground, palette.background) > 15.0);
    }

    #[test]
    fn the_ratio_is_wcags() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn text_in_any_colour_can_be_read_on_white() {
        check(&LIGHT, &[7, 15]);
    }

    #[test]
    fn text_in_any_colour_can_be_read_on_black() {
        check(&DARK, &[0]);
    }

    #[test]
    fn bright_white_can_be_read_on_every_colour_of_the_light_style() {
        for colour in [0, 1, 2, 3, 4, 5, 6].map(|index| LIGHT.colours[index]) {
            assert!(contrast(LIGHT.colours[15], colour) > READABLE, "{colour}");
        }
    }
}
