# shellcheck shell=bash disable=SC2016 # what is quoted is for a shell inside
# What a pet can reach is changed at any time; what needs a restart says so and offers it.

test_a_row_is_changed_and_holds_after_a_restart() {
    pet changed --preset project
    kennel start changed
    mkdir -p "$HOME/extra"
    echo found >"$HOME/extra/file"
    status_is 0 kennel edit changed --mount "$HOME/extra:/extra:ro" --env COLOUR=blue
    contains "$OUT" 'kennel restart changed'
    equal "$(kennel list --json | json '[p["restart_needed"] for p in d]')" '[true]'
    # Nothing of the running pet is pulled away or slipped in.
    status_is 1 kennel run changed -- test -e /extra/file
    kennel restart changed
    equal "$(kennel run changed -- cat /extra/file)" found
    status_is 1 kennel run changed -- touch /extra/new
    equal "$(kennel run changed -- sh -c 'echo $COLOUR')" blue
    status_is 0 kennel edit changed --no-mount /extra --no-env COLOUR --restart
    equal "$OUT" '“changed” is changed'
    status_is 1 kennel run changed -- test -e /extra/file
    equal "$(kennel list --json | json '[p["restart_needed"] for p in d]')" '[false]'
    # What is taken back before a restart needs none.
    kennel edit changed --env COLOUR=red >/dev/null
    status_is 0 kennel edit changed --no-env COLOUR
    equal "$OUT" '“changed” is changed'
    status_is 0 kennel edit changed --preset project
    equal "$OUT" '“changed” is like that already'
    remove changed
}

test_a_preset_is_taken_anew() {
    echo mine >"$HOME/mine"
    pet freer --preset sealed
    kennel run freer -- sh -c 'echo kept >/var/tmp/kept'
    status_is 1 kennel run freer -- test -e "$HOME/mine"
    kennel edit freer --preset comfortable --restart
    equal "$(kennel run freer -- cat "$HOME/mine")" mine
    # The pet's own files stay.
    equal "$(kennel run freer -- cat /var/tmp/kept)" kept
    equal "$(kennel show freer --json | json "d['preset'] + ' ' + d['home']")" 'comfortable shared'
    remove freer
}

test_choices_that_do_not_go_together_change_nothing() {
    pet steady --preset sealed
    local before
    before=$(kennel show steady --json)
    for choice in '--sudo yes' '--port 8080:80' '--init' '--hostname -x' '--ulimit nofile=2:1' \
        '--memory much' '--mount /not/there' '--share moon' '--port 0'; do
        # shellcheck disable=SC2086
        status_is 125 kennel edit steady $choice
        one_line_error
    done
    equal "$(kennel show steady --json)" "$before"
    remove steady
}

test_sudo_is_a_row() {
    pet without --sudo no
    contains "$(kennel run without -- grep NoNewPrivs /proc/self/status)" 1
    status_is 1 kennel run without -- sudo -n true
    kennel edit without --sudo yes --restart
    kennel run without -- sudo -n true
    remove without
}

test_a_host_name_of_its_own() {
    pet named_so --hostname build.box
    equal "$(kennel run named_so -- hostname)" build.box
    contains "$(kennel run named_so -- getent hosts build.box)" build.box
    remove named_so
    # “_” is not for host names.
    pet plain_one
    equal "$(kennel run plain_one -- hostname)" plain-one
    remove plain_one
}

test_limits_of_each_process() {
    pet held --ulimit nofile=100:200 --ulimit core=0
    equal "$(kennel run held -- sh -c 'ulimit -Sn; ulimit -Hn; ulimit -c' | tr '\n' ' ')" '100 200 0 '
    status_is 125 kennel edit held --ulimit nofile=unlimited
    contains "$ERR" 'your session may have at most'
    # From a session that may have less it is less, and works.
    equal "$(ulimit -n 50; kennel run held -- sh -c 'ulimit -Hn')" 50
    remove held
}

test_a_clone_has_the_settings_and_none_of_the_files() {
    pet first --preset project --env COLOUR=blue --hostname fine
    kennel run first -- sh -c 'echo secret >~/secret; echo secret >/var/tmp/secret'
    equal "$(kennel clone first second)" second
    equal "$(kennel run second -- sh -c 'hostname; echo $COLOUR' | tr '\n' ' ')" 'fine blue '
    status_is 2 kennel run second -- ls "$HOME/secret" /var/tmp/secret
    status_is 125 kennel clone first second
    contains "$ERR" 'already a pet'
    remove first second
}

test_a_private_home_begins_as_the_image_says() {
    pet home --preset project
    kennel run home -- sh -c 'test -f ~/.bashrc && test -O ~/.bashrc && test -w ~/.bashrc'
    # Once: what the person deletes stays deleted.
    kennel run home -- rm -r "$HOME/.bashrc"
    kennel run home -- touch "$HOME/.other"
    kennel restart home
    status_is 1 kennel run home -- test -e "$HOME/.bashrc"
    equal "$(XDG_CONFIG_HOME=/elsewhere kennel run home -- sh -c 'echo ${XDG_CONFIG_HOME:-none}')" none
    remove home
}

test_programs_inside_reach_each_other_without_a_network() {
    pet alone --preset sealed
    kennel run alone -- perl -e 'use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
        IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die "unreachable"'
    remove alone
}

test_whatever_was_chosen_can_be_taken_away() {
    local project=$HOME/project extra=$HOME/extra before
    mkdir -p "$project" "$extra"
    touch "$project/mine"
    pet plain --preset project --network private
    before=$(kennel show plain --json)
    kennel edit plain --project "$project" --mount "$extra" --env COLOUR=blue --hostname box --workdir /var/tmp \
        --ulimit nofile=100 --ulimit core=0 --port 18082:80 --cpus 1 --memory 1G --swap 0 --pids 100 --cpu-weight 50 \
        --host-program nmap --share x11 --alerts off >/dev/null
    contains "$(kennel show plain)" 'Ulimits   nofile=100'
    status_is 0 kennel edit plain --no-project --no-mount "$extra" --no-env COLOUR --no-hostname --no-workdir \
        --no-ulimit nofile --no-ulimit core --no-port 18082 --cpus none --memory none --swap none --pids none \
        --cpu-weight none --no-host-program nmap --no-share x11 --alerts default
    equal "$(kennel show plain --json)" "$before"
    # In the pet, too.
    kennel edit plain --project "$project" --hostname box --workdir /var/tmp --ulimit nofile=100 >/dev/null
    equal "$(cd / && kennel run plain -- sh -c 'hostname; ulimit -n' | tr '\n' ' ')" 'box 100 '
    kennel run plain -- test -e "$project/mine"
    kennel edit plain --no-project --no-hostname --no-workdir --no-ulimit nofile --restart >/dev/null
    equal "$(kennel run plain -- hostname)" plain
    equal "$(kennel run plain -- sh -c 'ulimit -n')" "$(ulimit -n)"
    status_is 1 kennel run plain -- test -e "$project/mine"
    # To give and to take the same is no choice.
    status_is 125 kennel edit plain --hostname box --no-hostname
    status_is 125 kennel edit plain --no-ulimit files
    contains "$ERR" 'the names are'
    remove plain
}

# An answer at the terminal restarts it; any other leaves it as it is.
test_at_a_terminal_the_restart_is_offered() {
    pet offered --preset project
    kennel start offered
    typed() { printf 'expect Restart it now\nsend %s\\r\nend 0\n' "$1" | terminal -- kennel edit offered --env "COLOUR=$2"; }
    contains "$(typed n blue)" 'kennel restart offered'
    equal "$(kennel run offered -- sh -c 'echo ${COLOUR:-none}')" none
    equal "$(kennel list --json | json 'd[0]["restart_needed"]')" true
    contains "$(kennel show offered)" 'kennel restart offered'
    typed y red >/dev/null
    equal "$(kennel run offered -- sh -c 'echo ${COLOUR:-none}')" red
    remove offered
}

test_a_project_folder_only_to_read() {
    local project=$HOME/project
    mkdir -p "$project"
    echo mine >"$project/file"
    for preset in sealed project comfortable; do
        pet reader --preset "$preset" --project "$project" --mount "$project:ro"
        equal "$(kennel run reader -- cat "$project/file")" mine
        status_is 1 kennel run reader -- touch "$project/new"
        kennel edit reader --no-mount "$project" --restart >/dev/null
        kennel run reader -- touch "$project/new"
        rm "$project/new"
        remove reader
    done
}

test_what_cannot_be_given_says_what_to_do() {
    local gone=$HOME/gone shut=$HOME/shut
    mkdir -p "$gone" "$shut/below"
    pet given --preset project
    chmod 0000 "$shut"
    for place in "$shut" "$shut/below"; do
        status_is 125 kennel edit given --mount "$place"
        one_line_error
        contains "$ERR" "your account may not read $place"
        status_is 125 kennel edit given --project "$place"
        contains "$ERR" "your account may not read $place"
    done
    chmod 0700 "$shut"
    status_is 125 kennel edit given --mount "$HOME/never"
    contains "$ERR" "$HOME/never is not there"
    for variable in =x 'A B=x' HOME=/x XDG_RUNTIME_DIR=/x container=x word; do
        status_is 125 kennel edit given --env "$variable"
        one_line_error
    done
    touch "$HOME/file"
    status_is 125 kennel edit given --project "$HOME/file"
    contains "$ERR" "$HOME/file is not a folder"
    for place in / "$HOME" /proc/x /sys /dev /run/kennel/session; do
        status_is 125 kennel edit given --mount "$HOME/gone:$place"
        one_line_error
        contains "$ERR" "nothing can be mounted at $place"
    done
    for odd in '' :/x "$HOME/gone:/a:b" "$HOME/gone:below"; do
        status_is 125 kennel edit given --mount "$odd"
        one_line_error
    done
    kennel edit given --mount "$HOME/gone:/a:rw" >/dev/null
    equal "$(kennel show given --json | json "d['mounts'][0]['target']")" /a
    kennel edit given --no-mount /a >/dev/null
    status_is 125 kennel edit given --hostname under_score
    contains "$ERR" 'use letters, digits'
    # What went after it was given: the error has the command that helps, and that one does.
    kennel edit given --mount "$gone" --project "$gone/.." >/dev/null
    rmdir "$gone"
    status_is 125 kennel start given
    one_line_error
    contains "$ERR" "kennel edit given --no-mount $gone"
    kennel edit given --no-mount "$gone" >/dev/null
    kennel start given
    kennel stop given
    mkdir "$gone"
    kennel edit given --project "$gone" >/dev/null
    rmdir "$gone"
    status_is 125 kennel start given
    contains "$ERR" 'kennel edit given --no-project'
    kennel edit given --no-project >/dev/null
    kennel start given
    remove given
}

test_show_has_every_choice() {
    mkdir -p "$HOME/extra"
    pet shown --preset project --mount "$HOME/extra:/extra:ro" --env COLOUR=blue --hostname box --workdir /var/tmp \
        --ulimit nofile=100 --memory 1G --host-commands ask --network private --port 18083:80
    kennel show shown >"$TEST_DIR/shown"
    for text in "$HOME/extra as /extra, only to read" COLOUR=blue 'Host name box' /var/tmp nofile=100 'of memory' \
        'Sudo      yes' 'Confined  default' 'Commands  ask' '18083 here is 80' "is at \$XDG_RUNTIME_DIR/\$WAYLAND_DISPLAY; sets WAYLAND_DISPLAY"; do
        contains "$(cat "$TEST_DIR/shown")" "$text"
    done
    remove shown
}

test_a_private_home_has_nothing_of_the_hosts_places() {
    mkdir -p "$HOME/elsewhere"
    export XDG_CONFIG_HOME=$HOME/elsewhere/c XDG_DATA_HOME=$XDG_DATA_HOME XDG_STATE_HOME=$XDG_STATE_HOME XDG_CACHE_HOME=$HOME/elsewhere/a
    pet private --preset project
    pet shared
    for variable in XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME; do
        equal "$(kennel run private -- sh -c "echo \${$variable:-none}")" none
        equal "$(kennel run shared -- sh -c "echo \${$variable:-none}")" "${!variable}"
    done
    kennel edit private --env XDG_CONFIG_HOME=/var/tmp/c --restart >/dev/null
    equal "$(kennel run private -- sh -c 'echo $XDG_CONFIG_HOME')" /var/tmp/c
    remove private shared
}
