//! What happens to all pets, as it happens (`kennel events`), and what happened lately.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use kennel_model::{Event, PetId, Phrase};

use super::log::read_log;
use super::tail::{LogWatch, Tail};
use super::{Kennel, KennelError, LogLine};
use crate::files;

/// How much of what happened is told at most: commands on the host come often, and are searched.
const RECENT: usize = 1000;

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

    /// What happened to all pets lately, the newest first; not what they said on their consoles.
    pub fn recent_events(&self) -> Result<Vec<Event>, KennelError> {
        let mut all = Vec::new();
        for spec in self.pets()? {
            let path = self.paths.log(&spec.id);
            let lines = read_log(&self.paths, &spec.id).map_err(KennelError::io(path))?;
            let told = lines.into_iter().filter(|line| line.event != "console");
            let told = told.map(|line| event(&spec.id, spec.name.as_str(), line));
            // Of one second, what was written last is the newest.
            all.extend(told.rev().take(RECENT));
        }
        all.sort_by(|a, b| b.time.cmp(&a.time));
        all.truncate(RECENT);
        Ok(all)
    }

    /// What the logs have that `pets` has not.
    fn news(&self, pets: &mut BTreeMap<PetId, Followed>) -> io::Result<Vec<Event>> {
        let logged = self.logged()?;
        let mut news = Vec::new();
        pets.retain(|id, pet| {
            let stays = logged.contains(id);
            if !stays {
                // A pet's log goes with it: that it has gone is the last that is heard of it.
                news.push(event(
                    id,
                    &pet.name,
                    LogLine::now("removed", Phrase::default()),
                ));
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
