# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# The person is told of a pet that eats the machine: once, in the right words, and what they press is done.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"
# shellcheck source=tests/e2e/alerts.sh
. "$(dirname "$KENNEL_E2E")/alerts.sh"

# Processor time of a keeper in ticks of 10 ms, and its private memory in kB.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
private() { awk '/^Private_/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"; }

# Where the person's desktop would be.
users_bus() {
    DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus
    export DBUS_SESSION_BUS_ADDRESS
}

# two_loops NAME SECONDS: what a miner hidden in an image does.
two_loops() { kennel run "$1" -- timeout "$2" sh -c 'while :; do :; done & while :; do :; done' || true; }

# All at the same time, for a minute is long in a test.
test_a_miner_a_limited_pet_and_a_hog_are_told_of_once_each() {
    users_bus
    notifications limit
    pet miner
    # It leaves the miner more than nine tenths of two cores.
    pet limited --cpus 0.05
    pet hog --memory 128M --swap 0 --alert-memory 70
    kennel start miner
    kennel start limited
    kennel start hog
    kennel events >"$TEST_DIR/events" &
    ends_with_test $!
    local keeper before
    keeper=$(keeper_of miner)
    sleep 1
    before=$(ticks "$keeper")
    two_loops miner 90 &
    local miner=$!
    two_loops limited 90 &
    local limited=$!
    # 100 of 128 MiB, held until its reader ends; nearer to the limit the kernel might kill it.
    kennel run hog -- sh -c 'head -c 100M /dev/zero | tail -c 100M | sleep 25'
    status_is 137 kennel run hog -- sh -c 'exec tail </dev/zero'
    wait "$miner" "$limited"
    equal "$(alerts_of miner)" busy
    equal "$(alerts_of limited)" held-back
    equal "$(alerts_of hog | sort | tr '\n' ' ')" 'memory-near-limit out-of-memory '
    contains "$(kennel logs miner)" 'alert “miner” is busy: for 60 seconds it has used nearly all of its 2 cores'
    contains "$(kennel logs limited)" 'alert “limited” is held back by its limit: it wants more than its 0.05 cores'
    contains "$(kennel logs hog)" 'alert “hog” is near its memory limit: it uses 1'
    contains "$(kennel logs hog)" 'alert “hog” is out of memory: tail was killed'
    # The same in the events of all pets, and on the desktop.
    equal "$(json_lines "d['name'] + ' ' + d['kind']" alert <"$TEST_DIR/events" | sort | tr '\n' ' ')" \
        'hog memory-near-limit hog out-of-memory limited held-back miner busy '
    equal "$(shown | sed 's/.*"title": "\([^"]*\)".*/\1/' | sort | tr '\n' ';')" \
        'hog is near its memory limit;hog is out of memory;limited is held back by its limit;miner is busy;'
    contains "$(shown | grep miner)" '"keys": ["default", "show", "limit", "stop"]'
    contains "$(shown | grep limited)" '"keys": ["default", "show", "stop"]'
    # What was pressed is done, by the kernel too, and the alert is over.
    equal "$(limit miner cpu.max)" '100000 100000'
    equal "$(kennel show miner --json | json "d['limits']['cpu_millis']")" 1000
    equal "$(json_lines "d['kind']" alert-over < <(kennel logs miner --json))" busy
    equal "$(kennel list --json | json "{p['name']: p['alerts'] for p in d}['limited']")" '["held-back"]'
    # What is over is taken back from the desktop.
    equal "$(json_lines "d['kind']" alert-over < <(kennel logs hog --json))" memory-near-limit
    grep -q "\"closed\", \"id\": $(shown | grep 'near its memory' | json "d['id']")}" "$NOTIFICATIONS" || fail 'it still stands'
    # All that for next to nothing.
    local used=$(($(ticks "$keeper") - before)) memory
    memory=$(private "$keeper")
    echo "keeper: $memory kB, $used ticks"
    [ "$memory" -lt 1024 ] || fail "the keeper has $memory kB of its own"
    # Of a processor that is emulated, some twenty times slower than a real one.
    [ "$used" -le 12 ] || fail "the keeper used $used ticks"
    remove miner limited hog
}

# A notification may stand for half an hour: it is in nobody's way.
test_a_pet_that_ended_unexpectedly_starts_again_with_its_limits() {
    users_bus
    notifications
    pet lost --cpus 0.5
    kennel start lost
    kill -KILL "$(init_of lost)"
    wait_for 20 told_of lost
    kennel start lost
    equal "$(limit lost cpu.max)" '50000 100000'
    equal "$(alerts_of lost)" ended
    remove lost
}
