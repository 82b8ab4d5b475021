//! What running pets use while somebody looks: one look at all of them every two seconds, and the
//! processes of one.
//!
//! [`Sampler`] keeps open what it reads each time. A pet with a control group costs a few small
//! files; all pets without one cost a single walk over /proc, whatever their number.
//! [`families`] tells whose a process is, [`process`] what it does, [`end`] ends one.

mod computer;
mod end;
mod families;
mod process;
mod sampler;
mod tally;

pub use computer::computer;
pub use end::end;
pub(crate) use families::all_pids;
pub use process::{Stat, list};
pub use sampler::Sampler;
pub use tally::of_namespace;

use std::time::Duration;

/// How often a [`Sampler`] is asked.
pub const INTERVAL: Duration = Duration::from_micros(kennel_model::SAMPLE_INTERVAL_MICROS);

/// Ticks a second in /proc, on every architecture that Kennel knows (time(7)).
const USER_HZ: u64 = 100;

/// Microseconds since the boot, the time asleep included.
pub fn now_micros() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    now.tv_sec.unsigned_abs() * 1_000_000 + now.tv_nsec.unsigned_abs() / 1000
}
