//! The plan as an OCI runtime-spec configuration: `config.json` beside the pet, for people and
//! tools that read that format (runtime-spec 1.2, config.md and config-linux.md).

use std::path::PathBuf;

use kennel_model::Privilege;
use oci_spec::OciSpecError;
use oci_spec::runtime as oci;

use super::plan::{Bind, RuntimePlan};
use super::system_mounts::{MASKED, READ_ONLY, Source, SystemMount, system_mounts};
use crate::idmap::{IdMapping, IdRange};

/// The configuration of a pet with `plan` under `mapping`.
pub fn config(plan: &RuntimePlan, mapping: &IdMapping) -> Result<oci::Spec, OciSpecError> {
    let system = system_mounts(plan.has_own_network(), mapping.is_full(), plan.host_devices);
    let mounts = system
        .iter()
        .map(system_mount)
        .chain(plan.binds.iter().map(bind));
    let mut linux = oci::LinuxBuilder::default()
        .namespaces(namespaces(plan)?)
        .uid_mappings(id_mappings(mapping.uids())?)
        .gid_mappings(id_mappings(mapping.gids())?)
        .masked_paths(MASKED.map(str::to_owned))
        .readonly_paths(READ_ONLY.map(str::to_owned));
    if let Some(labels) = &plan.labels {
        linux = linux.mount_label(labels.files.to_string());
    }
    let linux = linux.build()?;
    oci::SpecBuilder::default()
        .version("1.2.0")
        .hostname(plan.hostname.clone())
        .root(
            oci::RootBuilder::default()
                .path("rootfs")
                .readonly(false)
                .build()?,
        )
        .process(process(plan)?)
        .mounts(mounts.collect::<Result<Vec<_>, _>>()?)
        .linux(linux)
        .build()
}

fn process(plan: &RuntimePlan) -> Result<oci::Process, OciSpecError> {
    let kept: oci::Capabilities = plan.privileges.named().collect();
    let capabilities = oci::LinuxCapabilitiesBuilder::default()
        .bounding(kept.clone())
        .effective(kept.clone())
        .permitted(kept)
        .inheritable(oci::Capabilities::default())
        .ambient(oci::Capabilities::default())
        .build()?;
    let mut process = oci::ProcessBuilder::default();
    if let Some(labels) = &plan.labels {
        process = process.selinux_label(labels.process.to_string());
    }
    process
        .args(["kennel", "init"].map(str::to_owned))
        .cwd("/")
        .capabilities(capabilities)
        .no_new_privileges(plan.privileges.privilege == Privilege::None)
        .build()
}

fn namespaces(plan: &RuntimePlan) -> Result<Vec<oci::LinuxNamespace>, OciSpecError> {
    use oci::LinuxNamespaceType::{Cgroup, Ipc, Mount, Network, Pid, User, Uts};
    let own = [User, Mount, Pid, Ipc, Uts, Cgroup];
    own.into_iter()
        .chain(plan.has_own_network().then_some(Network))
        .map(|kind| oci::LinuxNamespaceBuilder::default().typ(kind).build())
        .collect()
}

fn id_mappings(ranges: Vec<IdRange>) -> Result<Vec<oci::LinuxIdMapping>, OciSpecError> {
    ranges
        .into_iter()
        .map(|range| {
            oci::LinuxIdMappingBuilder::default()
                .container_id(range.inside)
                .host_id(range.outside)
                .size(range.count)
                .build()
        })
        .collect()
}

fn system_mount(mount: &SystemMount) -> Result<oci::Mount, OciSpecError> {
    let mut options = mount.attributes.names();
    let (kind, source) = match &mount.source {
        Source::New {
            kind,
            options: more,
        } => {
            options.extend(more.iter().map(|(name, value)| format!("{name}={value}")));
            (*kind, PathBuf::from(*kind))
        }
        Source::Host(path) => {
            options.push("rbind".to_owned());
            ("bind", PathBuf::from(*path))
        }
    };
    oci::MountBuilder::default()
        .destination(mount.target)
        .typ(kind)
        .source(source)
        .options(options)
        .build()
}

fn bind(bind: &Bind) -> Result<oci::Mount, OciSpecError> {
    let access = if bind.read_only { "ro" } else { "rw" };
    oci::MountBuilder::default()
        .destination(&bind.target)
        .source(&bind.source)
        .typ("bind")
        .options(["rbind", access].map(str::to_owned))
        .build()
}
