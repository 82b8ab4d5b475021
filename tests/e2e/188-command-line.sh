# shellcheck shell=bash
# `kennel` for the person's shells: a link that the app makes and takes back (Preferences, Command
# Line). The copy below is what the app in a Flatpak installs.

ITSELF=$(command -v kennel)

# As the engine that a Flatpak's app has started: from its lasting copy.
copied() {
    "$ITSELF" host-start </dev/null >/dev/null 2>&1 || true
    [ -x "$XDG_DATA_HOME/kennel/bin/current/kennel" ] || fail 'there is no copy'
    "$XDG_DATA_HOME/kennel/bin/$(readlink "$XDG_DATA_HOME/kennel/bin/current")/kennel" "$@"
}
# Without the directories in which the tests have a kennel of their own.
bare() { PATH=$HOME/.local/bin:/usr/bin:/bin "$@"; }
is() { json "d['state']['is']"; }

test_the_command_is_a_link_that_stays_right_over_updates() {
    local link=$HOME/.local/bin/kennel
    equal "$(bare copied job command-line | is)" absent
    equal "$(bare copied job set-command-line true | is)" linked
    equal "$(readlink "$link")" "$XDG_DATA_HOME/kennel/bin/current/kennel"
    contains "$("$link" --version)" 'kennel '
    equal "$(bare copied job command-line | json "d['in_path']")" true
    equal "$(PATH=/usr/bin copied job command-line | json "d['in_path']")" false
    equal "$(bare copied job set-command-line false | is)" absent
    if [ -L "$link" ]; then fail 'the link is still there'; fi
    rm -rf "$XDG_DATA_HOME/kennel/bin"
}

test_a_file_of_the_persons_is_not_replaced() {
    local link=$HOME/.local/bin/kennel
    mkdir -p "${link%/*}"
    echo mine >"$link"
    equal "$(bare copied job command-line | is)" in-the-way
    status_is 125 bare copied job set-command-line true
    equal "$(cat "$link")" mine
    rm "$link"
    ln -s /opt/other/kennel "$link"
    status_is 125 bare copied job set-command-line false
    equal "$(readlink "$link")" /opt/other/kennel
    rm "$link"
    rm -rf "$XDG_DATA_HOME/kennel/bin"
}

test_a_launcher_starts_the_lasting_copy() {
    pet launched
    copied export bin launched env >/dev/null
    contains "$(cat "$HOME/.local/bin/env")" "$XDG_DATA_HOME/kennel/bin/current/kennel"
    kennel export bin launched env --remove >/dev/null 2>&1 || true
    remove launched
    rm -rf "$XDG_DATA_HOME/kennel/bin" "$HOME/.local/bin/env"
}
