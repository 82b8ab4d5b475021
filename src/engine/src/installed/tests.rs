#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

struct Host {
    _directory: tempfile::TempDir,
    paths: Paths,
    bin: PathBuf,
    source: PathBuf,
}

fn host() -> Host {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data/kennel");
    let source = directory.path().join("shipped");
    fs::write(&source, "version one").unwrap();
    Host {
        bin: data.join("bin"),
        paths: Paths {
            state: directory.path().join("state"),
            runtime: directory.path().join("run"),
            data,
        },
        source,
        _directory: directory,
    }
}

fn copies(bin: &Path) -> Vec<String> {
    let names = fs::read_dir(bin).unwrap().flatten();
    let mut names: Vec<String> = names
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != ".lock" && name != CURRENT)
        .collect();
    names.sort();
    names
}

#[test]
fn a_copy_is_named_by_its_content_and_can_run() {
    let host = host();
    let program = install(&host.paths, &host.source).unwrap();
    assert_eq!(fs::read_to_string(&program).unwrap(), "version one");
    assert_eq!(
        program.metadata().unwrap().permissions().mode() & 0o777,
        0o700
    );
    let name = program.parent().unwrap().file_name().unwrap();
    assert_eq!(name.len(), 64);
    let lasting = lasting_path(&host.paths, &program).unwrap();
    assert_eq!(fs::read_to_string(lasting).unwrap(), "version one");
    assert_eq!(copies(&host.bin).len(), 1);
}

#[test]
fn an_update_takes_the_place_and_the_old_copy_goes() {
    let host = host();
    let old = install(&host.paths, &host.source).unwrap();
    let lasting = lasting_path(&host.paths, &old).unwrap();
    fs::write(&host.source, "version two").unwrap();
    let new = install(&host.paths, &host.source).unwrap();
    assert_ne!(old, new);
    assert_eq!(fs::read_to_string(lasting).unwrap(), "version two");
    assert!(!old.exists());
    assert_eq!(copies(&host.bin).len(), 1);
}

#[test]
fn a_copy_that_runs_stays() {
    let host = host();
    fs::copy("/bin/sleep", &host.source).unwrap();
    let old = install(&host.paths, &host.source).unwrap();
    let mut pet = std::process::Command::new(&old).arg("60").spawn().unwrap();
    fs::write(&host.source, "version two").unwrap();
    install(&host.paths, &host.source).unwrap();
    assert!(old.exists());
    pet.kill().unwrap();
    pet.wait().unwrap();
    install(&host.paths, &host.source).unwrap();
    assert!(!old.exists());
}

#[test]
fn a_damaged_copy_is_replaced() {
    let host = host();
    let program = install(&host.paths, &host.source).unwrap();
    for damage in ["", "version 0ne"] {
        fs::write(&program, damage).unwrap();
        assert_eq!(install(&host.paths, &host.source).unwrap(), program);
        assert_eq!(fs::read_to_string(&program).unwrap(), "version one");
    }
    fs::set_permissions(&program, fs::Permissions::from_mode(0o600)).unwrap();
    install(&host.paths, &host.source).unwrap();
    assert_eq!(
        program.metadata().unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(copies(&host.bin).len(), 1);
}

#[test]
fn what_a_killed_install_left_is_removed() {
    let host = host();
    fs::create_dir_all(host.bin.join(".unfinished-abc")).unwrap();
    fs::write(host.bin.join(".unfinished-abc/kennel"), "vers").unwrap();
    fs::create_dir_all(host.bin.join("notes")).unwrap();
    install(&host.paths, &host.source).unwrap();
    let left = copies(&host.bin);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&"notes".to_owned()));
}

#[test]
fn two_starts_at_once_agree() {
    let host = host();
    let (paths, source) = (&host.paths, &host.source);
    let programs: Vec<PathBuf> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| scope.spawn(move || install(paths, source).unwrap()))
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    assert!(programs.iter().all(|program| *program == programs[0]));
    assert_eq!(copies(&host.bin).len(), 1);
}

#[test]
fn only_a_copy_has_a_lasting_path() {
    let host = host();
    for other in ["/usr/bin/kennel", "build/bin/kennel"] {
        assert_eq!(lasting_path(&host.paths, Path::new(other)), None);
    }
    let strange = host.bin.join("current/kennel");
    assert_eq!(lasting_path(&host.paths, &strange), None);
}
