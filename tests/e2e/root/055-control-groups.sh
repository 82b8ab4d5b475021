# shellcheck shell=bash
# A part of the control group tree that is the person's, without systemd: root shows a plain cgroup v2
# in a mount namespace and gives the person a group. On a computer with the hybrid layout it has no
# controllers, which must be said; tests/lab has some.
# shellcheck source=tests/e2e/root/person.sh
. "${KENNEL_E2E%/*}/root/person.sh"

test_a_pet_has_a_group_of_its_own_without_systemd() {
    [ ! -d /run/systemd/system ] || skip 'systemd has the tree here'
    place_of_person
    cat >"$PLACE/inside" <<'SCRIPT'
set -euo pipefail
. "$(dirname "$KENNEL_E2E")/lib.sh"
group_of() { sed -n 's,^0::,/sys/fs/cgroup,p' "/proc/$1/cgroup"; }
state() { json "d['$1']" <"$XDG_RUNTIME_DIR"/kennel/"$(id_of grouped)"/state.json; }
kennel image import "$KENNEL_STARTER"
kennel create grouped --image "$KENNEL_REF" --cpus 0.5
kennel start grouped
inner=$(group_of "$(state pid)")
contains "$inner" "/$(basename "$HOME")/kennel/$(id_of grouped)/pet"
contains "$(group_of "$(state keeper)")" "/$(basename "$HOME")/kennel/keepers"
# Inside, its own group is the root of all, also for what enters later.
equal "$(kennel run grouped -- cat /proc/self/cgroup | tail -n 1)" 0::/
if grep -qw cpu "$(dirname "$inner")/cgroup.controllers"; then
    equal "$(cat "$(dirname "$inner")/cpu.max")" '50000 100000'
else
    contains "$(kennel status grouped)" 'your session has no cpu controller'
fi
[ "$(kennel status grouped --json | json "d['usage']['group']['cpu_micros']")" -gt 0 ]
kennel stop grouped
gone() { [ ! -e "$(dirname "$inner")" ]; }
wait_for 5 gone
kennel rm grouped --yes
kennel image rm "$KENNEL_REF" --yes
kennel image prune --yes
SCRIPT
    inside_with_groups
}
