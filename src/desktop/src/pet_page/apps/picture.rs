//! The picture of an app's icon. The file is the pet's and may be made to harm: it is read at the size in
//! which it is shown, whatever size it says it has.

use relm4::gtk::gdk_pixbuf::Pixbuf;
use relm4::gtk::{gdk, gio, glib};

/// The width of an icon on the screen.
pub const SIZE: i32 = 32;

/// So many points it has in each direction, for screens where two are one.
const POINTS: i32 = 2 * SIZE;

/// No icon of a theme is wider.
const WIDEST: u32 = 1024;

/// The picture in `text`, a PNG or SVG file in base64.
pub fn of_app(text: &str) -> Option<gdk::Texture> {
    let bytes = glib::base64_decode(text);
    if !is_small(&bytes) {
        return None;
    }
    let stream = gio::MemoryInputStream::from_bytes(&glib::Bytes::from_owned(bytes));
    let picture =
        Pixbuf::from_stream_at_scale(&stream, POINTS, POINTS, true, gio::Cancellable::NONE);
    Some(gdk::Texture::for_pixbuf(&picture.ok()?))
}

/// Whether it takes little memory while it is read: a PNG is unpacked before it is made smaller.
fn is_small(bytes: &[u8]) -> bool {
    let is_png = bytes.starts_with(b"\x89PNG\r\n\x1a\n");
    // The first part of a PNG file begins with its width and height.
    let side = |at: usize| {
        let four = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    let fits = |side: Option<u32>| side.is_some_and(|side| side <= WIDEST);
    !is_png || (fits(side(16)) && fits(side(20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"><path d="M0 0h9v9z"/></svg>"#;

    #[test]
    fn what_is_no_picture_is_none() {
        for text in ["", "no base64!", &glib::base64_encode(b"<svg")] {
            assert!(of_app(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_giant_is_never_unpacked() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        for (width, height, small) in [(48, 48, true), (100_000, 48, false), (48, 100_000, false)] {
            png.truncate(16);
            png.extend(u32::to_be_bytes(width));
            png.extend(u32::to_be_bytes(height));
            assert_eq!(is_small(&png), small);
        }
        assert!(!is_small(&png[..18]));
    }

    #[test]
    fn a_drawing_is_as_large_as_it_is_shown() {
        // Where the computer has no reader of drawings there is nothing to see.
        if let Some(picture) = of_app(&glib::base64_encode(SVG.as_bytes())) {
            assert_eq!(
                (gdk::prelude::PaintableExt::intrinsic_width(&picture)),
                POINTS
            );
        }
    }
}
