//! The order of the list of pets.

use std::cmp::Ordering;

use kennel_model::{PetId, PetState, PetSummary};

/// What the list is sorted by; the settings know it by [`Order::key`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The alphabet.
    #[default]
    Name,
    /// What needs the person first, then what runs.
    State,
    /// The image's name.
    Distribution,
    /// The project folder; those without one last.
    Project,
    /// What was shown last.
    Recent,
}

impl Order {
    /// All, as the menu lists them.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::State,
        Self::Distribution,
        Self::Project,
        Self::Recent,
    ];

    /// Its value in the settings.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Distribution => "distribution",
            Self::Project => "project",
            Self::Recent => "recent",
        }
    }

    /// The order of this value; by name for one of another version.
    pub fn of_key(key: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|order| order.key() == key).unwrap_or_default()
    }

    /// Which of two pets comes first; those that are alike by their names. `recent` has the
    /// pets that were shown, the last one first.
    pub fn compare(self, a: &PetSummary, b: &PetSummary, recent: &[PetId]) -> Ordering {
        let first = match self {
            Self::Name => Ordering::Equal,
            Self::State => urgency(a.state).cmp(&urgency(b.state)),
            Self::Distribution => a.image.short().cmp(b.image.short()),
            Self::Project => {
                let key = |pet: &PetSummary| (pet.project.is_none(), pet.project.clone());
                key(a).cmp(&key(b))
            }
            Self::Recent => {
                let age = |pet: &PetSummary| {
                    let seen = recent.iter().position(|id| *id == pet.id);
                    seen.unwrap_or(usize::MAX)
                };
                age(a).cmp(&age(b))
            }
        };
        first.then_with(|| a.name.as_str().cmp(b.name.as_str()))
    }
}

fn urgency(state: PetState) -> u8 {
    match state {
        PetState::Failed => 0,
        PetState::Creating => 1,
        PetState::Running => 2,
        PetState::Stopped => 3,
    }
}

#[cfg(test)]
pub mod tests {
    use kennel_model::Preset;

    use super::*;

    /// A stopped pet; an empty `project` is none.
    pub fn pet(name: &str, image: &str, project: &str) -> PetSummary {
        PetSummary {
            id: format!("{:0>16}", name.len()).parse().unwrap(),
            name: name.parse().unwrap(),
            state: PetState::Stopped,
            image: image.parse().unwrap(),
            digest: format!("sha256:{}", "a".repeat(64)).parse().unwrap(),
            preset: Preset::default(),
            project: (!project.is_empty()).then(|| project.into()),
            created: "2026-01-01T00:00:00Z".to_owned(),
            problem: None,
            error: None,
            restart_needed: false,
            setup_failed: None,
            alerts: Vec::new(),
            questions: Vec::new(),
        }
    }

    fn sorted(order: Order, recent: &[PetId]) -> Vec<String> {
        let mut pets = [
            pet("c", "docker.io/library/alpine:3", ""),
            pet("bb", "docker.io/library/debian:13", "/src/z"),
            pet("aaa", "quay.io/toolbx/ubuntu-toolbox:24.04", "/src/a"),
        ];
        pets[1].state = PetState::Running;
        pets.sort_by(|a, b| order.compare(a, b, recent));
        pets.iter().map(|pet| pet.name.to_string()).collect()
    }

    #[test]
    fn each_order_puts_first_what_its_name_says() {
        assert_eq!(sorted(Order::Name, &[]), ["aaa", "bb", "c"]);
        assert_eq!(sorted(Order::State, &[]), ["bb", "aaa", "c"]);
        assert_eq!(sorted(Order::Distribution, &[]), ["c", "bb", "aaa"]);
        assert_eq!(sorted(Order::Project, &[]), ["aaa", "bb", "c"]);
        let shown = pet("c", "docker.io/library/alpine:3", "").id;
        assert_eq!(sorted(Order::Recent, &[shown]), ["c", "aaa", "bb"]);
    }

    #[test]
    fn the_settings_name_every_order() {
        for order in Order::ALL {
            assert_eq!(Order::of_key(order.key()), order);
        }
        assert_eq!(Order::of_key("colour"), Order::Name);
    }
}
