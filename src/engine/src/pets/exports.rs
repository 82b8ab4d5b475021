//! Apps and commands of a pet on the host: listing, exporting, and keeping in step with the pet.
//! `pets/<id>/exports.json` is the record; what is on the host can be made anew from it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use kennel_model::{ExportKind, Exported, HomeMode, PetApp, PetSpec, Phrase, phrase};
use serde::{Deserialize, Serialize};

use super::{Kennel, KennelError};
use crate::apps::entry::{AppEntry, is_id};
use crate::apps::launcher::{self, desktop_entry, file_stem, marker};
use crate::apps::scan::{Found, Icon, Query, Wanted};
use crate::files;
use crate::installed::lasting_path;
use crate::paths::Paths;
use crate::stage::Stage;

/// The version of `exports.json`.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    version: u32,
    apps: Vec<ExportedApp>,
    commands: Vec<ExportedCommand>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedApp {
    entry: AppEntry,
    path: PathBuf,
    icon: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ExportedCommand {
    name: String,
    path: PathBuf,
}

impl Kennel {
    /// The apps of `spec`, whether it runs or not; their names for `locale`, and with `pictures` what
    /// their icons look like.
    pub fn apps(
        &self,
        spec: &PetSpec,
        locale: &str,
        pictures: bool,
    ) -> Result<Vec<PetApp>, KennelError> {
        let record = self.exports_of(spec)?;
        let is_exported = |id: &str| record.apps.iter().any(|app| app.entry.id == id);
        let show = |(app, icon): (AppEntry, Option<Icon>)| PetApp {
            name: app.name(locale).to_owned(),
            icon: Some(app.icon).filter(|icon| !icon.is_empty()),
            picture: icon.map(|icon| icon.base64),
            terminal: app.terminal,
            exported: is_exported(&app.id),
            id: app.id,
        };
        let apps = self.find_apps(spec, pictures)?;
        Ok(apps.into_iter().map(show).collect())
    }

    /// Puts the app `id` of `spec` among the host's.
    pub fn export_app(&self, spec: &PetSpec, id: &str) -> Result<(), KennelError> {
        let _lock = self.lock(spec)?;
        let mut apps = self.find_apps(spec, false)?.into_iter();
        let (entry, _) = apps
            .find(|(app, _)| app.id == id)
            .ok_or_else(|| missing(spec, phrase("app “{app}”").with("app", id)))?;
        let mut record = self.exports_of(spec)?;
        record.apps.retain(|app| {
            let stays = app.entry.id != id;
            if !stays {
                // The app may have another icon now, of another form.
                remove_app(app);
            }
            stays
        });
        let applications = self.paths.desktop_data().join("applications");
        make_directory(&applications)?;
        let app = ExportedApp {
            path: applications.join(file_stem(&spec.id, id) + ".desktop"),
            icon: self.export_icon(spec, &entry)?,
            entry,
        };
        write_app(&self.paths, spec, &app)?;
        record.apps.push(app);
        self.write_exports(spec, &record)
    }

    /// Makes `command` of `spec` a command of the host; where it is then.
    pub fn export_command(&self, spec: &PetSpec, command: &str) -> Result<PathBuf, KennelError> {
        let _lock = self.lock(spec)?;
        let absent = || missing(spec, phrase("command “{command}”").with("command", command));
        let Found::Program(Some(program)) = self.look(spec, Wanted::Program(command.to_owned()))?
        else {
            return Err(absent());
        };
        let name = program.file_name().and_then(|name| name.to_str());
        let name = name.filter(|name| is_id(name)).ok_or_else(absent)?;
        let directory = self.account.home.join(".local/bin");
        make_directory(&directory)?;
        let path = directory.join(name);
        // Also not one of another pet's.
        if path.symlink_metadata().is_ok() && !is_ours(&path, spec) {
            return Err(KennelError::InTheWay(path));
        }
        let text = launcher::script(
            &spec.id,
            &own_path(&self.paths)?,
            &program.to_string_lossy(),
        );
        files::replace(&path, text.as_bytes()).map_err(KennelError::io(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
            .map_err(KennelError::io(&path))?;
        let mut record = self.exports_of(spec)?;
        record.commands.retain(|other| other.name != name);
        record.commands.push(ExportedCommand {
            name: name.to_owned(),
            path: path.clone(),
        });
        self.write_exports(spec, &record)?;
        Ok(path)
    }

    /// Takes an export back.
    pub fn unexport(
        &self,
        spec: &PetSpec,
        kind: ExportKind,
        name: &str,
    ) -> Result<(), KennelError> {
        let _lock = self.lock(spec)?;
        let mut record = self.exports_of(spec)?;
        let before = record.apps.len() + record.commands.len();
        match kind {
            ExportKind::App => record.apps.retain(|app| {
                let stays = app.entry.id != name;
                if !stays {
                    remove_app(app);
                }
                stays
            }),
            ExportKind::Bin => record.commands.retain(|command| {
                let stays = command.name != name;
                if !stays {
                    remove_command(spec, command);
                }
                stays
            }),
        }
        if before == record.apps.len() + record.commands.len() {
            return Err(missing(
                spec,
                phrase("export “{export}”").with("export", name),
            ));
        }
        self.write_exports(spec, &record)
    }

    /// What of `spec` is on the host.
    pub fn exports(&self, spec: &PetSpec) -> Result<Vec<Exported>, KennelError> {
        let record = self.exports_of(spec)?;
        let one = |kind, name: &str, path: &Path| Exported {
            pet: spec.name.clone(),
            kind,
            name: name.to_owned(),
            path: path.to_owned(),
        };
        let apps = record.apps.iter();
        let apps = apps.map(|app| one(ExportKind::App, &app.entry.id, &app.path));
        let commands = record.commands.iter();
        let commands = commands.map(|command| one(ExportKind::Bin, &command.name, &command.path));
        Ok(apps.chain(commands).collect())
    }

    /// After a rename or an edit: the host's entries show the new name, and what the pet now sees.
    pub(super) fn repair_exports(&self, spec: &PetSpec) -> Result<(), KennelError> {
        let record = self.exports_of(spec)?;
        record
            .apps
            .iter()
            .try_for_each(|app| write_app(&self.paths, spec, app))
    }

    /// Before `spec` is deleted, and of pets that are gone already.
    pub(super) fn remove_exports(&self, spec: &PetSpec) {
        // A record that does not read must not keep a pet from being deleted.
        if let Ok(record) = self.exports_of(spec) {
            record.apps.iter().for_each(remove_app);
            let commands = record.commands.iter();
            commands.for_each(|command| remove_command(spec, command));
        }
        self.sweep_entries();
    }

    /// Entries and icons of pets that are gone otherwise than by us.
    fn sweep_entries(&self) {
        let data = self.paths.desktop_data();
        let sizes = fs::read_dir(data.join("icons/hicolor"));
        let sizes = sizes.into_iter().flatten().flatten();
        let icons = sizes.map(|size| size.path().join("apps"));
        for directory in icons.chain([data.join("applications")]) {
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                let name = entry.file_name();
                let id = name
                    .to_str()
                    .and_then(|name| name.strip_prefix("kennel-")?.split('-').next());
                let Some(Ok(id)) = id.map(str::parse::<kennel_model::PetId>) else {
                    continue;
                };
                if !self.paths.pet(&id).exists() {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// The apps that the person's desktop shows.
    fn find_apps(
        &self,
        spec: &PetSpec,
        icons: bool,
    ) -> Result<Vec<(AppEntry, Option<Icon>)>, KennelError> {
        let Found::Apps(mut apps) = self.look(spec, Wanted::Apps { icons })? else {
            return Ok(Vec::new());
        };
        let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
        apps.retain(|(app, _)| app.is_shown_in(&desktop));
        Ok(apps)
    }

    /// Copies the icon of `entry` to the host's; where to, or nothing when the pet has none.
    fn export_icon(
        &self,
        spec: &PetSpec,
        entry: &AppEntry,
    ) -> Result<Option<PathBuf>, KennelError> {
        let found = self.look(spec, Wanted::Icon(entry.icon.clone()))?;
        let Found::Icon(Some(icon)) = found else {
            return Ok(None);
        };
        let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(icon.base64) else {
            return Ok(None);
        };
        let theme = self.paths.desktop_data().join("icons/hicolor");
        let directory = theme.join(icon.size).join("apps");
        make_directory(&directory)?;
        let stem = file_stem(&spec.id, &entry.id);
        let path = directory.join(format!("{stem}.{}", icon.ending));
        files::replace(&path, &bytes).map_err(KennelError::io(&path))?;
        Ok(Some(path))
    }

    /// Looks into the files of `spec`, through its layers: it need not run, and does not notice.
    fn look(&self, spec: &PetSpec, wanted: Wanted) -> Result<Found, KennelError> {
        let directory = self.paths.pet(&spec.id);
        let store = self.store()?;
        let key = self.mapping.key();
        let upper = Some(directory.join("upper")).filter(|upper| upper.is_dir());
        let layers = spec.image.layers.iter().rev();
        let layers = layers.map(|layer| store.layer_path(&key, layer));
        let unpacker = self.unpacker();
        let place = store.workspace(&unpacker)?;
        let query = Query {
            layers: upper.into_iter().chain(layers).collect(),
            home: (spec.home == HomeMode::Private)
                .then(|| (directory.join("home"), self.account.home.clone())),
            place: place.path().to_owned(),
            wanted,
        };
        let bad = |error: serde_json::Error| KennelError::io(&directory)(error.into());
        let text = serde_json::to_string(&query).map_err(bad)?;
        let answer = Stage::spawn(&self.mapping, "look", &[text.as_ref()], None)?.finish()?;
        serde_json::from_str(&answer).map_err(bad)
    }

    fn exports_of(&self, spec: &PetSpec) -> Result<Record, KennelError> {
        let path = self.paths.pet(&spec.id).join("exports.json");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Record {
                    version: VERSION,
                    apps: Vec::new(),
                    commands: Vec::new(),
                });
            }
            Err(error) => return Err(KennelError::io(path)(error)),
        };
        let bad = |reason: String| KennelError::BadSpec {
            path: path.clone(),
            reason,
        };
        let record: Record =
            serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if record.version == VERSION {
            Ok(record)
        } else {
            Err(bad(format!("its version is not {VERSION}")))
        }
    }

    fn write_exports(&self, spec: &PetSpec, record: &Record) -> Result<(), KennelError> {
        let path = self.paths.pet(&spec.id).join("exports.json");
        let text = serde_json::to_vec_pretty(record)
            .map_err(|error| KennelError::io(&path)(error.into()))?;
        files::replace(&path, &text).map_err(KennelError::io(path))
    }
}

fn missing(spec: &PetSpec, what: Phrase) -> KennelError {
    KennelError::NotInPet {
        pet: spec.name.to_string(),
        what,
    }
}

fn make_directory(path: &Path) -> Result<(), KennelError> {
    fs::create_dir_all(path).map_err(KennelError::io(path))
}

/// The path by which the host starts us.
fn own_path(paths: &Paths) -> Result<String, KennelError> {
    let path = std::env::current_exe().map_err(KennelError::io("/proc/self/exe"))?;
    let path = lasting_path(paths, &path).unwrap_or(path);
    Ok(path.to_string_lossy().into_owned())
}

fn write_app(paths: &Paths, spec: &PetSpec, app: &ExportedApp) -> Result<(), KennelError> {
    let pet = launcher::Pet {
        id: &spec.id,
        name: &spec.name,
        sees_files: spec.home == HomeMode::Shared,
    };
    let host = launcher::Host {
        kennel: &own_path(paths)?,
        icon: &icon_name(spec, app),
        has_same_app: has_app(paths, &app.entry.id),
    };
    let text = desktop_entry(&app.entry, pet, host);
    files::replace(&app.path, text.as_bytes()).map_err(KennelError::io(&app.path))
}

/// The name of the app's icon on the host. One that the pet has not may be of a theme that the host has.
fn icon_name(spec: &PetSpec, app: &ExportedApp) -> String {
    match (&app.icon, app.entry.icon.as_str()) {
        (Some(_), _) => file_stem(&spec.id, &app.entry.id),
        (None, name) if is_id(name) => name.to_owned(),
        (None, _) => "application-x-executable".to_owned(),
    }
}

/// Whether the host has an app `id` of its own.
fn has_app(paths: &Paths, id: &str) -> bool {
    let directories = std::env::var("XDG_DATA_DIRS").unwrap_or_default();
    let directories = match directories.as_str() {
        "" => "/usr/local/share:/usr/share",
        chosen => chosen,
    };
    let system = directories.split(':').map(PathBuf::from);
    let mut all = system.chain([paths.desktop_data().to_owned()]);
    all.any(|data| data.join(format!("applications/{id}.desktop")).exists())
}

fn remove_app(app: &ExportedApp) {
    let _ = fs::remove_file(&app.path);
    if let Some(icon) = &app.icon {
        let _ = fs::remove_file(icon);
    }
}

/// Whether `path` is a script that exports something of `spec`.
fn is_ours(path: &Path, spec: &PetSpec) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|status| status.is_file());
    is_file
        && fs::read_to_string(path)
            .is_ok_and(|text| text.lines().nth(1) == Some(marker(&spec.id).as_str()))
}

fn remove_command(spec: &PetSpec, command: &ExportedCommand) {
    if is_ours(&command.path, spec) {
        let _ = fs::remove_file(&command.path);
    }
}
