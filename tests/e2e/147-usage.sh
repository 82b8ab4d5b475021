# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# What runs in a pet and what it uses; ending one of its processes, and nothing else's.

row_of() { kennel top "$1" --json | json "next(p for p in d if p['command'].startswith('$2'))$3"; }
gone() { ! kennel top "$1" --json | grep -q "$2"; }
# busy NAME: a loop in the pet, known by its command line.
busy() { kennel run "$1" -- sh -c 'while :; do :; done' busy-loop & }

test_top_lists_the_processes_of_the_pet_only() {
    pet busy-one
    pet quiet-one
    kennel start quiet-one
    busy busy-one
    sleep 310 &
    local loop=$! mine=$!
    wait_for 10 row_of busy-one 'sh -c while' "['pid']"
    [ "$(row_of busy-one 'sh -c while' "['cpu_percent']" | cut -d. -f1)" -ge 20 ] || fail 'the loop is not busy'
    equal "$(row_of busy-one 'sh -c while' "['user']")" "$(id -un)"
    equal "$(kennel top busy-one --json | json "d[0]['name']")" sh
    # Inside it has another number.
    [ "$(row_of busy-one 'sh -c while' "['pid'] != d[0]['inside']")" = true ] || fail 'the pid inside is that outside'
    gone quiet-one busy-loop || fail 'another pet has it too'
    gone busy-one "\"pid\": $mine," || fail 'it lists a process of this computer'
    contains "$(kennel top busy-one)" busy-loop
    kennel stop quiet-one
    status_is 125 kennel top quiet-one
    one_line_error
    kill "$mine"
    remove busy-one quiet-one
    wait "$loop" || true
}

# The rest is what the window asks of the engine; the line for its own eyes is left out.
end_of() {
    local status=0
    kennel job end-process "$@" 2>"$TEST_DIR/said" || status=$?
    grep -v '^kennel-error: ' "$TEST_DIR/said" >&2 || true
    return "$status"
}

test_a_process_is_asked_to_end_then_ended() {
    pet ending
    kennel start ending
    kennel run ending -- sh -c 'trap "" TERM; while :; do sleep 0.2; done' stubborn &
    kennel run ending -- sleep 320 &
    wait_for 10 row_of ending 'sleep 320' "['pid']"
    wait_for 10 row_of ending 'sh -c trap' "['pid']"
    local id
    id=$(id_of ending)
    end_of "$id" "$(row_of ending 'sleep 320' "['pid']")" "$(row_of ending 'sleep 320' "['start_time']")"
    wait_for 5 gone ending 'sleep 320'
    local stubborn start
    stubborn=$(row_of ending 'sh -c trap' "['pid']") start=$(row_of ending 'sh -c trap' "['start_time']")
    end_of "$id" "$stubborn" "$start"
    row_of ending 'sh -c trap' "['pid']"
    end_of --force "$id" "$stubborn" "$start"
    wait_for 5 gone ending stubborn
    equal "$(state_of ending)" running
    remove ending
    wait || true
}

test_nothing_but_the_pets_own_process_is_ended() {
    pet own
    pet other
    kennel start own
    kennel start other
    kennel run other -- sleep 330 &
    local runner=$!
    sleep 340 &
    local mine=$!
    wait_for 10 row_of other 'sleep 330' "['pid']"
    local id start
    id=$(id_of own)
    # Another pet's, this computer's, a number that was used again, the pet's PID 1.
    status_is 125 end_of --force "$id" "$(row_of other 'sleep 330' "['pid']")" "$(row_of other 'sleep 330' "['start_time']")"
    one_line_error
    start=$(sed 's/.*) //' "/proc/$mine/stat" | cut -d' ' -f20)
    status_is 125 end_of --force "$id" "$mine" "$start"
    status_is 125 end_of --force "$(id_of other)" "$(row_of other 'sleep 330' "['pid']")" 1
    status_is 125 end_of --force "$id" "$(kennel top own --json | json "d[0]['pid']")" "$(kennel top own --json | json "d[0]['start_time']")"
    status_is 125 end_of --force "$id" -- -1 0
    kill -0 "$mine"
    row_of other 'sleep 330' "['pid']"
    equal "$(state_of own)" running
    kill "$mine"
    remove own other
    wait "$runner" || true
}

test_a_program_cannot_hide_or_paint_the_list() {
    pet painted
    kennel start painted
    # A name that is no text, in namespaces of its own.
    # shellcheck disable=SC2016 # for the inner shell
    kennel run painted -- sh -c 'cp /bin/sleep "/tmp/$(printf "a\033[2Jb")"; exec unshare --user --map-root-user "/tmp/$(printf "a\033[2Jb")" 350' &
    listed() { kennel top painted | grep -q ' 350$'; }
    wait_for 10 listed
    case $(kennel top painted) in *$'\033'*) fail 'it moves the cursor' ;; esac
    remove painted
    wait || true
}

test_samples_come_every_two_seconds() {
    pet sampled
    kennel start sampled
    busy sampled
    timeout 7 kennel job usage >"$TEST_DIR/samples" || true
    [ "$(wc -l <"$TEST_DIR/samples")" -ge 3 ] || fail 'too few samples'
    tail -n 2 "$TEST_DIR/samples" | python3 -c '
import json, sys
first, last = (json.loads(line) for line in sys.stdin)
pet = lambda sample: next(p for p in sample["pets"] if p["id"] == sys.argv[1])
elapsed = last["at_micros"] - first["at_micros"]
assert 1_500_000 < elapsed < 6_000_000, elapsed
cores = (pet(last)["cpu_micros"] - pet(first)["cpu_micros"]) / elapsed
print("cores", cores)
assert 0.1 < cores < 1.3, cores
assert pet(last)["processes"] >= 2 and pet(last)["memory"] > 100_000
assert last["computer"]["cores"] >= 1 and last["computer"]["memory"] > 0' "$(id_of sampled)"
    # Its limits are asked for like this by the window.
    kennel job edit "$(id_of sampled)" '{"limits":{"cpu_millis":{"at":500}}}' >"$TEST_DIR/edited"
    equal "$(json "d['limits']['cpu']['wanted']" <"$TEST_DIR/edited")" 500
    equal "$(json "d['limits']['cpu']['enforced']" <"$TEST_DIR/edited")" "$(kennel status sampled --json | json "d['limits']['cpu']['enforced']")"
    remove sampled
    wait || true
}
