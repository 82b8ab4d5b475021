//! The page where there is little room.

use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{PetPage, PetPageInput, PetPageWidgets};

/// On a narrow page the switcher goes to the bottom, and the pet's name takes its place.
pub(super) fn breakpoint(
    widgets: &PetPageWidgets,
    sender: &ComponentSender<PetPage>,
) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        500.0,
        adw::LengthUnit::Sp,
    ));
    let none = None::<gtk::Widget>.to_value();
    breakpoint.add_setter(&widgets.header, "title-widget", Some(&none));
    // Only there: its buttons would take time of every page that opens.
    let stack = widgets.stack.to_value();
    breakpoint.add_setter(&widgets.bottom, "stack", Some(&stack));
    breakpoint.add_setter(&widgets.bottom, "reveal", Some(&true.to_value()));
    let (applied, unapplied) = (sender.clone(), sender.clone());
    breakpoint.connect_apply(move |_| applied.input(PetPageInput::Rearranged));
    breakpoint.connect_unapply(move |_| unapplied.input(PetPageInput::Rearranged));
    breakpoint
}

/// Where the captions of the switcher do not fit beside its icons, they go below them. How much
/// room they take is known when they are shown first: it depends on language and font.
pub(super) fn captions_below(widgets: &PetPageWidgets) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(at_most(0));
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
            breakpoint.set_condition(Some(&at_most(header - least + natural - 1)));
        }
    });
    breakpoint
}

fn at_most(pixels: i32) -> adw::BreakpointCondition {
    adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        f64::from(pixels),
        adw::LengthUnit::Px,
    )
}
