//! Files in the shapes that projects use, and files that cannot be followed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use kennel_model::{
    Bound, HomeMode, InitMode, NetworkMode, Preset, ProjectFormat, ProjectProposal, SetupCommand,
    SetupUser, Share, UserError,
};

use super::{ProjectError, ProjectFacts, parse};

mod devcontainers;
mod public_shapes;

/// Everything below the project folder is there but `missing`.
fn reach(path: &Path) -> io::Result<PathBuf> {
    if path.ends_with("missing") {
        return Err(io::ErrorKind::NotFound.into());
    }
    if path.ends_with("secret") {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(path.components().collect())
}

fn all(format: ProjectFormat, text: &str) -> Result<Vec<ProjectProposal>, ProjectError> {
    let environment = BTreeMap::from([
        ("HOME".to_owned(), "/home/ada".to_owned()),
        ("BIG".to_owned(), "x".repeat(20_000)),
    ]);
    let facts = ProjectFacts {
        folder: Path::new("/home/ada/src/webshop"),
        home: Path::new("/home/ada"),
        environment: &environment,
        reach: &reach,
    };
    parse(
        format,
        Path::new("/home/ada/src/webshop/file"),
        text,
        &facts,
    )
}

fn one(format: ProjectFormat, text: &str) -> ProjectProposal {
    match all(format, text).map_err(UserError::from) {
        Ok(mut proposals) if proposals.len() == 1 => proposals.remove(0),
        other => panic!("{other:?}"),
    }
}

/// The place, what is wrong and what to do, as the person reads it.
fn refused(format: ProjectFormat, text: &str) -> String {
    let error = all(format, text).expect_err("refused");
    let text = UserError::from(error).to_string();
    assert_eq!(text.lines().count(), 1, "{text}");
    text.replace("/home/ada/src/webshop/file:", "")
}

/// Each text and how its error begins.
fn all_refused(format: ProjectFormat, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, want)| (text, want, refused(format, text)))
        .filter(|(_, want, said)| !said.starts_with(**want))
        .map(|(text, want, said)| format!("{text:?}\n  says {said}\n  not  {want}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn lines(steps: &[kennel_model::SetupStep]) -> Vec<String> {
    let shown = steps
        .iter()
        .map(|step| format!("{}: {}", step.name, step.command));
    shown.collect()
}

#[test]
fn the_documented_example_is_followed() {
    let documentation = include_str!("../../../../docs/PROJECT-FILES.md");
    let example = documentation
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let pet = one(ProjectFormat::Kennel, example.unwrap_or_default());
    assert_eq!(pet.image, "docker.io/library/debian:13");
    assert_eq!(
        pet.name.as_ref().map(kennel_model::PetName::as_str),
        Some("webshop")
    );
    let choices = pet.choices;
    assert_eq!(choices.preset, Some(Preset::Project));
    assert_eq!(choices.network, Some(NetworkMode::Private));
    assert_eq!(choices.share, [Share::SshAgent]);
    assert_eq!(choices.mounts.len(), 2);
    assert_eq!(
        choices.mounts[0].source,
        Path::new("/home/ada/src/webshop/fixtures")
    );
    assert!(choices.mounts[0].read_only);
    assert_eq!(choices.ports.len(), 3);
    assert_eq!(choices.limits.memory, Some(Bound::At(2 << 30)));
    assert_eq!(choices.env["NODE_ENV"], "development");
    assert_eq!(pet.setup.packages, ["git", "nodejs"]);
    assert_eq!(
        lines(&pet.setup.once),
        [
            "setup 1: npm install",
            "database: service postgresql start",
            "setup 3: git config --global pull.rebase true",
        ]
    );
    assert_eq!(pet.setup.once[1].user, SetupUser::Root);
    assert_eq!(pet.setup.once[1].timeout, Some(300));
    assert_eq!(
        lines(&pet.setup.each_start),
        ["each_start 1: date > /tmp/started"]
    );
}

#[test]
fn a_mistake_in_kennel_toml_names_its_place() {
    let image = "image = \"x\"\n";
    all_refused(
        ProjectFormat::Kennel,
        &[
            (
                "",
                "1:1: the file names no image: add a line such as image = \"docker.io/library/debian:13\"",
            ),
            ("imge = \"x\"\n", "1:1: the file names no image"),
            (
                "image = \"x\"\nprset = \"sealed\"",
                "2:1: there is no key “prset”: did you mean “preset”?",
            ),
            (
                "image = \"x\"\nzzzzzzzzz = 1",
                "2:1: there is no key “zzzzzzzzz”: the keys are image, ",
            ),
            ("image = 7", "1:9: “image” is a number: write a text"),
            (
                "image = \"x\"\npackages = \"git\"",
                "2:12: “packages” is a text: write a list",
            ),
            (
                "image = \"x\"\npackages = [\n \"git\",\n 7]",
                "4:2: “packages” is a number: write a text",
            ),
            (
                "image = \"x\"\npackages = [\"-oDpkg::x\"]",
                "2:13: “-oDpkg::x” is not the name of a package",
            ),
            (
                "image = \"x\"\npackages = [\"a b\"]",
                "2:13: “a b” is not the name of a package",
            ),
            (
                "image = \"x\"\nmounts = [\"missing:/x\"]",
                "2:11: /home/ada/src/webshop/missing is not there: make it",
            ),
            (
                "image = \"x\"\nmounts = [\"secret\"]",
                "2:11: /home/ada/src/webshop/secret cannot be mounted: permission denied",
            ),
            (
                "image = \"x\"\nmounts = [\"a:b\"]",
                "2:11: “a:b” is not SRC[:DST][:ro]",
            ),
            (
                "image = \"x\"\nmounts = [\"a:/../b\"]",
                "2:11: “/../b” is not an absolute path in the pet",
            ),
            (
                "image = \"x\"\nmounts = [{ target = \"/x\" }]",
                "2:11: this mount has no source",
            ),
            (
                "image = \"x\"\nmounts = [{ source = \"a\", readonly = true }]",
                "2:27: there is no key “readonly”: did you mean “read_only”?",
            ),
            (
                "image = \"x\"\nports = [80]",
                "2:10: ports lead into a network of the pet's own: add network = \"private\"",
            ),
            (
                "image = \"x\"\nnetwork = \"private\"\nports = [0]",
                "3:10: \"0\" is not a port",
            ),
            (
                "image = \"x\"\nhome = \"mine\"",
                "2:8: “home” cannot be “mine”: write one of shared, private",
            ),
            (
                "image = \"x\"\nshares = [\"screen\"]",
                "2:11: “shares” cannot be “screen”: write one of",
            ),
            (
                "image = \"x\"\nname = \"Web Shop\"",
                "2:8: 'W' cannot be part of a name: use lower-case letters, digits, “-”, “_” and “.”: write it as web-shop",
            ),
            (
                "image = \"x\"\nsetup = [{ name = \"a\" }]",
                "2:10: this step runs nothing: add run",
            ),
            (
                "image = \"x\"\nsetup = [{ run = [] }]",
                "2:10: this step runs nothing",
            ),
            (
                "image = \"x\"\nsetup = [{ run = \"a\", timeout = \"5\" }]",
                "2:33: “5” is not a time",
            ),
            (
                "image = \"x\"\nsetup = [{ run = \"a\", user = \"ada\" }]",
                "2:30: “user” cannot be “ada”: write one of person, root",
            ),
            (
                "image = \"x\"\nsudo = \"yes\"",
                "2:8: “sudo” is a text: write true or false",
            ),
            (
                "image = \"x\"\n[limits]\nmemory = \"lots\"",
                "3:10: \"lots\" is not a size",
            ),
            (
                "image = \"x\"\n[limits]\ncpu = 1",
                "3:1: there is no key “cpu”: did you mean “cpus”?",
            ),
            (
                "image = \"x\"\n[alerts]\ncpu_percent = 120",
                "3:15: \"120\" is not a whole number from 1 to 100",
            ),
            (
                "image = \"x\"\n[alerts]\nenabled = false",
                "3:1: there is no key “enabled”",
            ),
            (
                "image = \"x\"\n[env]\nA = true",
                "3:5: “A” is true or false: write a text or a number",
            ),
            (
                "image = \"x\"\nworkdir = \"src\"",
                "2:11: “src” is not an absolute path in the pet",
            ),
            (
                "image = \"x\"\nulimits = [\"files=1\"]",
                "2:12: there is no limit called \"files\"",
            ),
            ("image = \"x\"\nimage = \"y\"", "2:1: duplicate key"),
            (
                "image = \"quay.io/An Image\"",
                "1:9: \"quay.io/An Image\" is not an image reference",
            ),
            (
                "image = \"x\"\nhome = \"\\u001b[2J\\u202e\"",
                "2:8: “home” cannot be “\\u{1b}[2J\\u{202e}”",
            ),
            ("image = \"x", "1:"),
        ],
    );
    assert_eq!(one(ProjectFormat::Kennel, image).image, "x");
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let deep = 200_000;
    let toml = format!("image = {}{}", "[".repeat(deep), "]".repeat(deep));
    refused(ProjectFormat::Kennel, &toml);
    let json = format!("{}{}", "{\"image\":".repeat(deep), "}".repeat(deep));
    refused(ProjectFormat::Devcontainer, &json);
    refused(ProjectFormat::Devcontainer, &"[".repeat(deep));
}

#[test]
fn sections_of_an_assemble_file_are_pets() {
    let text = r#"
# a comment
[base]
image=quay.io/fedora/fedora:42
additional_packages="git vim"
additional_packages=tmux

[web]
include=base
additional_packages=nodejs
init_hooks="npm config set color always"
init_hooks=touch /etc/made
pre_init_hooks=add-repository
volume=/srv/data:/data:ro ~/cache
home=/srv/home
hostname=web.box
init=true
unshare_netns=true
exported_apps="htop"
pull=true
nvidia=true
"#;
    let pets = all(ProjectFormat::Assemble, text).expect("two pets");
    let names: Vec<_> = pets
        .iter()
        .flat_map(|pet| &pet.name)
        .map(kennel_model::PetName::as_str)
        .collect();
    assert_eq!(names, ["base", "web"]);
    let web = &pets[1];
    assert_eq!(web.image, "quay.io/fedora/fedora:42");
    assert_eq!(web.setup.packages, ["git", "vim", "tmux", "nodejs"]);
    assert_eq!(
        lines(&web.setup.once),
        [
            "init_hooks 1: npm config set color always",
            "init_hooks 2: touch /etc/made",
        ]
    );
    // What adds a repository comes before the packages from it.
    assert_eq!(
        lines(&web.setup.first),
        ["pre_init_hooks 1: add-repository"]
    );
    assert!(
        web.setup
            .once
            .iter()
            .all(|step| step.user == SetupUser::Root)
    );
    assert_eq!(web.choices.mounts.len(), 2);
    assert_eq!(web.choices.mounts[0].target, Path::new("/data"));
    assert_eq!(web.choices.home, Some(HomeMode::Private));
    assert_eq!(web.choices.init, Some(InitMode::Image));
    assert_eq!(web.choices.network, Some(NetworkMode::Private));
    assert_eq!(web.choices.project, None);
    assert_eq!(web.notes.len(), 2, "{:?}", web.notes);
    let single = one(ProjectFormat::Assemble, "[a]\nimage=x\n");
    assert!(single.choices.project.is_some());
}

#[test]
fn a_mistake_in_an_assemble_file_names_its_line() {
    all_refused(
        ProjectFormat::Assemble,
        &[
            ("", "1:1: the file describes no pet"),
            ("image=x", "1:1: this stands before any section"),
            ("[a]\nimage", "2:1: this is neither [NAME] nor KEY=VALUE"),
            ("[a]\nhostname=x", "1:2: [a] names no image"),
            (
                "[a]\nimage=x\nimges=y",
                "3:1: there is no key “imges”: did you mean “image”?",
            ),
            ("[a]\nimage=x\nroot=true", "3:1: a pet never runs as root"),
            ("[a]\nclone=b", "2:1: not supported yet: clone"),
            (
                "[a]\nimage=x\nvolume=missing:/x",
                "3:8: /home/ada/src/webshop/missing is not there",
            ),
            (
                "[Dev_Box]\nimage=x",
                "1:2: 'D' cannot be part of a name: use lower-case letters, digits, “-”, “_” and “.”: write it as dev_box",
            ),
            (
                "[a]\nimage=x\nimage=y",
                "3:1: “image” is there twice in [a]: leave one of them out",
            ),
            (
                "[a]\nimage=x\ninit=maybe",
                "3:6: “init” cannot be “maybe”: write true or false",
            ),
            (
                "[a]\nimage=x\nvolume=\"$NOWHERE/a:/a\"",
                "3:8: there is no variable $NOWHERE: write the path itself",
            ),
            (
                "[a]\nimage=quay.io/a b",
                "2:7: \"quay.io/a b\" is not an image reference",
            ),
            ("[a]\nimage=x\n[a]\n", "3:1: there are two sections [a]"),
            ("[a]\ninclude=b", "2:9: there is no section [b]"),
            (
                "[a]\ninclude=b\n[b]\ninclude=a",
                "2:1: these sections include each other",
            ),
        ],
    );
}

#[test]
fn toolbox_conf_names_an_image() {
    let image = |text: &str| one(ProjectFormat::Toolbox, text).image;
    assert_eq!(
        image("[general]\nimage = \"quay.io/a/b:1\""),
        "quay.io/a/b:1"
    );
    assert_eq!(
        image("[general]\ndistro = \"fedora\"\nrelease = \"f42\""),
        "registry.fedoraproject.org/fedora-toolbox:42"
    );
    assert_eq!(
        image("[general]\ndistro = \"rhel\"\nrelease = 9.5"),
        "registry.access.redhat.com/ubi9/toolbox:9.5"
    );
    assert!(refused(ProjectFormat::Toolbox, "").starts_with("1:1: the file names neither"));
    assert!(
        refused(ProjectFormat::Toolbox, "[general]\ndistro = \"beos\"")
            .starts_with("2:10: it is not known which image toolbox has for “beos”")
    );
    assert!(
        refused(ProjectFormat::Toolbox, "[general]\ndistor = \"fedora\"")
            .starts_with("2:1: there is no key “distor”: did you mean “distro”?")
    );
}

#[test]
fn an_assemble_file_is_read_as_distrobox_reads_it() {
    let text = r##"[arch] # also behind a section
image=docker.io/library/archlinux:latest # and behind a value
  additional_packages = "git vim"
init_hooks=echo 'a # b' "c # d"#e # f
init_hooks=GOPATH="${HOME}/go" go install x@latest;
volume="$HOME/data:/data ${HOME}/more:/more:ro"
root=false
replace=true
start_now=true
unshare_ipc=true
"##;
    let pet = one(ProjectFormat::Assemble, text);
    assert_eq!(pet.image, "docker.io/library/archlinux:latest");
    assert_eq!(pet.setup.packages, ["git", "vim"]);
    assert_eq!(
        lines(&pet.setup.once),
        [
            "init_hooks 1: echo 'a # b' \"c # d\"#e",
            "init_hooks 2: GOPATH=\"${HOME}/go\" go install x@latest;",
        ]
    );
    let mounts = &pet.choices.mounts;
    assert_eq!(mounts[0].source, Path::new("/home/ada/data"));
    assert_eq!(mounts[1].source, Path::new("/home/ada/more"));
    assert!(mounts[1].read_only && !mounts[0].read_only);
    // A section that includes another may say its image anew.
    let text = "[base]\nimage=a.io/b\n[own]\ninclude=base\nimage=a.io/c\n";
    let pets = all(ProjectFormat::Assemble, text).expect("two pets");
    assert_eq!(pets[1].image, "a.io/c");
}

#[test]
fn an_image_in_a_file_is_one_of_the_project() {
    let image = |text: &str| one(ProjectFormat::Kennel, text).image;
    let below = "/home/ada/src/webshop/base.tar";
    assert_eq!(
        image("image = \"rootfs:base.tar\""),
        format!("rootfs:{below}")
    );
    assert_eq!(image("image = \"/srv/base.tar\""), "file:/srv/base.tar");
    assert_eq!(image("image = \"debian\""), "debian");
}

#[test]
fn an_error_quotes_no_more_than_can_be_read() {
    let text = format!("image = \"x\"\nhome = \"{}\"", "x".repeat(100_000));
    assert!(refused(ProjectFormat::Kennel, &text).len() < 1000);
    let text = format!("image = \"x\"\n{} = 1", "x".repeat(100_000));
    assert!(refused(ProjectFormat::Kennel, &text).len() < 2000);
}

#[test]
fn the_name_of_a_step_hides_nothing_wherever_it_is_said() {
    let text = "image = \"x\"\nsetup = [{ name = \"\\u001b[2J\", run = \"a\" }]";
    let pet = one(ProjectFormat::Kennel, text);
    assert_eq!(pet.setup.once[0].name, "\\u{1b}[2J");
    let text = "{ \"image\": \"x\", \"postCreateCommand\": { \"\\u202ea\": \"true\" } }";
    let pet = one(ProjectFormat::Devcontainer, text);
    assert_eq!(pet.setup.once[0].name, "postCreateCommand (\\u{202e}a)");
}
