//! What happens to all pets, as it happens: `kennel events`.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use kennel_model::{AlertKind, PetId};
use serde::Serialize;

use super::tail::{LogWatch, Tail};
use super::{Kennel, LogLine};
use crate::files;

/// Something that happened; a line of `kennel events`. Stable.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// When, RFC 3339.
    pub time: String,
    /// The pet.
    pub id: PetId,
    /// Its name then.
    pub name: String,
    /// What, in a word: `created`, `started`, `stopped`, `ended`, `failed`, `changed`, `renamed`,
    /// `removed`, `alert`, `alert-over` …
    pub event: String,
    /// More about it.
    pub text: String,
    /// Which alert, of `alert` and `alert-over`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
}

struct Followed {
    tail: Tail,
    name: String,
}

impl Kennel {
    /// Calls `show` for everything that happens from now on, until it says false.
    pub fn follow_events(&self, mut show: impl FnMut(&Event) -> bool) -> io::Result<()> {
        let directory = self.paths.logs();
        files::make_private(&directory)?;
        let watch = LogWatch::new(&directory)?;
        let mut pets: BTreeMap<PetId, Followed> = BTreeMap::new();
        for id in self.logged()? {
            let tail = Tail::from_end(self.paths.log(&id));
            let name = self.name_of(&id);
            pets.insert(id, Followed { tail, name });
        }
        loop {
            for event in self.news(&mut pets)? {
                if !show(&event) {
                    return Ok(());
                }
            }
            watch.wait()?;
        }
    }

    /// What the logs have that `pets` has not.
    fn news(&self, pets: &mut BTreeMap<PetId, Followed>) -> io::Result<Vec<Event>> {
        let logged = self.logged()?;
        let mut news = Vec::new();
        pets.retain(|id, pet| {
            let stays = logged.contains(id);
            if !stays {
                // A pet's log goes with it: that it has gone is the last that is heard of it.
                news.push(event(id, &pet.name, LogLine::now("removed", "")));
            }
            stays
        });
        for id in logged {
            let pet = pets.entry(id.clone()).or_insert_with(|| Followed {
                tail: Tail::from_start(self.paths.log(&id)),
                name: String::new(),
            });
            for line in pet.tail.lines()? {
                if pet.name.is_empty() || line.event == "renamed" {
                    pet.name = self.name_of(&id);
                }
                news.push(event(&id, &pet.name, line));
            }
        }
        Ok(news)
    }

    /// The pets that have a log.
    fn logged(&self) -> io::Result<Vec<PetId>> {
        let names = fs::read_dir(self.paths.logs())?
            .flatten()
            .map(|entry| entry.file_name());
        Ok(names
            .filter_map(|name| name.to_str()?.strip_suffix(".jsonl")?.parse().ok())
            .collect())
    }

    fn name_of(&self, id: &PetId) -> String {
        self.read_spec(id)
            .map_or_else(|_| String::new(), |spec| spec.name.to_string())
    }
}

fn event(id: &PetId, name: &str, line: LogLine) -> Event {
    Event {
        time: line.time,
        id: id.clone(),
        name: name.to_owned(),
        event: line.event,
        text: line.text,
        kind: line.kind,
    }
}
