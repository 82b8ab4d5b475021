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
