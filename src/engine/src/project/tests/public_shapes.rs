//! devcontainer.json files in the shapes that well-known public projects write.

use super::*;

fn pet(text: &str) -> ProjectProposal {
    one(ProjectFormat::Devcontainer, text)
}

/// Each mount as `SOURCE:TARGET`, `:ro` behind.
fn mounts(pet: &ProjectProposal) -> Vec<String> {
    let shown = pet.choices.mounts.iter().map(|mount| {
        let end = if mount.read_only { ":ro" } else { "" };
        format!("{}:{}{end}", mount.source.display(), mount.target.display())
    });
    shown.collect()
}

/// The way of an interpreter's repository: comments within arrays, programs and lines by name.
#[test]
fn an_interpreter() {
    let pet = pet(r#"{
    "image": "ghcr.io/example/devcontainer:2024.09.25",
    "onCreateCommand": [
        // The usual tools.
        "dnf", "install", "-y",
        "which",
        /* for the step below */ "/usr/bin/setfacl"
    ],
    "updateContentCommand": {
        // `nproc` needs a shell.
        "build": "./configure --with-pydebug && make -s -j `nproc`",
        "docs": ["make", "--directory", "Doc", "venv html"]
    },
    "postCreateCommand": {
        "umask fix: workspace": ["sudo", "setfacl", "-bnR", "."],
    },
    "customizations": { "vscode": { "settings": { "a": 1, "[x]": { "b": 2 }, "a": 3 } } }
}"#);
    assert_eq!(
        lines(&pet.setup.once),
        [
            "onCreateCommand: dnf install -y which /usr/bin/setfacl",
            "updateContentCommand (build): ./configure --with-pydebug && make -s -j `nproc`",
            "updateContentCommand (docs): make --directory Doc 'venv html'",
            "postCreateCommand (umask fix: workspace): sudo setfacl -bnR .",
        ]
    );
    assert_eq!(pet.notes, ["“customizations” is for editors and left out"]);
}

/// The way of a runtime's repository: an image of Docker Hub, its workspace somewhere else, build
/// output in a volume below it.
#[test]
fn a_runtime_with_a_build_volume() {
    let pet = pet(r#"{
  "name": "A Runtime's Dev Container",
  "image": "example/devcontainer:nightly",
  "workspaceMount": "source=${localWorkspaceFolder},target=/home/developer/runtime,type=bind,consistency=cached",
  "workspaceFolder": "/home/developer/runtime",
  "remoteUser": "developer",
  "mounts": [ "source=build-cache,target=/home/developer/runtime/out,type=volume" ],
  "postStartCommand": "cp /opt/envrc ${containerWorkspaceFolder}/.envrc && direnv allow ${containerWorkspaceFolder}"
}"#);
    assert_eq!(pet.image, "docker.io/example/devcontainer:nightly");
    assert_eq!(
        mounts(&pet),
        ["/home/ada/src/webshop:/home/developer/runtime"]
    );
    assert_eq!(
        lines(&pet.setup.each_start),
        [
            "postStartCommand: cp /opt/envrc /home/developer/runtime/.envrc && direnv allow /home/developer/runtime"
        ]
    );
    assert_eq!(
        pet.notes,
        [
            "a mount of type volume is left out, what is written to /home/developer/runtime/out goes to the project folder",
            "you are yourself in the pet, not “developer”",
        ]
    );
}

/// A clone in a volume: where the file expects the project, it is.
#[test]
fn a_workspace_in_a_volume_is_the_project_folder() {
    let pet = pet(r#"{
    "image": "debian",
    "workspaceMount": "source=work,target=/workspaces/app,type=volume",
    "workspaceFolder": "/workspaces/app"
}"#);
    assert_eq!(pet.image, "docker.io/library/debian:latest");
    assert_eq!(mounts(&pet), ["/home/ada/src/webshop:/workspaces/app"]);
    assert_eq!(
        pet.choices.workdir.as_deref(),
        Some(Path::new("/workspaces/app"))
    );
}

/// Keys and credentials of the host, as strings and objects, with the two homes of two systems.
#[test]
fn mounts_in_every_form() {
    let pet = pet(r#"{
    "image": "mcr.microsoft.com/devcontainers/base:ubuntu",
    "mounts": [
        "type=bind,source=${localEnv:HOME}${localEnv:USERPROFILE}/.ssh,target=/home/vscode/.ssh,readonly",
        { "source": "${localWorkspaceFolder}/../shared", "target": "/shared", "type": "bind", "readonly": true },
        { "source": "history-${devcontainerId}", "target": "/commandhistory" },
        "src=./data,dst=/data,type=bind,consistency=delegated",
        "type=tmpfs,target=/run/scratch",
    ],
    "remoteUser": "vscode",
}"#);
    assert_eq!(
        mounts(&pet),
        [
            "/home/ada/.ssh:/home/vscode/.ssh:ro",
            "/home/ada/src/webshop/../shared:/shared:ro",
            "/home/ada/src/webshop/data:/data",
        ]
    );
    assert_eq!(
        pet.notes[..2],
        [
            "a mount of type volume is left out, what is written to /commandhistory stays in the pet",
            "a mount of type tmpfs is left out, what is written to /run/scratch stays in the pet",
        ]
    );
}

/// Everything that only says how editors and clouds work with it.
#[test]
fn what_is_for_others_is_left_out() {
    let pet = pet(r#"{
    "$schema": "https://example.org/devContainer.schema.json",
    "image": "mcr.microsoft.com/devcontainers/universal:2",
    "features": {
        // "ghcr.io/devcontainers/features/node:1": {}
    },
    "build": {}, "dockerComposeFile": [], "mounts": [], "forwardPorts": [], "runArgs": [],
    "hostRequirements": { "gpu": "optional", "memory": "8gb", "storage": "32gb" },
    "waitFor": "onCreateCommand", "userEnvProbe": "loginInteractiveShell",
    "overrideCommand": false, "init": true, "updateRemoteUserUID": true,
    "otherPortsAttributes": { "onAutoForward": "silent" },
    "secrets": { "API_KEY": { "description": "a key" } },
    "securityOpt": ["seccomp=unconfined"],
    "privileged": true,
    "extensions": ["a.b"], "settings": { "x": null },
    "postAttachCommand": { "server": "streamlit run app.py --server.enableCORS false" },
    "onCreateCommand": null,
    "postCreatCommand": "true"
}"#);
    assert_eq!(pet.choices.mounts, []);
    assert_eq!(pet.setup, kennel_model::SetupPlan::default());
    assert_eq!(
        pet.all_notes(),
        [
            "postAttachCommand is for editors and is not run: streamlit run app.py --server.enableCORS false",
            "“extensions” is for editors and left out",
            "“settings” is for editors and left out",
            "“runArgs” is for docker and left out: ",
            "“privileged” is never given to a pet and left out",
            "“securityOpt” is for docker and left out",
            "“hostRequirements” is not checked and left out",
            "“secrets” is not asked for and left out",
            "“postCreatCommand” is not known and left out; did you mean “postCreateCommand”?",
        ]
    );
}

/// The way of a compiler's repository: its own tools in front of the image's PATH; numbers and
/// switches among the variables, as docker takes them.
#[test]
fn variables_of_the_image_and_of_other_types() {
    let pet = pet(r#"{
    "image": "mcr.microsoft.com/devcontainers/dotnet:8.0",
    "containerEnv": { "WORKERS": 4, "DEBUG": true, "TOKEN": "${localEnv:TOKEN}" },
    "remoteEnv": {
        "PATH": "${containerWorkspaceFolder}/.tools:${containerEnv:PATH}",
        "EDITOR": "${localEnv:EDITOR:vi -e}",
    },
    "onCreateCommand": "${containerWorkspaceFolder}/eng/create.sh ${containerEnv:HOME} ${containerEnv:NONE:a b} ${other}",
}"#);
    let env = &pet.choices.env;
    assert_eq!(env["WORKERS"], "4");
    assert_eq!(env["DEBUG"], "true");
    assert_eq!(env["TOKEN"], "");
    assert_eq!(
        env["PATH"],
        "/home/ada/src/webshop/.tools:${containerEnv:PATH}"
    );
    assert_eq!(env["EDITOR"], "vi -e");
    assert_eq!(
        lines(&pet.setup.once),
        ["onCreateCommand: /home/ada/src/webshop/eng/create.sh ${HOME} ${NONE:-a b} ${other}"]
    );
}

#[test]
fn ports_in_every_form_are_forwarded_where_the_network_is_the_pets_own() {
    let text = r#"{
    "image": "mcr.microsoft.com/devcontainers/javascript-node:22",
    "forwardPorts": [3000, "5173", "localhost:9229", "db:5432", 3000],
    "appPort": ["8080:80", "127.0.0.1:9000:9001", 3000],
}"#;
    let wanted = ["3000", "5173", "9229", "8080:80", "9000:9001"];
    let forwards: Vec<String> = pet(text).forwards.iter().map(ToString::to_string).collect();
    assert_eq!(forwards, wanted);
    let ports = |network, no_port: Option<u16>| {
        let mut pet = pet(text);
        pet.choices.network = Some(network);
        pet.choices.no_ports = no_port.into_iter().collect();
        let notes = pet.all_notes().join("\n");
        let ports = pet.request(false).choices.ports;
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        (ports, notes)
    };
    let (forwarded, notes) = ports(NetworkMode::Private, None);
    assert_eq!(forwarded, wanted);
    assert!(!notes.contains("3000"), "{notes}");
    assert_eq!(ports(NetworkMode::Private, Some(3000)).0, wanted[1..]);
    let (forwarded, notes) = ports(NetworkMode::None, None);
    assert!(
        forwarded.is_empty() && notes.contains("cannot be reached"),
        "{notes}"
    );
    let (forwarded, notes) = ports(NetworkMode::Host, None);
    assert!(
        forwarded.is_empty() && notes.contains("reachable here"),
        "{notes}"
    );
}
