# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# Limits through the person's systemd, read back from the kernel.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"

test_the_kernel_has_the_limits_of_create() {
    pet held --cpus 0.5 --memory 256M --swap 0 --pids 100 --cpu-weight 50 2>"$TEST_DIR/notes"
    equal "$(cat "$TEST_DIR/notes")" ''
    kennel start held
    equal "$(limit held cpu.max)" '50000 100000'
    equal "$(limit held memory.max)" 268435456
    equal "$(limit held memory.swap.max)" 0
    equal "$(limit held pids.max)" 100
    equal "$(limit held cpu.weight)" 50
    equal "$(kennel status held --json | json "[d['limits'][n]['enforced'] for n in ('cpu','memory','swap','pids','cpu_weight')]")" \
        '[500, 268435456, 0, 100, 50]'
    equal "$(kennel status held --json | json "[l['reason'] for l in d['limits'].values() if isinstance(l, dict) and l['reason']]")" '[]'
    remove held
}

test_an_edit_holds_at_once() {
    pet changing
    kennel start changing
    equal "$(limit changing cpu.max)" 'max 100000'
    equal "$(limit changing pids.max)" max
    local init
    init=$(init_of changing)
    equal "$(kennel edit changing --cpus 1.5 --memory 512M --pids 77)" '“changing” is changed'
    # No waiting: that is the command's part.
    equal "$(limit changing cpu.max)" '150000 100000'
    equal "$(limit changing memory.max)" 536870912
    equal "$(limit changing pids.max)" 77
    equal "$(enforced changing cpu)" 1500
    kennel edit changing --cpus none --pids none --memory none >"$TEST_DIR/said"
    equal "$(limit changing cpu.max)" 'max 100000'
    equal "$(limit changing memory.max)" max
    equal "$(init_of changing)" "$init"
    # They last over a restart.
    kennel edit changing --cpus 0.25 >"$TEST_DIR/said"
    kennel restart changing
    equal "$(limit changing cpu.max)" '25000 100000'
    remove changing
}

test_a_busy_loop_gets_half_a_core() {
    pet busy --cpus 0.5
    kennel start busy
    local before after begun ended
    kennel run busy -- timeout 20 sh -c 'while :; do :; done & while :; do :; done' &
    local loops=$!
    sleep 2
    begun=$(date +%s%6N) before=$(kennel status busy --json | json "d['usage']['group']['cpu_micros']")
    sleep 10
    ended=$(date +%s%6N) after=$(kennel status busy --json | json "d['usage']['group']['cpu_micros']")
    local hundredths=$((100 * (after - before) / (ended - begun)))
    echo "used $hundredths hundredths of a core"
    if [ "$hundredths" -lt 40 ] || [ "$hundredths" -gt 60 ]; then fail "it used $hundredths hundredths of a core"; fi
    [ "$(kennel status busy --json | json "d['usage']['group']['throttling']['throttled']")" -gt 0 ] || fail 'nothing was held back'
    contains "$(kennel status busy)" 'its limit held it back'
    kennel stop busy
    wait "$loops" || true
    remove busy
}

test_a_fork_bomb_stops_at_its_limit() {
    pet bomb --pids 60
    kennel start bomb
    kennel run bomb -- bash -c 'f() { f | f & }; f; sleep 6' >/dev/null 2>&1 &
    local bomb=$!
    wait_for 10 sh -c "[ \$(cut -d' ' -f2 '$(group_of bomb)/pids.events') -gt 0 ]"
    [ "$(limit bomb pids.current)" -le 60 ] || fail "$(limit bomb pids.current) processes"
    # The computer goes on working.
    local begun
    begun=$(milliseconds)
    systemctl --user is-active default.target
    [ $(($(milliseconds) - begun)) -lt 5000 ] || fail 'the computer can hardly be used'
    kennel stop bomb
    wait "$bomb" || true
    remove bomb
}

test_a_memory_hog_is_killed_and_the_pet_lives() {
    pet hog --memory 128M --swap 0
    kennel start hog
    local init
    init=$(init_of hog)
    # tail keeps all of a line that never ends.
    status_is 137 kennel run hog -- sh -c 'exec tail </dev/zero'
    equal "$(init_of hog)" "$init"
    status_is 0 kennel run hog -- true
    told() { kennel logs hog --json | grep '"out-of-memory"' | grep -q 'tail was killed'; }
    wait_for 5 told
    equal "$(kennel status hog --json | json "d['usage']['group']['memory_kills']")" 1
    remove hog
}

test_whatever_enters_is_in_the_group() {
    pet full
    kennel start full
    # Inside, the pet's group is the root of all.
    local own=(cat /proc/self/cgroup)
    equal "$(kennel run full -- "${own[@]}")" '0::/'
    # Not from the part of the tree that is the person's: only systemd can move it.
    contains "$(cat /proc/self/cgroup)" session-
    equal "$(systemd-run --user --quiet --pipe --wait -- kennel run full -- "${own[@]}")" '0::/'
    # A terminal says more than its program.
    contains "$(script -qec "kennel run full -- ${own[*]}" /dev/null </dev/null | tr '\r' ';')" '0::/;'
    ssh-keygen -q -t ed25519 -N '' -f "$HOME/.ssh/id_ed25519" <<<y >/dev/null
    cp "$HOME/.ssh/id_ed25519.pub" "$HOME/.ssh/authorized_keys"
    equal "$(ssh -o StrictHostKeyChecking=no localhost kennel run full -- "${own[@]}" 2>/dev/null)" '0::/'
    contains "$(ssh -tt -o StrictHostKeyChecking=no localhost kennel run full -- "${own[@]}" 2>/dev/null </dev/null | tr '\r' ';')" '0::/;'
    # A login shell that stays: seen from outside.
    mkfifo "$TEST_DIR/input"
    kennel enter full <"$TEST_DIR/input" >/dev/null 2>&1 &
    exec 9>"$TEST_DIR/input"
    echo 'sleep 321' >&9
    sleeper() { pgrep -f '^sleep 321$' >"$TEST_DIR/sleeper"; }
    wait_for 10 sleeper
    equal "$(group_of_process "$(cat "$TEST_DIR/sleeper")")" "$(group_of full)/pet"
    exec 9>&-
    remove full
}

test_a_pet_outlives_what_started_it() {
    pet apart
    systemd-run --user --quiet --unit=starter --service-type=oneshot --remain-after-exit kennel start apart
    wait_for 30 equal_state apart running
    systemctl --user stop starter
    equal "$(state_of apart)" running
    kill -0 "$(keeper_of apart)"
    equal "$(kennel run apart -- echo there)" there
    remove apart
}
equal_state() { [ "$(state_of "$1")" = "$2" ]; }

test_the_keeper_is_beside_the_pet_and_small() {
    pet kept --cpus 0.1
    kennel start kept
    local keeper
    keeper=$(keeper_of kept)
    contains "$(group_of_process "$keeper")" "app-kennel.slice/kennel-$(id_of kept)-keeper.scope"
    contains "$(group_of kept)" "app-kennel.slice/kennel-$(id_of kept).scope"
    equal "$(find "/proc/$keeper/task" -mindepth 1 -maxdepth 1 | wc -l)" 1
    # A moment after the start it lets go of what only starting needed.
    small() { [ "$(awk '/^Private_/ { sum += $2 } END { print sum }' "/proc/$keeper/smaps_rollup")" -lt 1024 ]; }
    wait_for 5 small
    remove kept
}

test_nothing_is_left_and_a_restart_need_not_wait() {
    pet again
    for _ in 1 2 3 4 5; do
        kennel start again
        equal "$(kennel run again -- cat /proc/self/cgroup)" '0::/'
        kennel stop again
    done
    gone() { [ -z "$(systemctl --user list-units --all --plain --no-legend "kennel-$(id_of again)*")" ]; }
    wait_for 10 gone
    remove again
}
