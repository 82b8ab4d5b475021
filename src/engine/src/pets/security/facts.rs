//! Everything that the report tells of a pet, read before a word of it is written.

use kennel_model::{Denials, ImageOrigin, PetSpec, Phrase, ShareSummary, SignatureState};

use super::kernel::{self, Security, SelinuxMode};
use super::{denials, journal};
use crate::cgroup::{Unavailable, detect, read};
use crate::doctor::Distribution;
use crate::lsm;
use crate::pets::pull::LOCAL;
use crate::pets::{Kennel, PetStatus};
use crate::runtime::state::RunningState;
use crate::store::Store;
use crate::trust::{Decision, decide};
use kennel_model::LimitStatus;

/// What the report depends on.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// What was chosen about the pet.
    pub spec: &'a PetSpec,
    /// Whether a running pet goes on as it was before an edit.
    pub restart_needed: bool,
    /// What SELinux does on this computer.
    pub selinux: SelinuxMode,
    /// The label of this process, the person's own.
    pub own_label: Option<String>,
    /// The person's user id.
    pub uid: u32,
    /// What confines it; `None` when it does not run.
    pub security: Option<&'a Security>,
    /// Why its own network is not connected, where it should be.
    pub network_problem: Option<&'a Phrase>,
    /// What of this computer it is given.
    pub shares: &'a [ShareSummary],
    /// Its image.
    pub image: ImageFacts,
    /// Wanted and enforced limits.
    pub limits: &'a LimitStatus,
    /// Why limits cannot be enforced here, or not all of them.
    pub obstacle: Option<Obstacle>,
    /// What the kernel refused it.
    pub denials: &'a Denials,
}

/// Why limits cannot be enforced, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Why, without a full stop.
    pub reason: Phrase,
    /// A sentence.
    pub advice: Phrase,
    /// Commands that do it.
    pub commands: Vec<String>,
}

/// What is known of the image of a pet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// Whence it came, while it is in the store.
    pub origin: Option<ImageOrigin>,
    /// What the rules of this computer say of its source now.
    pub source: ImageSourceTrust,
}

/// What the rules of this computer say of an image's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageSourceTrust {
    /// It was made or brought here; no registry serves it.
    Local,
    /// It is trusted.
    Trusted,
    /// Only with a signature.
    Signed,
    /// Nobody named it: the person was asked.
    Asked,
    /// It would be refused.
    Refused,
    /// The rules do not read.
    Unknown,
}

impl ImageFacts {
    /// What is known of its signature.
    pub fn signature(&self) -> Option<&SignatureState> {
        Some(&self.origin.as_ref()?.signature)
    }
}

impl Kennel {
    /// What the kernel refused the pet of `state` in the last day. Asks the journal, which takes a
    /// moment.
    pub(in crate::pets) fn denials(&self, state: Option<&RunningState>) -> Denials {
        if kernel::selinux_mode() == SelinuxMode::Disabled {
            return Denials::NotApplicable;
        }
        let Some(state) = state else {
            return Denials::NotRunning;
        };
        match journal::refusals(&self.account.name) {
            Ok(text) => Denials::Read {
                last: denials::of(&denials::Subject::of(state), &text),
            },
            Err(denials) => denials,
        }
    }

    /// The facts about `spec`, whose status is `status`.
    pub(in crate::pets) fn facts<'a>(
        &self,
        spec: &'a PetSpec,
        state: Option<&RunningState>,
        status: &'a PetStatus,
        shares: &'a [ShareSummary],
    ) -> Facts<'a> {
        Facts {
            spec,
            restart_needed: self.summary(spec).restart_needed,
            selinux: kernel::selinux_mode(),
            own_label: lsm::selinux_label("self"),
            uid: self.account.uid,
            security: status.security.as_ref(),
            network_problem: status.network.problem.as_ref(),
            shares,
            image: self.image_facts(spec),
            limits: &status.limits,
            obstacle: obstacle(state),
            denials: &status.denials,
        }
    }

    fn image_facts(&self, spec: &PetSpec) -> ImageFacts {
        let reference = &spec.image.reference;
        let stored = Store::open(self.paths.data.clone()).and_then(|store| store.image(reference));
        // Another image may have the name by now.
        let origin = stored
            .ok()
            .filter(|(image, _)| image.digest == spec.image.digest)
            .and_then(|(image, _)| image.origin);
        let is_local = reference.registry() == LOCAL;
        let source = match self.rules() {
            _ if is_local => ImageSourceTrust::Local,
            Ok(rules) => match decide(reference, &rules) {
                Decision::Trusted => ImageSourceTrust::Trusted,
                Decision::SignedBy(_) => ImageSourceTrust::Signed,
                Decision::Ask { .. } => ImageSourceTrust::Asked,
                Decision::Refused { .. } => ImageSourceTrust::Refused,
            },
            Err(_) => ImageSourceTrust::Unknown,
        };
        ImageFacts { origin, source }
    }
}

/// Why not all limits can be enforced for the pet of `state`, or for one that would start now.
fn obstacle(state: Option<&RunningState>) -> Option<Obstacle> {
    let why = match state.map(|state| &state.group) {
        Some(Ok(group)) => {
            let held = read::limits(group);
            let all = [held.cpu_millis, held.memory, held.pids];
            all.into_iter().find_map(Result::err)
        }
        Some(Err(why)) => Some(why.clone()),
        None => detect::obstacle(),
    }?;
    (why != Unavailable::NotRunning).then(|| Obstacle {
        reason: why.phrase(),
        advice: why.advice(),
        commands: why.commands(Distribution::detect()),
    })
}
