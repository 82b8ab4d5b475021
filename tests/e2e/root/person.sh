# shellcheck shell=bash
# What root prepares for a person: a place of their own, and a part of the control groups without systemd.

# place_of_person: $PLACE, with home, run and data of the person; it goes with the test.
place_of_person() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    PLACE=$(mktemp -d /var/tmp/kennel-person.XXXXXX)
    trap 'rm -rf "$PLACE"' EXIT
    mkdir -m 0700 "$PLACE/run" "$PLACE/data"
    chown -R "$KENNEL_PERSON:" "$PLACE"
}

# In words for `unshare bash`, which has no functions of ours: the person, with $1 as their place.
# shellcheck disable=SC2016
AS_PERSON='setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -C "$1" -u DBUS_SESSION_BUS_ADDRESS \
    HOME="$1" USER="$KENNEL_PERSON" XDG_DATA_HOME="$1/data" XDG_STATE_HOME="$1/state" XDG_CONFIG_HOME="$1/config" \
    XDG_RUNTIME_DIR="$1/run" TEST_DIR="$1" bash "$1/inside"'

# inside_as_person: runs $PLACE/inside as the person.
inside_as_person() { bash -euo pipefail -c "$AS_PERSON" inside "$PLACE"; }

# inside_with_groups: the same in a part of a plain cgroup v2 that is theirs; in it are the groups of $PLACE's name.
inside_with_groups() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount bash -euo pipefail -c '
        mount -t cgroup2 none /sys/fs/cgroup
        top=/sys/fs/cgroup/$(basename "$1")
        mkdir -p "$top/session"
        chown "$KENNEL_PERSON" "$top" "$top"/cgroup.{procs,subtree_control,threads} "$top/session" "$top"/session/cgroup.{procs,subtree_control}
        echo $$ >"$top/session/cgroup.procs"
        '"$AS_PERSON"'
        echo $$ >/sys/fs/cgroup/cgroup.procs
        for group in kennel/keepers kennel session .; do rmdir "$top/$group" || true; done' groups "$PLACE"
}
