# shellcheck shell=bash
# A pet whose init is the image's systemd, in a control group delegated to the person, as a login session
# of a systemd computer gives it. Root arranges exactly that: a cgroup2 and a group of the account's own.

# A plain cgroup2 without controllers is enough; this shows it also where the host has cgroup v1 beside it.
test_services_run_under_the_images_systemd() {
    local home
    home=$(person_home)
    # shellcheck disable=SC2154
    cat >"$home/inside" <<'SCRIPT'
set -eu
directory=$1
home=$directory/home
group=$2
echo $$ >"$group/session/cgroup.procs"
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$home" \
        HOME="$home" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$home/run" "$@"
}
check() { if ! eval "$2"; then echo "not so: $1" >&2; exit 1; fi; }
inside() { as_person kennel run services -- "$@"; }

as_person kennel image import "${KENNEL_STARTER%/*}/debian-workbench.oci.tar" >/dev/null
as_person kennel create services --image localhost/debian-workbench:1 --init --home private >/dev/null
as_person kennel start services
check 'PID 1 is systemd' '[ "$(inside cat /proc/1/comm)" = systemd ]'
for _ in $(seq 200); do if inside test -S /run/dbus/system_bus_socket; then break; fi; sleep 0.1; done
state=$(inside sh -c 'systemctl is-system-running --wait' || true)
inside systemctl --no-pager --failed >&2 || true
case $state in running) ;; *) echo "the system is $state" >&2; exit 1 ;; esac
check 'its state is clean' 'inside systemctl status --no-pager >"$home/status" 2>&1 && grep -q "State: running" "$home/status" && grep -q "Failed: 0 units" "$home/status"'
check 'services are in groups of their own' 'inside systemctl status cron | grep -q /system.slice/cron.service'
inside sudo -n sh -c 'printf "[Service]\nType=oneshot\nExecStart=/bin/sh -c \"id -u >/var/lib/served\"\n" >/etc/systemd/system/once.service
    printf "[Socket]\nListenStream=/run/once.sock\nAccept=no\n" >/etc/systemd/system/once.socket
    systemctl daemon-reload && systemctl start once.service && systemctl start once.socket'
check 'a service of the person ran' '[ "$(inside cat /var/lib/served)" = 0 ]'
check 'a socket listens' 'inside test -S /run/once.sock'
check 'the journal has it' 'inside sudo -n journalctl -u once --no-pager | grep -q Finished'
check 'kennel itself is not in the way of the prompt' '[ "$(inside sh -c "echo \$KENNEL_PET")" = services ]'
before=$(date +%s%3N)
as_person kennel stop services
took=$(($(date +%s%3N) - before))
check "a stop is quick ($took ms)" '[ "$took" -lt 5000 ]'
for _ in $(seq 50); do if as_person kennel logs services | grep -q "ended exit status: 0"; then break; fi; sleep 0.1; done
check 'it ended by itself' 'as_person kennel logs services | grep -q "ended exit status: 0"'
for _ in $(seq 50); do if ! ls -d "$group"/session/kennel-* >/dev/null 2>&1; then break; fi; sleep 0.1; done
check 'no group is left' '! ls -d "$group"/session/kennel-* 2>/dev/null'
# A second start finds the machine as it was left.
as_person kennel start services
for _ in $(seq 200); do if inside test -S /run/dbus/system_bus_socket; then break; fi; sleep 0.1; done
check 'it starts again' 'inside systemctl is-system-running --wait | grep -q running'
as_person kennel rm --force --yes services
# An image without one says so.
as_person kennel image import "$KENNEL_STARTER" >/dev/null
as_person kennel create plain --image "$KENNEL_REF" --init >/dev/null
status=0
as_person kennel start plain 2>"$home/why" || status=$?
cat "$home/why" >&2
check 'an image without an init is refused' '[ "$status" = 125 ] && grep -q "this image has no init" "$home/why"'
as_person kennel rm --force --yes plain
as_person kennel image rm "$KENNEL_REF" --yes
as_person kennel image rm localhost/debian-workbench:1 --yes
SCRIPT
    [ -s "${KENNEL_STARTER%/*}/debian-workbench.oci.tar" ] || fail 'make the image first: ./dev workbench-image'
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --propagation private bash -euc '
        mount -t cgroup2 none /sys/fs/cgroup
        group=/sys/fs/cgroup/kennel-test-$$
        mkdir -p "$group/session"
        chown -R "$KENNEL_PERSON" "$group"
        status=0
        bash "$1/inside" "$1" "$group" || status=$?
        echo $$ >/sys/fs/cgroup/cgroup.procs
        for _ in $(seq 50); do rmdir "$group/session" "$group" 2>/dev/null && break; sleep 0.1; done
        exit "$status"' - "$home"
    rm -rf "$home"
}

test_without_a_group_of_ones_own_it_says_why() {
    local home
    home=$(person_home)
    as_the_person "$home" kennel image import "$KENNEL_STARTER" >/dev/null
    as_the_person "$home" kennel create refused --image "$KENNEL_REF" --init >/dev/null
    status_is 125 as_the_person "$home" kennel start refused
    one_line_error
    contains "$ERR" 'needs a control group of yours'
    contains "$ERR" 'systemd-run --user --scope'
    as_the_person "$home" kennel edit refused --init=kennel >/dev/null
    as_the_person "$home" kennel run refused -- true
    as_the_person "$home" kennel rm --force --yes refused
    as_the_person "$home" kennel image rm "$KENNEL_REF" --yes
}

# A home of the account's, apart from its own.
person_home() {
    local home
    home=$(mktemp -d "${KENNEL_TEST_TMP:-/var/tmp}/kennel-systemd.XXXXXX")
    chmod 0755 "$home"
    install -d -m 0700 -o "$KENNEL_PERSON" -g "$(id -g "$KENNEL_PERSON")" "$home/home" "$home/home/run"
    printf '%s' "$home"
}

as_the_person() {
    local home=$1
    shift
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$home/home" \
        HOME="$home/home" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$home/home/run" "$@"
}
