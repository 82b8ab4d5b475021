# shellcheck shell=bash
# Many commands at once, and commands that die.

test_twenty_at_once() {
    local jobs=() n
    pet crowd
    for n in $(seq 20); do
        kennel run crowd -- echo "$n" >"$TEST_DIR/$n" &
        jobs+=($!)
    done
    for n in "${jobs[@]}"; do wait "$n"; done
    for n in $(seq 20); do equal "$(cat "$TEST_DIR/$n")" "$n"; done
    kennel rm --force --yes crowd
}

test_twenty_at_once_start_one_pet() {
    local jobs=() n
    pet crowd
    kennel stop crowd 2>/dev/null || true
    for n in $(seq 20); do
        kennel run crowd -- readlink /proc/1/ns/pid >"$TEST_DIR/$n" &
        jobs+=($!)
    done
    for n in "${jobs[@]}"; do wait "$n" || true; done
    # Where the pet's PID 1 is not readable, the namespace of the command itself is the same.
    kennel run crowd -- true
    equal "$(kennel list --json | json 'len([p for p in d if p["name"] == "crowd"])')" 1
    kennel rm --force --yes crowd
}

test_a_pet_survives_its_starter() {
    local before
    pet survivor
    kennel run survivor -- sleep 300 &
    before=$!
    wait_for 10 kennel run survivor -- pgrep -x sleep
    setsid -w kennel start survivor
    kill -9 "$before"
    equal "$(state_of survivor)" running
    status_is 0 kennel run survivor -- true
    kennel rm --force --yes survivor
}
