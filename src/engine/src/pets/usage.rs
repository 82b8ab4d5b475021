//! What a pet uses now, while somebody looks.

use kennel_model::{PetDisk, PetLimits, PetProcesses, PetSpec};
use rustix::fs::statvfs;

use super::{Kennel, KennelError, limits};
use crate::runtime::state::RunningState;
use crate::usage::{self, Sampler};

impl Kennel {
    /// What looks at all running pets.
    pub fn sampler(&self) -> Sampler {
        Sampler::new(self.paths.runtime.clone())
    }

    /// The processes of `spec`, which runs.
    pub fn processes(&self, spec: &PetSpec) -> Result<PetProcesses, KennelError> {
        Ok(usage::list(&self.must_run(spec)?))
    }

    /// Asks a process of `spec` to end, or with `force` ends it.
    pub fn end_process(
        &self,
        spec: &PetSpec,
        pid: i32,
        start_time: u64,
        force: bool,
    ) -> Result<(), KennelError> {
        let state = self.must_run(spec)?;
        match usage::end(&state, pid, start_time, force) {
            Ok(true) => Ok(()),
            Ok(false) => Err(KennelError::NotItsProcess(spec.name.to_string(), pid)),
            Err(source) => Err(KennelError::Io {
                path: format!("/proc/{pid}").into(),
                source,
            }),
        }
    }

    /// The place that `spec` takes on the disk: reads all its directories.
    pub fn disk(&self, spec: &PetSpec) -> Result<PetDisk, KennelError> {
        let directory = self.paths.pet(&spec.id);
        let free = statvfs(&directory)
            .map(|status| status.f_bavail.saturating_mul(status.f_frsize))
            .map_err(|source| KennelError::Io {
                path: directory,
                source: source.into(),
            })?;
        Ok(PetDisk {
            own: self.pet_bytes(spec)?,
            free,
        })
    }

    /// The limits of `spec`, and what this computer has.
    pub fn limits(&self, spec: &PetSpec) -> Result<PetLimits, KennelError> {
        Ok(PetLimits {
            status: limits::status(spec.limits, self.running(spec)?.as_ref()),
            computer: usage::computer(),
        })
    }

    fn must_run(&self, spec: &PetSpec) -> Result<RunningState, KennelError> {
        self.running(spec)?
            .ok_or_else(|| KennelError::NotRunning(spec.name.to_string()))
    }
}
