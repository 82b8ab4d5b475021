# shellcheck shell=bash
# Commands of the host have a control group of their own, which the person's systemd gives. Root shows a
# plain cgroup2 and a /run where systemd has booted, and the person starts a systemd of their own there.

test_a_host_command_is_beside_its_pet_and_outlives_it() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    [ ! -d /run/systemd/system ] || skip 'systemd has the tree here: tests/lab has this'
    [ -x /usr/lib/systemd/systemd ] || skip 'no systemd is installed'
    [ -e /usr/lib/systemd/user/dbus.socket ] || skip 'no bus for a systemd of the person is installed'
    local home
    home=$(mktemp -d /var/tmp/kennel-commands.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -m 0700 "$home/run"
    chown -R "$KENNEL_PERSON:" "$home"
    cat >"$home/inside" <<'SCRIPT'
set -euo pipefail
. "$(dirname "$KENNEL_E2E")/lib.sh"
/usr/lib/systemd/systemd --user --unit=basic.target >"$HOME/systemd" 2>&1 &
trap 'systemctl --user exit; wait' EXIT
wait_for 20 systemctl --user start dbus.service
group_of() { sed -n 's,^0::,,p' "/proc/$1/cgroup"; }
state() { json "d['$1']" <"$XDG_RUNTIME_DIR"/kennel/"$(id_of beside)"/state.json; }
group_of_command() { kennel run beside -- kennel host-exec sed -n 's,^0::,,p' /proc/self/cgroup; }
# What one takes on the average, in microseconds.
fifty_times() {
    # shellcheck disable=SC2016 # for the pet's shell
    kennel run beside -- sh -c 'b=$(date +%s%N); i=0; while [ $i -lt 50 ]; do kennel host-exec true; i=$((i+1)); done; echo $((($(date +%s%N) - b) / 50000))'
}
kennel image import "$KENNEL_STARTER"
kennel create beside --image "$KENNEL_REF" --host-commands on
kennel start beside
slice=app-kennel.slice/kennel-$(id_of beside)
contains "$(group_of "$(state pid)")" "$slice.scope/pet"
contains "$(group_of "$(state keeper)")" "$slice-keeper.scope"
contains "$(group_of_command)" "$slice-commands.scope"
# What it leaves running on the host stays there when the pet is stopped, and is not in the way of its start.
kennel run beside -- flatpak-spawn --host sh -c 'sleep 271828 </dev/null >/dev/null 2>&1 &'
wait_for 10 pgrep -f '^sleep 271828'
sleeper=$(pgrep -f '^sleep 271828')
kennel stop beside
kill -0 "$sleeper"
contains "$(group_of "$sleeper")" "$slice-commands.scope"
before=$(milliseconds)
kennel start beside
took=$(($(milliseconds) - before))
[ "$took" -lt 4000 ] || fail "the next start took $took ms"
contains "$(group_of "$(state pid)")" "$slice.scope/pet"
contains "$(group_of "$(state keeper)")" "$slice-keeper.scope"
contains "$(group_of_command)" "$slice-commands.scope"
# A person may end all that the pet runs on the host; the next command runs all the same.
systemctl --user stop "kennel-$(id_of beside)-commands.scope"
ended() { ! kill -0 "$sleeper"; }
wait_for 10 ended
contains "$(group_of_command)" "$slice-keeper.scope"
without=$(fifty_times)
kennel restart beside
contains "$(group_of_command)" "$slice-commands.scope"
printf '        host-exec true: %s µs there, %s µs in its own group\n' "$without" "$(fifty_times)" >&2
# Nothing is left after the end, neither group nor process.
kennel stop beside
units() { systemctl --user list-units --all --plain --no-legend 'kennel-*' | grep -q .; }
gone() { ! units; }
wait_for 10 gone
# A pet without host commands has none.
kennel edit beside --host-commands off
kennel start beside
status_is 4 systemctl --user is-active "kennel-$(id_of beside)-commands.scope"
kennel rm --force --yes beside
kennel image rm "$KENNEL_REF" --yes
kennel image prune --yes
SCRIPT
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --propagation private bash -euo pipefail -c '
        mount -t cgroup2 none /sys/fs/cgroup
        mkdir -p /run/systemd
        mount -t tmpfs none /run/systemd
        mkdir /run/systemd/system
        top=/sys/fs/cgroup/$(basename "$1")
        mkdir -p "$top/manager"
        chown -R "$KENNEL_PERSON" "$top"
        echo $$ >"$top/manager/cgroup.procs"
        status=0
        setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$1" \
            HOME="$1" USER="$KENNEL_PERSON" PATH="$PATH" LANG=C.UTF-8 XDG_RUNTIME_DIR="$1/run" TEST_DIR="$1" \
            DBUS_SESSION_BUS_ADDRESS="unix:path=$1/run/bus" KENNEL_E2E="$KENNEL_E2E" \
            KENNEL_STARTER="$KENNEL_STARTER" KENNEL_REF="$KENNEL_REF" bash "$1/inside" || status=$?
        echo $$ >/sys/fs/cgroup/cgroup.procs
        for _ in $(seq 50); do
            find "$top" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.1
        done
        exit "$status"' commands "$home"
}
