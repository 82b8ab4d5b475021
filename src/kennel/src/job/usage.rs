//! What running pets use, for whoever watches: a line of JSON every two seconds.

use std::io::Write as _;
use std::time::Instant;

use kennel_engine::pets::Kennel;
use kennel_engine::usage::INTERVAL;
use kennel_model::UserError;
use kennel_protocol::encode;

/// Looks until nobody reads any more; the exit status.
pub fn run() -> i32 {
    // Nobody else ends it when the engine is killed.
    kennel_engine::sys::process::end_with_parent(nix::libc::SIGTERM);
    let mut sampler = match Kennel::open() {
        Ok(kennel) => kennel.sampler(),
        Err(error) => {
            eprintln!("kennel: {}", UserError::from(error));
            return 125;
        }
    };
    let mut next = Instant::now();
    loop {
        let line = encode(&sampler.sample());
        if writeln!(std::io::stdout(), "{line}").is_err() {
            return 0;
        }
        // At its times, however long a look takes; what a sleep of the computer missed is not
        // made up for.
        next = (next + INTERVAL).max(Instant::now());
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}
