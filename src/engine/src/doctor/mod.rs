//! What this computer lacks for pets, what follows from it, and the fix for this distribution.
//!
//! [`facts`] looks and [`checks`] decides, over plain data; [`distribution`] knows what packages
//! are called. Nothing is changed: the fixes are for the person to run.

mod checks;
mod distribution;
mod facts;
mod probe;

use kennel_model::{Finding, Health};

use crate::pets::Kennel;

pub use distribution::Distribution;
pub use probe::probe_stage;

impl Kennel {
    /// Everything that was looked at, worst first.
    pub fn doctor(&self) -> Vec<Finding> {
        let mut findings = checks::all(&facts::Facts::gather(self));
        findings.sort_by_key(|finding| (finding.health, finding.check));
        findings
    }

    /// What keeps pets from starting, for the error of a start that failed.
    pub fn obstacles(&self) -> Vec<Finding> {
        let missing = |finding: &Finding| finding.health == Health::Missing;
        self.doctor().into_iter().filter(missing).collect()
    }
}
