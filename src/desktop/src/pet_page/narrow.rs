//! The page where there is little room.

use std::cell::Cell;

use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{PetPage, PetPageInput, PetPageWidgets};

/// On a narrow page the switcher goes to the bottom, and the pet's name takes its place.
pub(super) fn breakpoint(
    widgets: &PetPageWidgets,
    sender: &ComponentSender<PetPage>,
) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(at_most(500.0, adw::LengthUnit::Sp));
    // Only there: its buttons would take time of every page that opens.
    let stack = widgets.stack.to_value();
    breakpoint.add_setter(&widgets.bottom, "stack", Some(&stack));
    breakpoint.add_setter(&widgets.bottom, "reveal", Some(&true.to_value()));
    without_title(&breakpoint, widgets, sender);
    breakpoint
}

/// Where large text leaves no room for the captions at the bottom, the icons stay; who points at one
/// or hears the screen has the captions still.
pub(super) fn icons_alone(
    widgets: &PetPageWidgets,
    sender: &ComponentSender<PetPage>,
) -> adw::Breakpoint {
    let room = room_for_captions(&widgets.stack);
    let breakpoint = adw::Breakpoint::new(at_most(room - 1.0, adw::LengthUnit::Sp));
    let stack = widgets.stack.to_value();
    breakpoint.add_setter(&widgets.icons, "stack", Some(&stack));
    breakpoint.add_setter(&widgets.icons_bar, "visible", Some(&true.to_value()));
    without_title(&breakpoint, widgets, sender);
    breakpoint
}

thread_local! {
    /// Measured once: the captions of all pets' pages are the same.
    static ROOM: Cell<Option<f64>> = const { Cell::new(None) };
}

/// Around each caption, and around all.
const AROUND: (i32, i32) = (12, 24);

/// How wide a page is at least for the captions below its icons to be whole, in pixels of text of the
/// usual size. What a switcher says of itself is more: its buttons would rather be large.
fn room_for_captions(stack: &adw::ViewStack) -> f64 {
    ROOM.get().unwrap_or_else(|| {
        let bar = adw::ViewSwitcherBar::builder()
            .stack(stack)
            .reveal(true)
            .build();
        let mut captions = Vec::new();
        measure_captions(bar.upcast_ref(), &mut captions);
        bar.set_stack(None);
        let room = in_a_row(&captions);
        let room = adw::LengthUnit::Sp.from_px(f64::from(room), Some(&bar.settings()));
        ROOM.set(Some(room));
        room
    })
}

/// Each button of a switcher has its icon and its caption in a stack.
fn measure_captions(inside: &gtk::Widget, captions: &mut Vec<i32>) {
    if inside.is::<gtk::Stack>() {
        captions.push(inside.measure(gtk::Orientation::Horizontal, -1).1);
        return;
    }
    let mut part = inside.first_child();
    while let Some(child) = part {
        measure_captions(&child, captions);
        part = child.next_sibling();
    }
}

/// All buttons are as wide as the widest.
fn in_a_row(captions: &[i32]) -> i32 {
    let (each, all) = AROUND;
    let widest = captions.iter().max().map_or(0, |widest| widest + each);
    widest * captions.len() as i32 + all
}

/// The pet's name in place of the switcher.
fn without_title(
    breakpoint: &adw::Breakpoint,
    widgets: &PetPageWidgets,
    sender: &ComponentSender<PetPage>,
) {
    let none = None::<gtk::Widget>.to_value();
    breakpoint.add_setter(&widgets.header, "title-widget", Some(&none));
    let (applied, unapplied) = (sender.clone(), sender.clone());
    breakpoint.connect_apply(move |_| applied.input(PetPageInput::Rearranged));
    breakpoint.connect_unapply(move |_| unapplied.input(PetPageInput::Rearranged));
}

/// Where the captions of the switcher do not fit beside its icons, they go below them. How much
/// room they take is known when they are shown first: it depends on language and font.
pub(super) fn captions_below(widgets: &PetPageWidgets) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(at_most(0.0, adw::LengthUnit::Px));
    let narrow = adw::ViewSwitcherPolicy::Narrow.to_value();
    breakpoint.add_setter(&widgets.switcher, "policy", Some(&narrow));
    let (header, told) = (widgets.header.downgrade(), breakpoint.downgrade());
    widgets.switcher.connect_map(move |switcher| {
        if switcher.policy() == adw::ViewSwitcherPolicy::Wide
            && let (Some(header), Some(breakpoint)) = (header.upgrade(), told.upgrade())
        {
            // The natural width of a header counts its wider side twice, to centre the title.
            let (header, _, _, _) = header.measure(gtk::Orientation::Horizontal, -1);
            let (least, natural, _, _) = switcher.measure(gtk::Orientation::Horizontal, -1);
            let room = f64::from(header - least + natural - 1);
            breakpoint.set_condition(Some(&at_most(room, adw::LengthUnit::Px)));
        }
    });
    breakpoint
}

fn at_most(width: f64, unit: adw::LengthUnit) -> adw::BreakpointCondition {
    adw::BreakpointCondition::new_length(adw::BreakpointConditionLengthType::MaxWidth, width, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_caption_counts() {
        assert_eq!(in_a_row(&[55, 40, 55, 50]), 4 * 67 + 24);
        assert_eq!(in_a_row(&[]), 24);
    }
}
