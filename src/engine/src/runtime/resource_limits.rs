//! Limits of each process of a pet (setrlimit(2)). A process of the person may lower its hard
//! limits and never raise them, so a pet cannot have more than the session it is entered from.

use std::io;

use kennel_model::{Resource, Ulimit};
use rustix::process::{Rlimit, getrlimit, setrlimit};

fn kernel(resource: Resource) -> rustix::process::Resource {
    use rustix::process::Resource as Kernel;
    match resource {
        Resource::As => Kernel::As,
        Resource::Core => Kernel::Core,
        Resource::Cpu => Kernel::Cpu,
        Resource::Data => Kernel::Data,
        Resource::Fsize => Kernel::Fsize,
        Resource::Memlock => Kernel::Memlock,
        Resource::Nice => Kernel::Nice,
        Resource::Nofile => Kernel::Nofile,
        Resource::Nproc => Kernel::Nproc,
        Resource::Rtprio => Kernel::Rtprio,
        Resource::Stack => Kernel::Stack,
    }
}

/// The lower of two limits, of which `None` is none.
fn lower(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Holds this process, and what it starts, to `limits`; to less where it may not have as much.
pub fn apply(limits: &[Ulimit]) -> io::Result<()> {
    for limit in limits {
        let resource = kernel(limit.resource);
        let allowed = getrlimit(resource).maximum;
        let wanted = Rlimit {
            current: lower(limit.soft, allowed),
            maximum: lower(limit.hard, allowed),
        };
        setrlimit(resource, wanted)?;
    }
    Ok(())
}

/// The first of `limits` that this session may not have, and what it may have at most.
pub fn beyond_reach(limits: &[Ulimit]) -> Option<(Ulimit, u64)> {
    limits.iter().find_map(|&limit| {
        let allowed = getrlimit(kernel(limit.resource)).maximum?;
        let asks_more = limit.hard.is_none_or(|hard| hard > allowed);
        asks_more.then_some((limit, allowed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_is_above_every_limit() {
        assert_eq!(lower(None, Some(7)), Some(7));
        assert_eq!(lower(Some(3), None), Some(3));
        assert_eq!(lower(Some(3), Some(7)), Some(3));
        assert_eq!(lower(None, None), None);
    }

    #[test]
    fn more_than_this_session_has_is_beyond_reach() {
        let Some(open_files) = getrlimit(rustix::process::Resource::Nofile).maximum else {
            return;
        };
        let limit = |text: String| text.parse::<Ulimit>().unwrap();
        assert_eq!(beyond_reach(&[limit(format!("nofile={open_files}"))]), None);
        let (refused, allowed) = beyond_reach(&[limit("nofile=unlimited".into())]).unwrap();
        assert_eq!((refused.resource, allowed), (Resource::Nofile, open_files));
    }
}
