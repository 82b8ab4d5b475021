//! devcontainer.json files in the shapes of public templates.

use super::*;

fn pet(text: &str) -> ProjectProposal {
    one(ProjectFormat::Devcontainer, text)
}

#[test]
fn rust_with_a_cache_volume_and_comments() {
    let pet = pet(
        r#"// For format details, see https://aka.ms/devcontainer.json.
{
	"name": "Rust",
	// Or use a Dockerfile or Docker Compose file.
	"image": "mcr.microsoft.com/devcontainers/rust:1-bookworm",
	/* Use 'mounts' to make the cargo cache persistent. */
	"mounts": [
		{
			"source": "devcontainer-cargo-cache-${devcontainerId}",
			"target": "/usr/local/cargo",
			"type": "volume"
		}
	],
	// "features": {},
	"customizations": { "vscode": { "extensions": ["rust-lang.rust-analyzer"] } },
	"postCreateCommand": "rustc --version",
	// "remoteUser": "root"
}
"#,
    );
    assert_eq!(pet.image, "mcr.microsoft.com/devcontainers/rust:1-bookworm");
    assert_eq!(
        pet.name.as_ref().map(kennel_model::PetName::as_str),
        Some("rust")
    );
    assert_eq!(pet.choices.preset, Some(Preset::Project));
    assert_eq!(pet.choices.mounts, []);
    assert_eq!(
        lines(&pet.setup.once),
        ["postCreateCommand: rustc --version"]
    );
    assert_eq!(
        pet.notes,
        [
            "a mount of type volume is left out, what is written to /usr/local/cargo stays in the pet",
            "“customizations” is for editors and left out",
        ]
    );
}

#[test]
fn typescript_with_ports_and_array_commands() {
    let pet = pet(r#"{
    "name": "Node.js & TypeScript",
    "image": "mcr.microsoft.com/devcontainers/typescript-node:1-22-bookworm",
    "features": {},
    "forwardPorts": [3000, "db:5432"],
    "portsAttributes": { "3000": { "label": "Application", "onAutoForward": "notify" } },
    "updateContentCommand": ["npm", "ci", "--no-audit"],
    "postCreateCommand": "",
    "postStartCommand": "git config --global --add safe.directory ${containerWorkspaceFolder}",
    "remoteUser": "node",
    "waitFor": "updateContentCommand",
}"#);
    assert_eq!(
        pet.name.as_ref().map(kennel_model::PetName::as_str),
        Some("node.js-typescript")
    );
    assert_eq!(
        pet.setup.once[0].command,
        SetupCommand::Program(["npm", "ci", "--no-audit"].map(str::to_owned).into())
    );
    assert_eq!(pet.setup.once.len(), 1);
    assert_eq!(
        lines(&pet.setup.each_start),
        ["postStartCommand: git config --global --add safe.directory /home/ada/src/webshop"]
    );
    assert_eq!(pet.setup.each_start[0].user, SetupUser::Person);
    assert_eq!(pet.choices.ports, []);
    assert_eq!(
        pet.all_notes(),
        [
            "you are yourself in the pet, not “node”",
            "the port db:5432 is another container's, which the pet does not have",
            "the pet uses this computer's network, so its ports (3000) are reachable here as they are",
        ]
    );
}

#[test]
fn python_with_variables_and_a_workspace_of_its_own() {
    let pet = pet(r#"{
    "image": "python:3.13",
    "workspaceMount": "source=${localWorkspaceFolder},target=/workspace,type=bind,consistency=cached",
    "workspaceFolder": "/workspace",
    "containerEnv": { "PYTHONPATH": "${containerWorkspaceFolder}/src", "WHO": "${localEnv:NOBODY:guest}" },
    "remoteEnv": { "PATH": "${containerEnv:PATH}:/workspace/bin", "WHO": null },
    "mounts": [
        "source=${localEnv:HOME}/.gitconfig,target=/home/vscode/.gitconfig,type=bind,readonly",
    ],
    "onCreateCommand": "pip install -r requirements.txt && echo ${HOME}",
    "runArgs": ["--cap-add=SYS_PTRACE", "--network=host"],
    "hostRequirements": { "cpus": 4 },
}"#);
    assert_eq!(
        pet.choices.workdir.as_deref(),
        Some(Path::new("/workspace"))
    );
    let mounts: Vec<String> = pet
        .choices
        .mounts
        .iter()
        .map(|mount| {
            format!(
                "{}:{}:{}",
                mount.source.display(),
                mount.target.display(),
                mount.read_only
            )
        })
        .collect();
    assert_eq!(
        mounts,
        [
            "/home/ada/.gitconfig:/home/vscode/.gitconfig:true",
            "/home/ada/src/webshop:/workspace:false",
        ]
    );
    assert_eq!(pet.choices.env["PYTHONPATH"], "/workspace/src");
    assert_eq!(
        pet.choices.env["PATH"],
        "${containerEnv:PATH}:/workspace/bin"
    );
    assert!(!pet.choices.env.contains_key("WHO"));
    assert_eq!(
        lines(&pet.setup.once),
        ["onCreateCommand: pip install -r requirements.txt && echo ${HOME}"]
    );
    assert_eq!(
        pet.notes,
        [
            "“runArgs” is for docker and left out: --cap-add=SYS_PTRACE --network=host",
            "“hostRequirements” is not checked and left out",
        ]
    );
}

#[test]
fn go_with_named_commands_run_by_root() {
    let pet = pet(r#"{
    "name": "Go", "image": "golang:1.25", "containerUser": "root",
    "postCreateCommand": {
        "tools": "go install golang.org/x/tools/gopls@latest",
        "deps": ["go", "mod", "download"],
        "nothing": "",
    },
    "initializeCommand": "./scripts/login.sh",
    "postAttachCommand": { "server": "go run ." },
}"#);
    assert_eq!(
        lines(&pet.setup.once),
        [
            "postCreateCommand (tools): go install golang.org/x/tools/gopls@latest",
            "postCreateCommand (deps): go mod download",
        ]
    );
    assert!(
        pet.setup
            .once
            .iter()
            .all(|step| step.user == SetupUser::Root)
    );
    assert_eq!(
        pet.notes,
        [
            "initializeCommand is for this computer, not the pet, and is not run: ./scripts/login.sh",
            "postAttachCommand is for editors and is not run: go run .",
        ]
    );
}

#[test]
fn java_with_a_workspace_folder_alone() {
    let pet = pet(r#"{
    "$schema": "https://raw.githubusercontent.com/devcontainers/spec/main/schemas/devContainer.schema.json",
    "image": "mcr.microsoft.com/devcontainers/java:21",
    "workspaceFolder": "/workspaces/${localWorkspaceFolderBasename}",
    "appPort": 8080,
    "shutdownAction": "none", "privileged": false, "capAdd": ["SYS_PTRACE"],
    "somethingNew": 1
}"#);
    assert_eq!(
        pet.choices.mounts[0].target,
        Path::new("/workspaces/webshop")
    );
    assert_eq!(
        pet.all_notes(),
        [
            "“capAdd” is never given to a pet and left out",
            "“somethingNew” is not known and left out",
            "the pet uses this computer's network, so its ports (8080) are reachable here as they are",
        ]
    );
}

#[test]
fn what_builds_an_image_is_not_supported_yet() {
    all_refused(
        ProjectFormat::Devcontainer,
        &[
            (
                "{\n \"build\": { \"dockerfile\": \"Dockerfile\" }\n}",
                "2:11: not supported yet: build: build the image elsewhere",
            ),
            (
                "{ \"image\": \"x\",\n \"features\": { \"ghcr.io/devcontainers/features/go:1\": {} } }",
                "2:14: not supported yet: features: name an image",
            ),
            (
                "{ \"dockerComposeFile\": [\"a.yml\"], \"service\": \"app\" }",
                "1:24: not supported yet: dockerComposeFile",
            ),
            (
                "{ \"dockerFile\": \"Dockerfile\" }",
                "1:17: not supported yet: dockerFile",
            ),
            (
                "{ \"context\": \"..\",\n \"dockerFile\": \"../Dockerfile.dev\", \"appPort\": 8123 }",
                "2:16: not supported yet: dockerFile: build the image elsewhere",
            ),
            (
                "{\n \"dockerComposeFile\": [\"../compose.yml\", \"compose.dev.yml\"],\n \"service\": \"app\",\n \"features\": { \"git\": \"os-provided\" }\n}",
                "2:23: not supported yet: dockerComposeFile, features: name the image of one service with “image”; name an image that has",
            ),
            (
                "{\n \"build\": {\n  \"dockerfile\": \"Dockerfile\",\n  // A comment.\n  \"args\": { \"VARIANT\": \"22\", },\n }, }",
                "2:11: not supported yet: build",
            ),
        ],
    );
}

#[test]
fn a_mistake_names_its_place() {
    all_refused(
        ProjectFormat::Devcontainer,
        &[
            ("", "1:1: the file is empty"),
            ("{}", "1:1: the file names no image"),
            ("[]", "1:1: “the file” is a list: write a table"),
            (
                "{\n \"image\": 7 }",
                "2:11: “image” is a number: write a text",
            ),
            (
                "{ \"image\": \"x\",\n\n \"postCreateCommand\": 7 }",
                "3:23: “postCreateCommand” is not a command",
            ),
            (
                "{ \"image\": \"x\",\n \"postCreateCommand\": [\"a\", 7] }",
                "2:29: “postCreateCommand” is a number",
            ),
            (
                "{ \"image\": \"x\",\n \"containerEnv\": { \"A\": [1] } }",
                "2:25: “A” is a list: write a text",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": [\n\"source=missing,target=/x,type=bind\"] }",
                "3:1: /home/ada/src/webshop/missing is not there",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": [{ \"source\": \"secret\", \"target\": \"/x\", \"type\": \"bind\" }] }",
                "2:13: /home/ada/src/webshop/secret cannot be mounted",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": [\"source=a,type=bind\"] }",
                "2:13: this mount lacks",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": [\"source=/,target=/x,type=bind\"] }",
                "2:13: the whole computer",
            ),
            (
                "{ \"image\": \"x\",\n \"workspaceFolder\": \"src\" }",
                "2:21: “src” is not an absolute path",
            ),
            (
                "{ \"image\": \"x\"\n \"name\": \"y\" }",
                "1:15: Expected comma",
            ),
            ("{ 'image': 'x' }", "1:"),
            (
                "{ \"image\": \"x\",\n \"image\": \"y\" }",
                "2:2: “image” is there twice: leave one of them out",
            ),
            (
                "{ \"image\": \"x\",\n \"remoteEnv\": { \"A\": \"1\", \"A\": \"2\" } }",
                "2:27: “A” is there twice",
            ),
            (
                "{ \"image\": \"x\",\n \"postCreateCommand\": { \"a\": \"1\", \"a\": \"2\" } }",
                "2:35: “a” is there twice",
            ),
            (
                "{ \"image\": \"No Image!\" }",
                "1:12: \"docker.io/library/No Image!:latest\" is not an image reference",
            ),
            (
                "{ \"image\": \"x\",\n \"forwardPorts\": [3000, 70000] }",
                "2:25: \"70000\" is not a port",
            ),
            (
                "{ \"image\": \"x\",\n \"forwardPorts\": [\"db:http\"] }",
                "2:19: \"http\" is not a port",
            ),
            (
                "{ \"image\": \"x\",\n \"forwardPorts\": [true] }",
                "2:19: “forwardPorts” is true or false: write a text or a number",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": [\"data:/data\"] }",
                "2:13: this mount lacks its source or target",
            ),
            (
                "{ \"image\": \"x\",\n \"mounts\": \"source=a,target=/a,type=bind\" }",
                "2:12: “mounts” is a text: write a list",
            ),
        ],
    );
}

#[test]
fn variables_cannot_grow_without_bound() {
    let text = format!(
        "{{ \"image\": \"x\", \"onCreateCommand\": \"{}\" }}",
        "${localEnv:BIG}".repeat(5_000)
    );
    let said = refused(ProjectFormat::Devcontainer, &text);
    assert!(
        said.starts_with("1:36: this is longer than 32 KiB"),
        "{said}"
    );
    // What a variable stands for is not looked at again.
    let text =
        "{ \"image\": \"x\", \"remoteEnv\": { \"A\": \"${localEnv:NONE:a${localEnv:HOME}}\" } }";
    assert_eq!(pet(text).choices.env["A"], "a${localEnv:HOME}");
}
