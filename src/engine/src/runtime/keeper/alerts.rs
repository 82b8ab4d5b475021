//! Alerts of the running pet: looks at it every [`INTERVAL`], and tells the person.
//!
//! Where there is no control group, processor and memory are not watched: adding up all processes
//! of the computer that often would cost more than it tells. Disk and end are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use kennel_model::{Alert, AlertKind, PetId, Phrase};
use rustix::time::{ClockId, clock_gettime};

use super::disk::Disk;
use super::notices::Notices;
use super::settings::Settings;
use super::{Entry, KeeperInput, alerts_file, stop_mark};
use crate::alerts::{Fill, Load, Notice, PetWatch, Reading, Turn, words};
use crate::cgroup::Group;
use crate::cgroup::watch::Meter;
use crate::files;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(10);

/// The alerts of one pet.
pub struct Alerts {
    id: PetId,
    running: PathBuf,
    meter: Option<Meter>,
    /// Processors of this computer.
    processors: f64,
    watch: PetWatch,
    settings: Settings,
    disk: Disk,
    notices: Notices,
    standing: Vec<Alert>,
    last: Reading,
    due: Instant,
}

impl Alerts {
    /// For the pet of `input`, whose group is `group`.
    pub fn new(input: &KeeperInput<'_>, group: Option<&Group>) -> Self {
        let settings = Settings::new(input);
        Self {
            id: input.spec.id.clone(),
            running: input.running.clone(),
            meter: group.and_then(|group| Meter::new(group).ok()),
            processors: std::thread::available_parallelism().map_or(1.0, |n| n.get() as f64),
            watch: PetWatch::new(settings.thresholds, INTERVAL),
            settings,
            disk: Disk::new(input),
            notices: Notices::default(),
            standing: Vec::new(),
            last: Reading {
                at: now(),
                load: None,
                disk: None,
            },
            due: Instant::now(),
        }
    }

    /// Takes away what an earlier run of a pet has left in its directory.
    pub fn forget(running: &Path) {
        let _ = fs::remove_file(alerts_file(running));
        let _ = fs::remove_file(stop_mark(running));
    }

    /// How long until it is to be looked again.
    pub fn pause(&self) -> Duration {
        self.due.saturating_duration_since(Instant::now())
    }

    /// Looks at the pet; whether anything was to be said or learned.
    pub fn look(&mut self, log: &impl Fn(Entry<'_>)) -> bool {
        self.due = Instant::now() + INTERVAL;
        self.notices.reap();
        let chosen = self.choose(log);
        let disk = self.disk.look(self.watch.is_enabled());
        self.last = Reading {
            at: now(),
            load: self.load(),
            disk: disk.fill,
        };
        if let Some(told) = disk.taken_over {
            self.watch.take_over_disk(told);
            if told {
                self.stand(AlertKind::DiskNearlyFull, &Phrase::default());
                self.write();
            }
        }
        let turns = self.watch.feed(&self.last);
        self.tell(&turns, &Phrase::default(), log);
        chosen || !turns.is_empty()
    }

    /// Something in the pet was killed for want of memory.
    pub fn killed(&mut self, who: &Phrase, log: &impl Fn(Entry<'_>)) {
        let turns = self.watch.killed(now());
        self.tell(&turns, who, log);
    }

    /// The pet has ended; where nobody asked for it, `how`.
    pub fn ended(&mut self, how: Option<&Phrase>, log: &impl Fn(Entry<'_>)) {
        self.choose(log);
        self.standing.clear();
        match how.filter(|_| self.watch.is_enabled()) {
            Some(how) => self.tell(&[Turn::Raised(AlertKind::Ended)], how, log),
            None => drop(fs::remove_file(alerts_file(&self.running))),
        }
    }

    /// Takes what the person chose meanwhile; whether they did.
    fn choose(&mut self, log: &impl Fn(Entry<'_>)) -> bool {
        match self.settings.refresh() {
            Ok(false) => return false,
            Ok(true) => self.watch.adopt(self.settings.thresholds),
            Err(reason) => log(Entry::AlertSettings(&reason)),
        }
        true
    }

    fn load(&self) -> Option<Load> {
        let meter = self.meter.as_ref().filter(|_| self.watch.is_enabled());
        let load = meter?.read()?;
        let limit = load.cpu_millis.map(|millis| millis as f64 / 1000.0);
        Some(Load {
            used: Duration::from_micros(load.cpu_micros),
            periods: load.throttling.map_or(0, |held| held.periods),
            throttled: load.throttling.map_or(0, |held| held.throttled),
            cores: limit.map_or(self.processors, |limit| limit.min(self.processors)),
            memory: load.memory.map(|(used, whole)| Fill { used, whole }),
        })
    }

    fn tell(&mut self, turns: &[Turn], detail: &Phrase, log: &impl Fn(Entry<'_>)) {
        for turn in turns {
            match *turn {
                Turn::Raised(kind) => self.raise(kind, detail, log),
                Turn::Cleared(kind) => {
                    let text = words::over(kind, self.settings.name.as_str());
                    log(Entry::AlertOver(kind, &text));
                    self.standing.retain(|alert| alert.kind != kind);
                    self.notices.clear(kind);
                }
            }
            if let Turn::Raised(AlertKind::DiskNearlyFull)
            | Turn::Cleared(AlertKind::DiskNearlyFull) = turn
            {
                self.disk.record(matches!(turn, Turn::Raised(_)));
            }
        }
        if !turns.is_empty() {
            self.write();
        }
    }

    /// Puts it among what stands; its sentence.
    fn stand(&mut self, kind: AlertKind, detail: &Phrase) -> Phrase {
        let about = words::About {
            name: self.settings.name.as_str(),
            thresholds: self.settings.thresholds,
            reading: self.last,
            detail,
        };
        let text = words::sentence(kind, &about);
        self.standing.push(Alert {
            kind,
            text: text.clone(),
            since: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        });
        text
    }

    fn raise(&mut self, kind: AlertKind, detail: &Phrase, log: &impl Fn(Entry<'_>)) {
        let text = self.stand(kind, detail);
        log(Entry::Alert(kind, &text));
        let can_limit = self.meter.as_ref().is_some_and(Meter::has_cpu_limits);
        let limit = self.last.load.filter(|_| can_limit);
        self.notices.raise(&Notice::new(
            kind,
            self.id.clone(),
            self.settings.name.clone(),
            text,
            limit.map(|load| load.cores),
        ));
    }

    /// Leaves what stands for whoever lists pets. A full disk is no reason to stop.
    fn write(&self) {
        let path = alerts_file(&self.running);
        if self.standing.is_empty() {
            let _ = fs::remove_file(path);
        } else if let Ok(text) = serde_json::to_vec(&self.standing) {
            let _ = files::replace(&path, &text);
        }
    }
}

/// The time since the computer started, the time that it slept included.
fn now() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}
