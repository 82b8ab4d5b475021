# shellcheck shell=bash
# Twenty rounds of kill -9 on Kennel's own processes: the list stays right and rm works.

# The keeper and PID 1 of this person's pets: processes of the kennel binary that belong to this HOME.
kennel_processes() {
    local process
    for process in /proc/[0-9]*; do
        [ -O "$process" ] || continue
        [ "${process#/proc/}" != "$$" ] || continue
        if grep -qs "^kennel" "$process/comm"; then printf '%s\n' "${process#/proc/}"; fi
    done
}

test_random_kill_9() {
    local round victim
    for round in $(seq 20); do
        pet "round-$round"
        kennel start "round-$round"
        victim=$(kennel_processes | shuf -n 1)
        [ -n "$victim" ] || fail "round $round: no process of Kennel's found"
        kill -9 "$victim" 2>/dev/null || true
        # Killed init: stopped or failed. Killed keeper: running, adopted by the next command.
        wait_for 5 settled "round-$round"
        remove "round-$round"
        equal "$(state_of "round-$round")" absent
    done
}

settled() { case $(state_of "$1") in running) kennel run "$1" -- true ;; stopped | failed) true ;; *) false ;; esac; }
