//! The colours of a graph: everything that says something can be told from what is behind it.

use relm4::adw;
use relm4::gtk::gdk;

use crate::contrast::{Colour, VISIBLE, contrast, over};

/// How much of the text's colour what is behind the lines has.
const BEHIND: f32 = 0.05;
/// How much of the text's colour the lines of the quarters have, which say nothing.
const QUARTERS: f32 = 0.07;
/// How much of the text's colour the line of a limit has.
const LIMIT: f32 = 0.75;
/// How much of its colour the area below the first line has.
const AREA: f32 = 0.2;
/// How much of the text's colour a row under the pointer gets.
const HOVERED: f64 = 0.04;
/// The step in which a line that is too pale comes nearer to the text's colour.
const STEP: f64 = 0.05;

/// The colours of the moment.
#[derive(Debug, Clone, Copy)]
pub struct Colors {
    /// Of the text around the graph.
    text: gdk::RGBA,
    /// Of the first line.
    pub first: gdk::RGBA,
    /// Of the second one.
    pub second: gdk::RGBA,
    /// For people who need high contrast.
    pub strong: bool,
}

impl Colors {
    /// Those of the desktop's style, where text has this colour.
    pub fn of_now(text: gdk::RGBA) -> Self {
        let style = adw::StyleManager::default();
        let accent = style.accent_color();
        let (dark, strong) = (style.is_dark(), style.is_high_contrast());
        let of = |accent: adw::AccentColor| accent.to_standalone_rgba(dark);
        Self::of([of(accent), of(beside(accent))], text, dark, strong)
    }

    /// Those of two lines. A colour that is too pale for a line is mixed with the text's.
    fn of([first, second]: [gdk::RGBA; 2], text: gdk::RGBA, dark: bool, strong: bool) -> Self {
        let plain = Self {
            text,
            first,
            second,
            strong,
        };
        // A row under the pointer is darker, or lighter.
        let behind = [0.0, HOVERED].map(|tint| {
            let row = over(parts(text), f64::from(text.alpha()) * tint, card(dark));
            mixed(plain.behind(), row)
        });
        let first = seen(first, text, &behind);
        let area = behind.map(|behind| mixed(first.with_alpha(AREA), behind));
        Self {
            first,
            second: seen(second, text, &[behind, area].concat()),
            ..plain
        }
    }

    /// Behind the lines.
    pub fn behind(&self) -> gdk::RGBA {
        self.faint(BEHIND)
    }

    /// The lines of the quarters.
    pub fn quarters(&self) -> gdk::RGBA {
        self.faint(QUARTERS)
    }

    /// The line of a limit.
    pub fn limit(&self) -> gdk::RGBA {
        self.faint(LIMIT)
    }

    /// Below the first line.
    pub fn area(&self) -> gdk::RGBA {
        self.first.with_alpha(AREA)
    }

    /// Faint, but less so in high contrast.
    fn faint(&self, share: f32) -> gdk::RGBA {
        let share = if self.strong {
            (share * 2.5).min(1.0)
        } else {
            share
        };
        self.text.with_alpha(self.text.alpha() * share)
    }
}

/// An accent that is told from this one.
fn beside(accent: adw::AccentColor) -> adw::AccentColor {
    match accent {
        adw::AccentColor::Orange | adw::AccentColor::Yellow | adw::AccentColor::Red => {
            adw::AccentColor::Blue
        }
        _ => adw::AccentColor::Orange,
    }
}

/// What libadwaita 1.7 draws cards with, in a window: white, and 8 % of white on the window's.
fn card(dark: bool) -> Colour {
    if dark {
        let window = [0x22, 0x22, 0x26].map(|part: u8| f64::from(part) / 255.0);
        over([1.0; 3], 0.08, window)
    } else {
        [1.0; 3]
    }
}

fn parts(color: gdk::RGBA) -> Colour {
    [color.red(), color.green(), color.blue()].map(f64::from)
}

fn mixed(front: gdk::RGBA, back: Colour) -> Colour {
    over(parts(front), f64::from(front.alpha()), back)
}

/// The colour, with as much of the text's as it takes to be seen on all of `backs`.
fn seen(color: gdk::RGBA, text: gdk::RGBA, backs: &[Colour]) -> gdk::RGBA {
    let mut share = 0.0;
    loop {
        let part = over(parts(text), share, parts(color));
        let visible = |back: &Colour| contrast(part, *back) >= VISIBLE;
        if share >= 1.0 || backs.iter().all(visible) {
            let [red, green, blue] = part.map(|part| part as f32);
            return gdk::RGBA::new(red, green, blue, color.alpha());
        }
        share += STEP;
    }
}

#[cfg(test)]
mod tests {
    use relm4::gtk;

    use super::*;
    use crate::contrast::READABLE;

    const ACCENTS: [adw::AccentColor; 9] = [
        adw::AccentColor::Blue,
        adw::AccentColor::Teal,
        adw::AccentColor::Green,
        adw::AccentColor::Yellow,
        adw::AccentColor::Orange,
        adw::AccentColor::Red,
        adw::AccentColor::Pink,
        adw::AccentColor::Purple,
        adw::AccentColor::Slate,
    ];
    fn rgba(color: u32) -> gdk::RGBA {
        let [red, green, blue] = [16, 8, 0].map(|shift| ((color >> shift) & 0xff) as f32 / 255.0);
        gdk::RGBA::new(red, green, blue, 1.0)
    }

    /// Text as libadwaita has it, light and dark, and in high contrast.
    fn text(dark: bool, strong: bool) -> gdk::RGBA {
        match (dark, strong) {
            (true, _) => rgba(0x00ff_ffff),
            (false, false) => rgba(0x0000_0006).with_alpha(0.8),
            (false, true) => rgba(0x0000_0006),
        }
    }

    /// Each style with each accent.
    fn each(look: impl Fn(Colors, Colour, &str)) {
        adw::init().expect("a display");
        for (dark, strong) in [(false, false), (false, true), (true, false), (true, true)] {
            for accent in ACCENTS {
                let lines = [accent, beside(accent)].map(|it| it.to_standalone_rgba(dark));
                let text = text(dark, strong);
                let colors = Colors::of(lines, text, dark, strong);
                for tint in [0.0, HOVERED] {
                    let row = over(parts(text), f64::from(text.alpha()) * tint, card(dark));
                    let behind = mixed(colors.behind(), row);
                    let what = format!("{accent:?}, dark {dark}, high contrast {strong}");
                    look(colors, behind, &what);
                }
            }
        }
    }

    #[gtk::test]
    fn every_line_can_be_seen_on_what_is_behind_it() {
        each(|colors, behind, what| {
            let area = mixed(colors.area(), behind);
            for (name, line, back) in [
                ("first", colors.first, behind),
                ("second", colors.second, behind),
                ("second on the area", colors.second, area),
                ("limit", colors.limit(), behind),
                ("limit on the area", colors.limit(), area),
            ] {
                let ratio = contrast(mixed(line, back), back);
                assert!(ratio >= VISIBLE, "{name}: {ratio:.2} ({what})");
            }
        });
    }

    #[gtk::test]
    fn the_label_in_a_graph_can_be_read() {
        each(|colors, behind, what| {
            for back in [behind, mixed(colors.area(), behind)] {
                let ratio = contrast(mixed(colors.text, back), back);
                assert!(ratio >= READABLE, "{ratio:.2} ({what})");
            }
        });
    }

    #[test]
    fn a_pale_line_gets_as_much_of_the_texts_colour_as_it_needs() {
        let (text, pale) = (rgba(0x0000_0006), rgba(0x00ff_eeaa));
        let line = seen(pale, text, &[[1.0; 3]]);
        let ratio = contrast(parts(line), [1.0; 3]);
        assert!((VISIBLE..VISIBLE + 0.6).contains(&ratio), "{ratio}");
        let enough = rgba(0x0004_61be);
        assert_eq!(seen(enough, text, &[[1.0; 3]]), enough);
    }

    #[test]
    fn dimmed_text_would_be_too_pale() {
        let text = text(false, false);
        let dimmed = text.with_alpha(text.alpha() * 0.55);
        assert!(contrast(mixed(dimmed, card(false)), card(false)) < READABLE);
    }
}
