//! A button whose label takes two lines where one would not fit, as with large text in a small window.

use relm4::gtk;
use relm4::gtk::prelude::*;

/// The button; its label is still to be set.
pub fn new() -> gtk::Button {
    // A button keeps its label's widget when the label changes.
    let button = gtk::Button::with_label("");
    if let Some(label) = button.child().and_downcast::<gtk::Label>() {
        label.set_wrap(true);
        // A high row would otherwise have it take two lines where there is room for one.
        label.set_natural_wrap_mode(gtk::NaturalWrapMode::None);
        label.set_justify(gtk::Justification::Center);
    }
    button
}

#[cfg(test)]
mod tests {
    use super::*;

    #[gtk::test]
    fn a_long_label_needs_less_width_than_its_line() {
        let button = new();
        button.set_label("Open in External Terminal");
        let (least, natural, _, _) = button.measure(gtk::Orientation::Horizontal, -1);
        assert!(least * 3 < natural * 2, "{least} of {natural}");
    }

    #[gtk::test]
    fn a_high_row_leaves_the_label_in_one_line() {
        let button = new();
        button.set_label("Choose Folder…");
        let natural = |height| button.measure(gtk::Orientation::Horizontal, height).1;
        assert_eq!(natural(100), natural(-1));
    }
}
