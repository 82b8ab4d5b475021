//! The banner of a pet that eats the machine, or has ended by itself.

use gettextrs::gettext;
use kennel_model::{AlertKind, Bound, Choices, LimitChoices, PetSpec, PetSummary};

use crate::words;

/// One core, in the units of limits.
const ONE_CORE: u64 = 1000;

/// The worst of it in a sentence; empty when all is well.
pub fn text(pet: &PetSummary) -> String {
    words::worst_alert(pet)
        .map(|kind| words::alert(kind, pet.name.as_str()))
        .unwrap_or_default()
}

/// The button against it, where there is one.
pub fn button(pet: &PetSummary, spec: Option<&PetSpec>) -> Option<String> {
    let cores = spec.and_then(|spec| spec.limits.cpu_millis);
    let limit_helps = words::worst_alert(pet) == Some(AlertKind::Busy)
        && cores.is_none_or(|cores| cores > ONE_CORE);
    limit_helps.then(|| gettext("Limit to One Core"))
}

/// What it does.
pub fn one_core() -> Box<Choices> {
    Box::new(Choices {
        limits: LimitChoices {
            cpu_millis: Some(Bound::At(ONE_CORE)),
            ..LimitChoices::default()
        },
        ..Choices::default()
    })
}
