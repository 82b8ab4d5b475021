# shellcheck shell=bash
# Inside, you are who you are: name, ids, home, files.

test_the_same_person_inside() {
    pet me
    equal "$(kennel run me -- whoami)" "$(whoami)"
    equal "$(kennel run me -- id -u)" "$(id -u)"
    equal "$(kennel run me -- id -g)" "$(id -g)"
    # shellcheck disable=SC2016
    equal "$(kennel run me -- sh -c 'echo $HOME')" "$HOME"
    remove me
}

test_a_file_made_inside_is_yours_outside() {
    pet me
    # shellcheck disable=SC2016
    kennel run me -- sh -c 'echo written > "$HOME/from-inside"'
    equal "$(cat "$HOME/from-inside")" written
    equal "$(stat -c %u:%g "$HOME/from-inside")" "$(id -u):$(id -g)"
    remove me
    # The home is shared, not the pet's: it outlives it.
    equal "$(cat "$HOME/from-inside")" written
}

test_run_keeps_the_working_directory() {
    mkdir -p "$HOME/some/where"
    pet me
    cd "$HOME/some/where" || fail "no such directory"
    equal "$(kennel run me -- pwd)" "$HOME/some/where"
    remove me
}

test_sudo_is_root_inside() {
    pet me
    equal "$(kennel run me -- sudo -n id -u)" 0
    remove me
}

test_root_inside_is_not_root_outside() {
    pet me
    touch "$TEST_DIR/mine"
    # A file of the host's root stays closed to the pet's root.
    status_is 1 kennel run me -- sudo -n sh -c 'cat /run/host/etc/shadow || exit 1'
    remove me
}
