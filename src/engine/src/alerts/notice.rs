//! An alert as a desktop notification.

use kennel_model::{AlertKind, PetId, PetName, Phrase};
use serde::{Deserialize, Serialize};

use super::words;

/// What the person can do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Look at the pet in the app.
    Show,
    /// Hold it to one processor.
    Limit,
    /// Stop it.
    Stop,
}

/// What `kennel notify` reads from its standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: AlertKind,
    /// The pet.
    pub id: PetId,
    /// Its name.
    pub name: PetName,
    /// The first line.
    #[serde(flatten, with = "kennel_model::phrase::field::title")]
    pub title: Phrase,
    /// The rest, without capital and full stop.
    #[serde(flatten, with = "kennel_model::phrase::field::text")]
    pub text: Phrase,
    /// What is offered, in this order.
    pub offers: Vec<Offer>,
}

impl Notice {
    /// About the pet `id`. `cores` is how many processors it may use now, where the kernel would
    /// hold it to fewer.
    pub fn new(
        kind: AlertKind,
        id: PetId,
        name: PetName,
        text: Phrase,
        cores: Option<f64>,
    ) -> Self {
        Self {
            kind,
            id,
            title: words::title(kind, name.as_str()),
            name,
            text,
            offers: offers(kind, cores),
        }
    }

    /// Whether it stays when its keeper has ended.
    pub fn outlives_keeper(&self) -> bool {
        self.kind == AlertKind::Ended
    }
}

fn offers(kind: AlertKind, cores: Option<f64>) -> Vec<Offer> {
    match kind {
        AlertKind::Busy if cores.is_some_and(|cores| cores > 1.0) => {
            vec![Offer::Show, Offer::Limit, Offer::Stop]
        }
        AlertKind::Busy | AlertKind::HeldBack | AlertKind::MemoryNearLimit => {
            vec![Offer::Show, Offer::Stop]
        }
        // Stopping this pet would help with neither, or it has stopped.
        AlertKind::OutOfMemory | AlertKind::DiskNearlyFull | AlertKind::Ended => vec![Offer::Show],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_offered_only_where_it_holds_and_would_help() {
        let limited = |cores| offers(AlertKind::Busy, cores).contains(&Offer::Limit);
        assert!(limited(Some(2.0)));
        assert!(!limited(Some(1.0)));
        assert!(!limited(None));
        assert!(!offers(AlertKind::HeldBack, Some(2.0)).contains(&Offer::Limit));
        assert!(!offers(AlertKind::Ended, None).contains(&Offer::Stop));
    }
}
