//! Only well-formed words of the peer's reach a command line.

use kennel_model::{
    HostAnswer, ImageRef, InvalidImageRef, InvalidName, InvalidScope, PetId, PetName, Scope,
    UserError, phrase,
};

use crate::wire::EngineError;

/// A pet's id.
pub(super) fn checked_id(id: &str) -> Result<PetId, EngineError> {
    id.parse().map_err(|error| {
        UserError::new(
            "bad-id",
            phrase("that is not a pet's id"),
            phrase("choose a pet from the list"),
        )
        .caused_by(&error)
        .into()
    })
}

/// A pet's name.
pub(super) fn checked_name(name: &str) -> Result<PetName, EngineError> {
    name.parse().map_err(|error: InvalidName| {
        UserError::new("bad-name", error.phrase(), phrase("choose another name"))
            .caused_by(&error)
            .into()
    })
}

/// An image's reference.
pub(super) fn checked_reference(reference: &str) -> Result<ImageRef, EngineError> {
    reference.parse().map_err(|error: InvalidImageRef| {
        UserError::new(
            "bad-reference",
            error.phrase(),
            phrase("write it as registry/name:tag"),
        )
        .caused_by(&error)
        .into()
    })
}

/// A scope of trust.
pub(super) fn checked_scope(scope: &str) -> Result<Scope, EngineError> {
    scope.parse().map_err(|error: InvalidScope| {
        UserError::new(
            "bad-scope",
            error.phrase(),
            phrase("choose one of those forms"),
        )
        .caused_by(&error)
        .into()
    })
}

/// The person's word on a command.
pub(super) fn checked_answer(answer: &str) -> Result<HostAnswer, EngineError> {
    HostAnswer::from_word(answer).ok_or_else(|| {
        UserError::new(
            "bad-answer",
            phrase("that is no answer"),
            phrase("answer once, always or deny"),
        )
        .into()
    })
}
