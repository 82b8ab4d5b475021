//! NVIDIA's driver: device files, and libraries that must be of the very version of the host's
//! kernel module. A CDI file (Container Device Interface), where the host has one, lists them; else
//! they are looked for where distributions put them. Found anew at each start, because an upgrade
//! of the host changes their names; whatever goes wrong here leaves a pet without them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::plan::Bind;

/// Where CDI files are (CDI specification, “Locations”).
const CDI_DIRECTORIES: [&str; 2] = ["/etc/cdi", "/var/run/cdi"];

/// Where libraries that were found without a CDI file are in the pet.
const LIBRARIES: &str = "/run/kennel/nvidia";

const LIBRARY_DIRECTORIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
];

/// How the driver's libraries begin.
const LIBRARY_NAMES: [&str; 7] = [
    "libnvidia-",
    "libcuda.",
    "libcudadebugger.",
    "libnvcuvid.",
    "libnvoptix.",
    "libEGL_nvidia.",
    "libGLX_nvidia.",
];

/// Files by which the loaders of OpenGL, Vulkan and EGL find the driver.
const LOADER_FILES: [&str; 5] = [
    "/usr/bin/nvidia-smi",
    "/usr/share/glvnd/egl_vendor.d/10_nvidia.json",
    "/usr/share/vulkan/icd.d/nvidia_icd.json",
    "/etc/vulkan/icd.d/nvidia_icd.json",
    "/usr/share/egl/egl_external_platform.d/10_nvidia_wayland.json",
];

/// Larger files are no CDI files.
const LIMIT: u64 = 1 << 20;

/// What of the driver is put into a pet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Driver {
    /// Devices, libraries, loader files.
    pub binds: Vec<Bind>,
    /// Links to libraries: path and target.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Directories in which the libraries are to be looked for.
    pub library_path: Vec<PathBuf>,
}

impl Driver {
    /// The variable by which programs inside find the libraries: the image's own cache of libraries
    /// (ldconfig(8)) does not know them.
    pub fn variable(&self) -> Option<(String, String)> {
        let paths: Vec<_> = self
            .library_path
            .iter()
            .map(|path| path.to_string_lossy())
            .collect();
        (!paths.is_empty()).then(|| ("LD_LIBRARY_PATH".to_owned(), paths.join(":")))
    }
}

/// The driver on this computer.
pub fn find() -> Option<Driver> {
    let devices = named("/dev", |name| name.starts_with("nvidia"));
    if devices.is_empty() {
        return None;
    }
    let described = CDI_DIRECTORIES
        .iter()
        .flat_map(|directory| named(directory, |_| true))
        .filter_map(|path| read(&path))
        .find_map(|text| from_cdi(&text));
    Some(described.unwrap_or_else(|| from_libraries(devices)))
}

fn named(directory: &str, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| wanted(&name.to_string_lossy()))
        })
        .collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> Option<String> {
    let known = ["json", "yaml", "yml"];
    let extension = path.extension()?.to_str()?;
    let small = fs::metadata(path).is_ok_and(|status| status.is_file() && status.len() <= LIMIT);
    (known.contains(&extension) && small).then(|| fs::read_to_string(path).ok())?
}

fn from_libraries(devices: Vec<PathBuf>) -> Driver {
    let mut driver = Driver::default();
    let loader = LOADER_FILES.iter().map(PathBuf::from);
    for path in devices
        .into_iter()
        .chain(loader.filter(|path| path.exists()))
    {
        driver.binds.push(Bind::optional(&path));
    }
    let mut seen = std::collections::BTreeSet::new();
    for directory in LIBRARY_DIRECTORIES {
        let library = |name: &str| LIBRARY_NAMES.iter().any(|begin| name.starts_with(begin));
        for path in named(directory, |name| name.contains(".so") && library(name)) {
            let Some(name) = path
                .file_name()
                .filter(|name| seen.insert((*name).to_owned()))
            else {
                continue;
            };
            driver.binds.push(Bind {
                target: Path::new(LIBRARIES).join(name),
                read_only: true,
                ..Bind::optional(&path)
            });
        }
    }
    if !seen.is_empty() {
        driver.library_path.push(LIBRARIES.into());
    }
    driver
}

/// The parts of a CDI file that concern a pet (CDI specification, “containerEdits”).
#[derive(Deserialize)]
struct Cdi {
    kind: String,
    #[serde(default)]
    devices: Vec<CdiDevice>,
    #[serde(default, rename = "containerEdits")]
    edits: Edits,
}

#[derive(Deserialize)]
struct CdiDevice {
    name: String,
    #[serde(default, rename = "containerEdits")]
    edits: Edits,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Edits {
    device_nodes: Vec<DeviceNode>,
    mounts: Vec<CdiMount>,
    hooks: Vec<Hook>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeviceNode {
    path: PathBuf,
    host_path: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CdiMount {
    host_path: PathBuf,
    container_path: PathBuf,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    args: Vec<String>,
}

/// The driver as a CDI file for NVIDIA's cards describes it. Its hooks are programs of the host;
/// what two of them do, links and the library path, is done without running them.
fn from_cdi(text: &str) -> Option<Driver> {
    // Every JSON document is a YAML document as well.
    let cdi: Cdi = serde_yaml_ng::from_str(text).ok()?;
    if cdi.kind != "nvidia.com/gpu" {
        return None;
    }
    let all = cdi.devices.iter().find(|device| device.name == "all");
    let devices: Vec<&Edits> = match all {
        Some(device) => vec![&device.edits],
        None => cdi.devices.iter().map(|device| &device.edits).collect(),
    };
    let mut driver = Driver::default();
    for edits in devices.into_iter().chain([&cdi.edits]) {
        for node in &edits.device_nodes {
            driver.binds.push(Bind {
                target: node.path.clone(),
                ..Bind::optional(node.host_path.as_ref().unwrap_or(&node.path))
            });
        }
        for mount in &edits.mounts {
            driver.binds.push(Bind {
                target: mount.container_path.clone(),
                read_only: true,
                ..Bind::optional(&mount.host_path)
            });
        }
        for hook in &edits.hooks {
            driver.apply(&hook.args);
        }
    }
    driver.binds.retain(|bind| {
        bind.source.is_absolute() && bind.target.is_absolute() && bind.source.exists()
    });
    Some(driver)
}

impl Driver {
    /// `create-symlinks --link TARGET::PATH…` and `update-ldcache --folder DIRECTORY…` of
    /// nvidia-cdi-hook.
    fn apply(&mut self, arguments: &[String]) {
        for pair in arguments.windows(2) {
            let [flag, value] = pair else { continue };
            match flag.as_str() {
                "--link" => {
                    let link = value.split_once("::");
                    self.links.extend(
                        link.map(|(target, path)| (PathBuf::from(path), PathBuf::from(target)))
                            .filter(|(path, _)| path.is_absolute()),
                    );
                }
                "--folder" if value.starts_with('/') => self.library_path.push(value.into()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = r#"
cdiVersion: 0.5.0
kind: nvidia.com/gpu
devices:
- name: "0"
  containerEdits:
    deviceNodes:
    - path: /dev/zero
- name: all
  containerEdits:
    deviceNodes:
    - path: /dev/nvidia0
      hostPath: /dev/null
    - path: /dev/nvidia-not-here
containerEdits:
  mounts:
  - hostPath: /etc/passwd
    containerPath: /usr/lib64/libcuda.so.550.54
    options: [ro, nosuid, nodev, bind]
  hooks:
  - hookName: createContainer
    path: /usr/bin/nvidia-cdi-hook
    args: [nvidia-cdi-hook, create-symlinks, --link, "libcuda.so.550.54::/usr/lib64/libcuda.so.1"]
  - hookName: createContainer
    path: /usr/bin/nvidia-cdi-hook
    args: [nvidia-cdi-hook, update-ldcache, --folder, /usr/lib64]
"#;

    #[test]
    fn a_cdi_file_says_what_is_put_in() {
        let driver = from_cdi(YAML).unwrap();
        let binds: Vec<_> = driver
            .binds
            .iter()
            .map(|bind| (bind.source.to_str().unwrap(), bind.target.to_str().unwrap()))
            .collect();
        assert_eq!(
            binds,
            [
                ("/dev/null", "/dev/nvidia0"),
                ("/etc/passwd", "/usr/lib64/libcuda.so.550.54")
            ]
        );
        assert_eq!(
            driver.links,
            [("/usr/lib64/libcuda.so.1".into(), "libcuda.so.550.54".into())]
        );
        let path = ("LD_LIBRARY_PATH".to_owned(), "/usr/lib64".to_owned());
        assert_eq!(driver.variable(), Some(path));
    }

    #[test]
    fn json_is_read_too_and_other_vendors_are_not() {
        assert!(
            from_cdi(r#"{"cdiVersion":"0.5.0","kind":"nvidia.com/gpu","devices":[]}"#).is_some()
        );
        assert!(from_cdi(r#"{"kind":"example.com/net","devices":[]}"#).is_none());
        assert!(from_cdi("kind: [").is_none());
    }
}
