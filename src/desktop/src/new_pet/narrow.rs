//! The dialog where there is little room.

use relm4::adw;
use relm4::adw::prelude::*;

/// With large text in a small window both buttons fit beside each other, and no title between them:
/// what the dialog is for is on the one that creates the pet, and who hears the screen has the title.
pub(super) fn without_title(header: &adw::HeaderBar) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        240.0,
        adw::LengthUnit::Sp,
    ));
    breakpoint.add_setter(header, "show-title", Some(&false.to_value()));
    breakpoint
}
