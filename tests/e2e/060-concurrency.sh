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
    remove crowd
}

test_twenty_at_once_start_one_pet() {
    local jobs=() n
    pet crowd
    kennel stop crowd 2>/dev/null || true
    for n in $(seq 20); do
        kennel run crowd -- readlink /proc/self/ns/pid >"$TEST_DIR/$n" &
        jobs+=($!)
    done
    for n in "${jobs[@]}"; do wait "$n"; done
    # One pet: all of them saw the same pid namespace.
    equal "$(cat "$TEST_DIR"/[0-9]* | sort -u | wc -l)" 1
    remove crowd
}

test_a_pet_survives_its_starter() {
    pet survivor
    # shellcheck disable=SC2016
    bash -c 'kennel start survivor; kill -9 $$' || true
    equal "$(state_of survivor)" running
    status_is 0 kennel run survivor -- true
    remove survivor
}
