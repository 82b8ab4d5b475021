# shellcheck shell=bash
# Project files: one step makes the pet, nothing is made before the person agrees, and a mistake
# names its line.

# project NAME: an empty project folder, and into it.
project() { mkdir -p "$HOME/src/$1" && cd "$HOME/src/$1" || return; }

# refused WANT COMMAND…: one line that contains WANT; and no pet.
refused() {
    local want=$1
    shift
    status_is 125 "$@"
    contains "$(printf '%s' "$ERR" | grep '^kennel: ' | tail -n 1)" "$want"
    equal "$(kennel list --json)" '[]'
}

test_create_in_a_project_is_one_step() {
    project webshop
    mkdir -p fixtures src/deep
    echo data >fixtures/file
    cat >kennel.toml <<TOML
image = "$KENNEL_REF"
preset = "project"
mounts = ["fixtures:/srv/fixtures:ro"]
setup = ["echo made by \$(id -un) in \$PWD > /tmp/../var/tmp/once", { name = "as root", run = "id -u > /etc/setup-uid", user = "root" }]
each_start = ["echo start >> ~/starts"]

[env]
FROM_FILE = "yes"
TOML
    status_is 0 kennel create --trust
    equal "$OUT" webshop
    # All of it was shown.
    for line in "Image       $KENNEL_REF" 'Preset      project' "the project folder: $PWD" \
        "$PWD/fixtures" 'FROM_FILE=yes' 'Runs once   echo made by' "as the pet's root: id -u" 'Each start  echo start'; do
        contains "$ERR" "$line"
    done
    equal "$(kennel run webshop -- cat /var/tmp/once)" "made by $(id -un) in $PWD"
    equal "$(kennel run webshop -- cat /etc/setup-uid)" 0
    equal "$(kennel run webshop -- cat /srv/fixtures/file)" data
    # Found from any folder below, and there the command begins, although the home is the pet's own.
    cd src/deep || exit
    # shellcheck disable=SC2016
    equal "$(kennel run -- sh -c 'echo "$PWD $FROM_FILE $KENNEL_PET"')" "$PWD yes webshop"
    remove webshop
}

test_nothing_is_made_before_the_person_agrees() {
    project careful
    printf 'image = "%s"\nsetup = ["touch /tmp/ran"]\n' "$KENNEL_REF" >kennel.toml
    refused 'nothing was made: read what the file asks for, and say --trust' kennel create
    contains "$ERR" 'touch /tmp/ran'
    # Nothing hides from the person.
    printf 'image = "%s"\nsetup = ["true \\u202e#\\u001b[2K"]\n' "$KENNEL_REF" >kennel.toml
    refused 'nothing was made' kennel create
    contains "$ERR" 'true \u{202e}#\u{1b}[2K'
}

test_the_command_line_has_the_last_word() {
    project overruled
    printf 'image = "localhost/nothing:1"\nname = "other"\npreset = "comfortable"\n[env]\nA = "file"\nB = "file"\n' >kennel.toml
    mkdir elsewhere && cd elsewhere || exit
    kennel create mine --file ../kennel.toml --image "$KENNEL_REF" --preset sealed --env A=typed --trust
    equal "$(kennel show mine --json | json '[d["preset"], d["project"], d["env"]]')" \
        "[\"sealed\", \"$HOME/src/overruled\", {\"A\": \"typed\", \"B\": \"file\"}]"
    remove mine
}

test_a_mistake_names_its_line_and_makes_nothing() {
    project wrong
    local here=$PWD/kennel.toml
    while IFS='|' read -r line want; do
        printf 'image = "%s"\n%s\n' "$KENNEL_REF" "$line" >kennel.toml
        refused "$here:$want" kennel create --trust
        one_line_error
    done <<'CASES'
prest = "sealed"|2:1: there is no key “prest”: did you mean “preset”?
packages = "git"|2:12: “packages” is a text: write a list
mounts = ["nowhere:/x"]|2:11: 
mounts = ["/root/secret:/x"]|2:11: 
setup = [1]|2:10: “setup 1” is a number
image = "again"|2:1: 
CASES
    pet taken
    printf 'image = "%s"\n\nname = "taken"\n' "$KENNEL_REF" >kennel.toml
    status_is 125 kennel create --trust
    # shellcheck disable=SC1111 # as Kennel writes them
    contains "$ERR" "$here:3:8: there is already a pet “taken”: give this one another name: kennel create NAME"
    remove taken
    rm kennel.toml
    refused 'has no project file: name an image with --image, or write a kennel.toml there' kennel create --trust
}

test_files_that_are_no_files() {
    project hostile
    mkfifo kennel.toml
    refused 'is not a regular file' timeout 5 kennel create --trust --file kennel.toml
    rm kennel.toml
    head -c 2000000 /dev/zero | tr '\0' '#' >kennel.toml
    refused 'larger than 1 MiB' kennel create --trust
    printf 'image = "\377"\n' >kennel.toml
    refused 'not text in UTF-8' kennel create --trust
    # A link out of the folder is as good as a file; the folder is that of the link.
    printf 'image = "%s"\n' "$KENNEL_REF" >"$HOME/shared.toml"
    ln -sf "$HOME/shared.toml" kennel.toml
    kennel create --trust
    equal "$(kennel show hostile --json | json 'd["project"]')" "$PWD"
    remove hostile
}

test_a_devcontainer() {
    project api
    mkdir -p .devcontainer data
    cat >.devcontainer/devcontainer.json <<JSON
// A comment.
{
    "name": "The API",
    "image": "$KENNEL_REF",
    "containerEnv": { "WHERE": "\${containerWorkspaceFolder}" },
    "remoteEnv": { "PATH": "\${containerEnv:PATH}:/opt/api/bin", },
    "workspaceFolder": "/workspaces/\${localWorkspaceFolderBasename}",
    "mounts": ["source=\${localWorkspaceFolder}/data,target=/data,type=bind"],
    "onCreateCommand": ["touch", "/workspaces/api/a file"],
    "postCreateCommand": { "one": "echo one >> /data/order", "two": "echo two >> /data/order" },
    "postStartCommand": "echo start >> /data/order",
    "initializeCommand": "touch $HOME/never",
    "forwardPorts": [3000],
    "customizations": { "vscode": {} },
    "remoteUser": "vscode",
}
JSON
    kennel create --trust 2>"$TEST_DIR/shown"
    for note in 'initializeCommand is for this computer' '(3000)' 'not “vscode”' '“customizations”'; do
        contains "$(cat "$TEST_DIR/shown")" "$note"
    done
    equal "$(tr '\n' ' ' <data/order)" 'one two start '
    [ -e 'a file' ] || fail 'the command of the array did not run'
    [ ! -e "$HOME/never" ] || fail 'a command ran on the host'
    # shellcheck disable=SC2016
    equal "$(kennel run the-api -- sh -c 'echo $WHERE')" /workspaces/api
    # shellcheck disable=SC2016
    contains "$(kennel run the-api -- sh -c 'echo $PATH'):" ':/opt/api/bin:'
    # Where the caller's folder is not in the pet, a shell begins in the workspace.
    equal "$(cd / && kennel run the-api -- pwd)" /
    remove the-api
    sed -i 's/"image".*/"build": { "dockerfile": "Dockerfile" },/' .devcontainer/devcontainer.json
    refused ".devcontainer/devcontainer.json:4:14: not supported yet: build" kennel create --trust
}

test_several_files_ask_for_a_choice() {
    project many
    for name in a b; do
        mkdir -p .devcontainer/$name
        printf '{ "image": "%s" }' "$KENNEL_REF" >.devcontainer/$name/devcontainer.json
    done
    refused 'several project files' kennel create --trust
    contains "$ERR" 'name one with --file'
    kennel create --trust --file .devcontainer/b/devcontainer.json
    equal "$(kennel show many --json | json 'd["project"]')" "$PWD"
    remove many
    # Kennel's own comes first.
    printf 'image = "%s"\nname = "ours"\n' "$KENNEL_REF" >kennel.toml
    equal "$(kennel create --trust 2>/dev/null)" ours
    remove ours
}

test_an_assemble_file_makes_several_pets() {
    project fleet
    cat >assemble.ini <<INI
[first]
image=$KENNEL_REF
init_hooks=echo hook > /etc/hooked

[second]
image=$KENNEL_REF
home=/srv/second
INI
    equal "$(kennel create second --file assemble.ini --trust 2>/dev/null)" second
    equal "$(kennel show second --json | json 'd["home"]')" private
    remove second
    equal "$(kennel create --trust 2>/dev/null)" "$(printf 'first\nsecond')"
    equal "$(kennel run first -- cat /etc/hooked)" hook
    status_is 125 kennel create third --file assemble.ini --trust
    contains "$ERR" 'it describes first, second'
    remove first second
    # What comes before the packages does, also where it is said behind them.
    cat >assemble.ini <<INI
[ordered] # a comment
image=$KENNEL_REF # another
init_hooks=echo after >> /etc/order
pre_init_hooks=echo before >> /etc/order
volume="\$HOME/src:/srv/of-home:ro"
INI
    equal "$(kennel create --trust 2>/dev/null)" ordered
    equal "$(kennel run ordered -- cat /etc/order)" "$(printf 'before\nafter')"
    equal "$(kennel run ordered -- ls -d /srv/of-home/fleet)" /srv/of-home/fleet
    remove ordered
}

test_the_app_asks_what_a_folder_proposes() {
    project asked
    printf 'image = "%s"\nname = "shown"\npackages = ["git"]\n' "$KENNEL_REF" >kennel.toml
    equal "$(kennel job propose "$PWD" | json '[[p["format"], p["name"], p["name_at"], p["setup"]["packages"], p["choices"]["project"]] for p in d]')" \
        "[[\"kennel\", \"shown\", {\"line\": 2, \"column\": 8}, [\"git\"], \"$PWD\"]]"
    equal "$(kennel list --json)" '[]'
}

test_ports_of_a_devcontainer_are_forwarded_into_a_network_of_its_own() {
    project served
    printf '{ "image": "%s", "forwardPorts": [4811, "db:5432"] }' "$KENNEL_REF" >.devcontainer.json
    # On this computer's network they are there already.
    kennel create --trust 2>"$TEST_DIR/shown"
    contains "$(cat "$TEST_DIR/shown")" 'its ports (4811) are reachable here as they are'
    contains "$(cat "$TEST_DIR/shown")" "the port db:5432 is another container's"
    equal "$(kennel show served --json | json 'd.get("ports", [])')" '[]'
    remove served
    kennel create --trust --network private 2>"$TEST_DIR/shown"
    contains "$(cat "$TEST_DIR/shown")" '4811 of this computer leads to 4811 in the pet'
    equal "$(kennel show served --json | json 'd["ports"]')" '["4811"]'
    # Some machines do not let pasta work, which is said.
    kennel start served 2>"$TEST_DIR/said"
    if grep -q 'runs without its network' "$TEST_DIR/said"; then
        remove served
        return
    fi
    kennel run served -- python3 -m http.server 4811 >/dev/null 2>&1 &
    wait_for 20 curl -fso /dev/null http://127.0.0.1:4811/
    remove served
}

test_a_file_that_is_there_is_never_passed_over() {
    project broken
    # In the folder above there is one, which is not meant.
    printf 'image = "%s"\nname = "above"\n' "$KENNEL_REF" >../kennel.toml
    ln -s kennel.toml kennel.toml
    refused "$PWD/kennel.toml cannot be read: " kennel create --trust
    ln -sfn nowhere kennel.toml
    refused "$PWD/kennel.toml cannot be read: " kennel create --trust
    rm kennel.toml && mkfifo kennel.toml
    refused 'is not a regular file' timeout 5 kennel create --trust
    rm kennel.toml && mkdir kennel.toml
    refused 'is not a regular file' kennel create --trust
    rmdir kennel.toml && : >kennel.toml
    refused "$PWD/kennel.toml:1:1: the file names no image" kennel create --trust
    # What some editors put before the first character is no mistake.
    printf '\357\273\277image = "%s"\r\n' "$KENNEL_REF" >kennel.toml
    equal "$(kennel create --trust 2>/dev/null)" broken
    rm ../kennel.toml
    remove broken
}

test_an_image_that_cannot_be_is_a_mistake_in_the_file() {
    project pictured
    printf '\nimage = "nobody-has-it"\n' >kennel.toml
    # shellcheck disable=SC1111
    refused "$PWD/kennel.toml:2:9: \"nobody-has-it\" does not say which registry" kennel create --trust
    printf '[pictured]\ninit=false\nimage=nobody-has-it:1 # a comment\n' >assemble.ini
    refused "$PWD/assemble.ini:3:7: \"nobody-has-it:1\" does not say" kennel create --trust --file assemble.ini
    # A file is one of the project, wherever the command is run.
    printf 'image = "rootfs:base.tar"\n' >kennel.toml
    mkdir below
    cd below || exit
    refused "$HOME/src/pictured/base.tar" kennel create --trust
}

test_what_hides_is_escaped_in_errors_too() {
    project hidden
    printf 'image = "%s"\nhome = "\\u001b[2J\\u202e"\n' "$KENNEL_REF" >kennel.toml
    refused 'kennel.toml:2:8: “home” cannot be “\u{1b}[2J\u{202e}”' kennel create --trust
    # An argument cannot pose as another command.
    printf '{ "image": "%s", "postCreateCommand": ["echo", "a; reboot"] }' "$KENNEL_REF" >.devcontainer.json
    refused 'nothing was made' kennel create --file .devcontainer.json
    contains "$ERR" "echo 'a; reboot'"
    # However long it is, all of it is shown.
    printf 'image = "%s"\nsetup = ["true %s # end of it"]\n' "$KENNEL_REF" "$(head -c 20000 /dev/zero | tr '\0' x)" >kennel.toml
    refused 'nothing was made' kennel create
    contains "$ERR" 'xxx # end of it'
}
