# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# What SELinux does to a pet, as status tells it: read from the kernel each time.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"

# line NAME TOPIC FIELD
line() { kennel status "$1" --json | json "'; '.join(l['$3'] for l in d['report'] if l['topic'] == '$2')"; }
label_of() { tr -d '\0\n' <"/proc/$(init_of "$1")/attr/current"; }

test_the_label_is_the_kernels() {
    local name kind
    pet open
    pet shut --preset sealed
    for name in open shut; do
        kennel start "$name"
        equal "$(kennel status "$name" --json | json "d['security']['selinux']['label']")" "$(label_of "$name")"
        equal "$(kennel status "$name" --json | json "d['security']['selinux']['mode']")" enforcing
        equal "$(kennel status "$name" --json | json "d['security']['selinux']['policy']")" \
            "$(sed -n 's/^SELINUXTYPE=//p' /etc/selinux/config)"
        kind=$(label_of "$name" | cut -d: -f3)
        contains "$(line "$name" selinux fact)" "$kind"
        contains "$(line "$name" selinux fact)" enforcing
    done
    contains "$(line open selinux fact)" 'your own label'
    equal "$(line open selinux verdict)" note
    # A sealed pet is held by SELinux, or it is said that it is not.
    case $kind in
        container_t) equal "$(line shut selinux verdict)" good ;;
        *) equal "$(line shut selinux verdict)" risk ;;
    esac
    remove open shut
}

test_a_switch_of_selinux_is_seen_at_once() {
    pet watched
    kennel start watched
    watches() { line watched selinux fact | grep -q 'only watches now (permissive'; }
    refuses() { line watched selinux fact | grep -q enforcing; }
    refuses
    trap 'sudo setenforce 1' EXIT
    sudo setenforce 0
    wait_for 2 watches
    contains "$(kennel status watched)" 'sudo setenforce 1'
    # What it says to do does it.
    sudo setenforce 1
    wait_for 2 refuses
    remove watched
}

test_limits_that_hold_are_good() {
    pet limited --cpus 0.5 --memory 256M --pids 100
    kennel start limited
    equal "$(line limited cpu-limit verdict) $(line limited memory-limit verdict) $(line limited process-limit verdict)" 'good good good'
    contains "$(line limited cpu-limit fact)" '0.5 cores'
    kennel edit limited --memory none >"$TEST_DIR/said"
    equal "$(line limited memory-limit verdict)" note
    contains "$(line limited memory-limit fact)" 'No limit'
    remove limited
}

# Makes the heap executable, which SELinux refuses every label (execheap), and goes on.
# shellcheck disable=SC2016 # Perl's own variables.
FORBIDDEN='my $heap = "x" x 64; my $page = unpack("Q", pack("p", $heap)) & ~4095; syscall(10, $page, 4096, 7) == -1 or exit 9; $| = 1; print "refused\n"; sleep 60'

test_a_refusal_is_listed_for_who_may_read_the_journal() {
    pet refused
    kennel start refused
    pet innocent
    kennel start innocent
    equal "$(kennel status refused --json | json "d['denials']['state']")" unreadable
    contains "$(line refused denials fact)" 'not readable'
    contains "$(kennel status refused)" 'sudo usermod --append --groups systemd-journal pat'
    kennel run refused -- perl -e "$FORBIDDEN" >"$TEST_DIR/tried" &
    local tried=$!
    said() { grep -q refused "$TEST_DIR/tried"; }
    wait_for 20 said
    # What it says to do does it.
    sudo usermod --append --groups systemd-journal pat
    reader() { sg systemd-journal -c "kennel status $1 --json"; }
    listed() { reader refused | json "[n['program'] for n in d['denials']['last']]" | grep -q perl; }
    wait_for 20 listed
    reader refused >"$TEST_DIR/status"
    equal "$(json "d['denials']['last'][0]['wanted']" <"$TEST_DIR/status")" '["execheap"]'
    equal "$(json "d['denials']['last'][0]['refused']" <"$TEST_DIR/status")" true
    contains "$(sg systemd-journal -c 'kennel status refused')" 'perl: execheap process'
    # Another pet's are not its own.
    equal "$(reader innocent | json "d['denials']['last']")" '[]'
    kill "$tried" || true
    wait "$tried" || true
    sudo gpasswd --delete pat systemd-journal >/dev/null
    remove refused innocent
}
