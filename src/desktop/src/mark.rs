//! The mark of a system: a rounded square in its colour with its initial, nobody's trademark.

use kennel_model::CatalogEntry;
use relm4::gtk;
use relm4::gtk::cairo;
use relm4::gtk::prelude::*;

use crate::contrast::{Colour, READABLE, contrast};

/// Side of the square, in pixels.
const SIZE: i32 = 32;

const WHITE: Colour = [1.0; 3];
const BLACK: Colour = [0.0; 3];
/// Where a colour does not read: a quiet grey.
const GREY: Colour = [0.37, 0.36, 0.39];

/// A mark that shows nothing yet.
pub fn empty() -> gtk::DrawingArea {
    gtk::DrawingArea::builder()
        .content_width(SIZE)
        .content_height(SIZE)
        .valign(gtk::Align::Center)
        // The title beside it says it in words.
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build()
}

/// The mark of `entry`.
pub fn of(entry: &CatalogEntry) -> gtk::DrawingArea {
    let mark = empty();
    show(&mark, entry);
    mark
}

/// Makes `mark` that of `entry`.
pub fn show(mark: &gtk::DrawingArea, entry: &CatalogEntry) {
    let back = colour(&entry.icon.colour);
    let initial: String = initial(&entry.name);
    mark.set_draw_func(move |_, context, width, height| {
        // A surface that cannot be drawn on shows nothing, and the title says what it is.
        let _ = draw(context, f64::from(width.min(height)), back, &initial);
    });
    mark.queue_draw();
}

fn draw(
    context: &cairo::Context,
    size: f64,
    back: Colour,
    initial: &str,
) -> Result<(), cairo::Error> {
    use std::f64::consts::{FRAC_PI_2, PI};
    let radius = size / 4.0;
    context.arc(size - radius, radius, radius, -FRAC_PI_2, 0.0);
    context.arc(size - radius, size - radius, radius, 0.0, FRAC_PI_2);
    context.arc(radius, size - radius, radius, FRAC_PI_2, PI);
    context.arc(radius, radius, radius, PI, PI + FRAC_PI_2);
    context.close_path();
    context.set_source_rgb(back[0], back[1], back[2]);
    context.fill()?;
    let front = legible_on(back);
    context.set_source_rgb(front[0], front[1], front[2]);
    context.select_font_face("Sans", cairo::FontSlant::Normal, cairo::FontWeight::Bold);
    context.set_font_size(size * 0.55);
    let text = context.text_extents(initial)?;
    context.move_to(
        (size - text.width()) / 2.0 - text.x_bearing(),
        (size - text.height()) / 2.0 - text.y_bearing(),
    );
    context.show_text(initial)
}

fn initial(name: &str) -> String {
    let first = name.chars().find(|c| c.is_alphanumeric());
    first.map_or_else(String::new, |first| first.to_uppercase().collect())
}

/// `#rrggbb`.
fn colour(text: &str) -> Colour {
    let part = |at: usize| {
        let digits = text.strip_prefix('#')?.get(at..at + 2)?;
        Some(f64::from(u8::from_str_radix(digits, 16).ok()?) / 255.0)
    };
    match (part(0), part(2), part(4)) {
        (Some(red), Some(green), Some(blue)) => [red, green, blue],
        _ => GREY,
    }
}

/// White where its contrast is enough for text (4.5 to 1, WCAG 2.2, 1.4.3), else black: one of
/// them always is.
fn legible_on(back: Colour) -> Colour {
    if contrast(WHITE, back) >= READABLE {
        WHITE
    } else {
        BLACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_initial_can_be_read_on_its_colour() {
        for colour_text in [
            "#3584e4", "#e66100", "#a51d2d", "#e5a50a", "#26a269", "#000000", "#77767b", "no",
        ] {
            let back = colour(colour_text);
            let ratio = contrast(legible_on(back), back);
            assert!(ratio >= READABLE, "{colour_text}: {ratio}");
        }
    }

    #[test]
    fn an_initial_is_one_letter_or_digit() {
        assert_eq!(initial("(openSUSE)"), "O");
        assert_eq!(initial("3rd"), "3");
        assert_eq!(initial("…"), "");
    }
}
