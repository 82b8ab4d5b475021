# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# What the window is told of a pet that is held to half a core.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"

test_a_limited_pet_is_sampled_as_it_is() {
    pet sampled --cpus 0.5 --memory 256M
    kennel start sampled
    kennel run sampled -- timeout 40 sh -c 'while :; do :; done & while :; do :; done' &
    local loops=$! id
    id=$(id_of sampled)
    timeout 12 kennel job usage >"$TEST_DIR/samples" || true
    tail -n 3 "$TEST_DIR/samples" | python3 -c '
import json, sys
samples = [json.loads(line) for line in sys.stdin]
first, last = samples[0], samples[-1]
pet = lambda sample: next(p for p in sample["pets"] if p["id"] == sys.argv[1])
cores = (pet(last)["cpu_micros"] - pet(first)["cpu_micros"]) / (last["at_micros"] - first["at_micros"])
print("cores", cores)
assert 0.4 < cores < 0.6, cores
assert pet(last)["throttling"]["throttled"] > pet(first)["throttling"]["throttled"]
assert pet(last)["cpu_limit"] == 500 and pet(last)["memory_limit"] == 256 << 20' "$id"
    # The slider asks like this, and is answered with what the kernel has.
    kennel job edit "$id" '{"limits":{"cpu_millis":{"at":1500}}}' >"$TEST_DIR/edited"
    equal "$(limit sampled cpu.max)" '150000 100000'
    equal "$(json "d['limits']['cpu']['enforced']" <"$TEST_DIR/edited")" 1500
    equal "$(json "d['limits']['unavailable']" <"$TEST_DIR/edited")" None
    kennel stop sampled
    wait "$loops" || true
    remove sampled
}
