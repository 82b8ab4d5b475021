//! When a request is made again, and after how long.

use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, SystemTime};

/// How patient a pull is with a bad network and a busy registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in a row that may bring nothing before the pull fails; the first one counts.
    pub tries: u32,
    /// The wait before the second try; it doubles with each further one.
    pub first_wait: Duration,
    /// The longest wait of Kennel's own choice.
    pub longest_wait: Duration,
    /// The longest wait that a registry may ask for by `Retry-After`.
    pub longest_asked: Duration,
    /// How long it may take to connect.
    pub connect: Duration,
    /// How long a connection may stay silent.
    pub silence: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            tries: 5,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(8),
            longest_asked: Duration::from_secs(120),
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// For a mirror: there is somewhere else to go.
    pub(super) fn hasty(&self) -> Self {
        Self {
            tries: self.tries.min(2),
            longest_asked: Duration::ZERO,
            ..self.clone()
        }
    }

    /// How long to wait after `failed` vain tries; `None` when it is enough. `asked` is what
    /// the registry wants to be left alone for.
    pub(super) fn wait(&self, failed: u32, asked: Option<Duration>) -> Option<Duration> {
        if failed >= self.tries || asked.is_some_and(|asked| asked > self.longest_asked) {
            return None;
        }
        let doubled = 2_u32.saturating_pow(failed.saturating_sub(1));
        let own = self
            .first_wait
            .saturating_mul(doubled)
            .min(self.longest_wait);
        // Between half and the whole of it, so that many clients do not come back at once.
        let own = own.mul_f64(0.5 + 0.5 * random_share());
        Some(own.max(asked.unwrap_or_default()))
    }
}

/// A number from 0 to 1.
fn random_share() -> f64 {
    let hash = std::hash::RandomState::new().build_hasher().finish();
    hash as f64 / u64::MAX as f64
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let policy = RetryPolicy::default();
        let waits: Vec<Duration> = (1..)
            .map_while(|failed| policy.wait(failed, None))
            .collect();
        assert_eq!(waits.len(), 4);
        assert!(waits.iter().sum::<Duration>() < Duration::from_secs(10));
        assert!(waits[3] > waits[0]);
    }

    #[test]
    fn a_registry_is_heeded_within_bounds() {
        let policy = RetryPolicy::default();
        let seconds = Duration::from_secs;
        assert!(policy.wait(1, Some(seconds(20))) >= Some(seconds(20)));
        assert_eq!(policy.wait(1, Some(seconds(3600))), None);
        assert_eq!(policy.hasty().wait(1, Some(seconds(1))), None);
    }

    #[test]
    fn seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 9);
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now),
            Some(Duration::from_secs(9))
        );
        assert_eq!(retry_after("soon", now), None);
    }
}
