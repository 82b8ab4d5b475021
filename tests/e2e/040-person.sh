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

test_su_and_doas_lead_to_the_pets_root_where_sudo_does() {
    pet elevated
    equal "$(kennel run elevated -- su root -c 'id -u')" 0
    kennel run elevated -- sudo touch /usr/bin/doas
    kennel restart elevated
    kennel restart elevated
    equal "$(kennel run elevated -- sudo cat /etc/doas.conf)" "permit nopass $(id -un)"
    # A password that was set is asked for.
    kennel run elevated -- sudo sh -c 'echo root:secret | chpasswd'
    kennel restart elevated
    status_is 1 kennel run elevated -- su root -c true
    pet held --preset sealed
    kennel run held -- su root -c true 2>/dev/null && fail 'su works in a sealed pet'
    remove elevated held
}

test_git_works_with_the_persons_settings() {
    pet coder
    git config --global user.name Ada
    git config --global user.email ada@example.org
    mkdir -p "$HOME/src/repository"
    cd "$HOME/src/repository" || exit
    kennel run coder -- git init --quiet
    kennel run coder -- git commit --quiet --allow-empty --message first
    # One repository, seen alike from both sides.
    equal "$(git log --format='%an %s')" 'Ada first'
    equal "$(kennel run coder -- git status --porcelain)" ''
    remove coder
}
