# shellcheck shell=bash
# Alerts for which root must prepare the computer: a small disk, and a control group without systemd.
# shellcheck source=tests/e2e/root/person.sh
. "${KENNEL_E2E%/*}/root/person.sh"

test_one_pet_tells_of_the_disk_for_all() {
    place_of_person
    trap 'umount -l "$PLACE/data"; rm -rf "$PLACE"' EXIT
    mount -t tmpfs -o "size=2g,mode=0700,uid=$(id -u "$KENNEL_PERSON"),gid=$(id -g "$KENNEL_PERSON")" tmpfs "$PLACE/data"
    cat >"$PLACE/inside" <<'SCRIPT'
set -euo pipefail
. "$(dirname "$KENNEL_E2E")/lib.sh"
. "$(dirname "$KENNEL_E2E")/alerts.sh"
told() { [ "$(kennel list --json | json "sorted(sum((p['alerts'] for p in d), []))")" = "$1" ]; }
desktop
kennel image import "$KENNEL_STARTER"
kennel create one --image "$KENNEL_REF"
kennel create two --image "$KENNEL_REF"
# Two of a hundred parts are left.
fallocate -l "$(df -B1 --output=avail,size "$XDG_DATA_HOME" | awk 'NR == 2 { print int($1 - $2 / 50) }')" "$XDG_DATA_HOME/filler"
kennel start one
wait_for 10 told '["disk-nearly-full"]'
kennel start two
sleep 2
told '["disk-nearly-full"]'
contains "$(kennel logs one)" 'alert the disk of your pets is nearly full: 4'
equal "$(alerts_of two)" ''
# Who watches it next knows that it was told.
kennel stop one
kennel stop two
kennel start two
wait_for 10 told '["disk-nearly-full"]'
equal "$(alerts_of two)" ''
equal "$(shown | wc -l)" 1
remove one two
SCRIPT
    inside_as_person
}

test_a_busy_pet_is_told_of_and_stopped_by_the_button() {
    [ ! -d /run/systemd/system ] || skip 'systemd has the tree here'
    place_of_person
    cat >"$PLACE/inside" <<'SCRIPT'
set -euo pipefail
. "$(dirname "$KENNEL_E2E")/lib.sh"
. "$(dirname "$KENNEL_E2E")/alerts.sh"
stopped() { [ "$(state_of busy)" = stopped ]; }
desktop stop
kennel image import "$KENNEL_STARTER"
# Other tests may want the computer as well.
kennel create busy --image "$KENNEL_REF" --alert-seconds 10 --alert-cpu 30
kennel start busy
kennel run busy -- timeout 100 sh -c 'for i in $(seq "$(nproc)"); do while :; do :; done & done; wait' &
wait_for 60 stopped
equal "$(alerts_of busy)" busy
contains "$(shown)" '"title": "busy is busy"'
# There is no processor controller here: a limit would not hold, and is not offered.
grep -qw cpu /sys/fs/cgroup/cgroup.controllers || contains "$(shown)" '"keys": ["default", "show", "stop"]'
remove busy
kennel image rm "$KENNEL_REF" --yes
kennel image prune --yes
SCRIPT
    inside_with_groups
}
