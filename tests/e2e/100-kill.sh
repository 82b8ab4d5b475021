# shellcheck shell=bash
# Twenty rounds of kill -9 on Kennel's own processes: the list stays right and rm works.

# The keepers and PID 1s of this person. Not by the owner of /proc/PID: that is root for a
# process that may not be dumped.
kennel_processes() {
    pgrep -u "$(id -u)" '^kennel' | sort || true
}

test_random_kill_9() {
    local round victim
    for round in $(seq 20); do
        # Only what this round started: the person may have pets of their own.
        kennel_processes >"$TEST_DIR/before"
        pet "round-$round"
        kennel start "round-$round"
        kennel_processes >"$TEST_DIR/after"
        victim=$(comm -13 "$TEST_DIR/before" "$TEST_DIR/after" | shuf -n 1)
        [ -n "$victim" ] || fail "round $round: no process of Kennel's found"
        kill -9 "$victim" 2>/dev/null || true
        # Killed init: stopped or failed. Killed keeper: running, adopted by the next command.
        wait_for 5 settled "round-$round"
        remove "round-$round"
        equal "$(state_of "round-$round")" absent
    done
}

settled() { case $(state_of "$1") in running) kennel run "$1" -- true ;; stopped | failed) true ;; *) false ;; esac; }
