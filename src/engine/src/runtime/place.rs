//! Where a pet's first process is put in the tree of control groups before it builds anything:
//! into a group with limits if this computer gives one, else, for an image's init, into a bare one.

use kennel_model::InitMode;

use super::RuntimeError;
use super::delegation::{self, Delegation};
use super::keeper::KeeperInput;
use crate::cgroup::commands::Anchor;
use crate::cgroup::{Group, Unavailable, direct, place};
use crate::idmap::IdMapping;

/// The place of a running pet.
pub struct Place {
    /// The group that holds it, or why there is none.
    pub group: Result<Group, Unavailable>,
    /// What its init has instead.
    bare: Option<Delegation>,
    /// Whether an init divides it.
    divided: bool,
    /// What keeps the group of its host commands.
    _anchor: Option<Anchor>,
}

impl Place {
    /// Finds the place of process `pid`, maps its ids meanwhile, and puts it there.
    pub fn settle(input: &KeeperInput<'_>, pid: i32) -> Result<Self, RuntimeError> {
        let is_init = input.plan.init == InitMode::Image;
        if is_init && !input.mapping.is_full() {
            return Err(RuntimeError::NoRangeForInit);
        }
        let opens = input.plan.host_programs.is_some();
        let anchor = opens.then(Anchor::start).flatten();
        let placing = place::begin(input.spec, pid, anchor.as_ref().map(Anchor::pid));
        let mapped = input.mapping.write(pid);
        let group = placing.finish(pid);
        mapped?;
        let bare = if is_init && group.is_err() {
            let bare = Delegation::make(&input.spec.id)?;
            bare.adopt(pid)?;
            Some(bare)
        } else {
            None
        };
        Ok(Self {
            group,
            bare,
            divided: is_init,
            _anchor: anchor.filter(|anchor| anchor.is_placed(&input.spec.id)),
        })
    }

    /// After the pet's end: takes away the groups. What an init made below belongs to root of
    /// `mapping`, so that not even systemd could.
    pub fn remove(self, mapping: &IdMapping) {
        if let Some(bare) = self.bare {
            bare.remove(mapping);
        }
        if let Ok(group) = self.group {
            delegation::remove(&group.inner(), mapping);
            // systemd has given up on one that it could not empty.
            if self.divided || !group.systemd {
                direct::remove(&group);
            }
        }
    }
}
