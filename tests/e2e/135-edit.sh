# shellcheck shell=bash
# What a pet can reach is changed at any time; what needs a restart says so.

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
    # shellcheck disable=SC2016
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
    # shellcheck disable=SC2016
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
    # shellcheck disable=SC2016
    equal "$(XDG_CONFIG_HOME=/elsewhere kennel run home -- sh -c 'echo ${XDG_CONFIG_HOME:-none}')" none
    remove home
}

test_programs_inside_reach_each_other_without_a_network() {
    pet alone --preset sealed
    # shellcheck disable=SC2016
    kennel run alone -- perl -e 'use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
        IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die "unreachable"'
    remove alone
}
