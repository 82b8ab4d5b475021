//! What holds a pet, read back from the kernel: never what was wished, only what is.

use std::thread;

use kennel_model::{
    Denials, LimitStatus, NetworkMode, PetId, PetName, PetSpec, PetState, Phrase, ReportLine,
    ShareSummary,
};
use serde::Serialize;

use super::limits::{self, Usage};
use super::reachable::{Reachable, reachable};
use super::security::{self, Security};
use super::{Kennel, KennelError};
use crate::runtime::network;
use crate::runtime::state::RunningState;

/// `kennel status NAME --json`. Stable.
#[derive(Debug, Clone, Serialize)]
pub struct PetStatus {
    /// Its id.
    pub id: PetId,
    /// Its name.
    pub name: PetName,
    /// What it is doing.
    pub state: PetState,
    /// What confines its PID 1; `null` when it does not run.
    pub security: Option<Security>,
    /// Wanted and enforced limits.
    pub limits: LimitStatus,
    /// What it uses now; `null` when it does not run.
    pub usage: Option<Usage>,
    /// Its network.
    pub network: NetworkStatus,
    /// What of this computer it can reach.
    pub reachable: Vec<Reachable>,
    /// What all that means, a line each.
    pub report: Vec<ReportLine>,
    /// What the kernel refused it in the last day.
    pub denials: Denials,
}

/// The network of a pet.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkStatus {
    /// `host`, `private` or `none`.
    pub mode: NetworkMode,
    /// Why its own network is not connected, where it should be.
    #[serde(flatten, with = "kennel_model::phrase::field::problem")]
    pub problem: Option<Phrase>,
}

impl Kennel {
    /// The status of `spec` now.
    pub fn status(&self, spec: &PetSpec) -> Result<PetStatus, KennelError> {
        let running = self.running(spec)?;
        let shares = self.shares(&spec.shares);
        // The journal takes longer than all the rest.
        let (mut status, denials) = thread::scope(|scope| {
            let denials = scope.spawn(|| self.denials(running.as_ref()));
            let status = self.status_now(spec, running.as_ref(), &shares);
            (status, denials.join())
        });
        status.denials = denials.unwrap_or(Denials::NotApplicable);
        status.report = security::report(&self.facts(spec, running.as_ref(), &status, &shares));
        Ok(status)
    }

    /// What is read from the kernel, without what it means.
    fn status_now(
        &self,
        spec: &PetSpec,
        running: Option<&RunningState>,
        shares: &[ShareSummary],
    ) -> PetStatus {
        PetStatus {
            id: spec.id.clone(),
            name: spec.name.clone(),
            state: self.summary(spec).state,
            security: running.and_then(security::read),
            limits: limits::status(spec.limits, running),
            usage: running.map(limits::usage),
            network: NetworkStatus {
                mode: spec.network,
                problem: network::problem(&self.paths.running(&spec.id)),
            },
            reachable: reachable(spec, shares.to_vec()),
            report: Vec::new(),
            denials: Denials::NotApplicable,
        }
    }
}
