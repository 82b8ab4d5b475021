# shellcheck shell=bash
# kill -9 of every kind of Kennel's processes at random points of what they do: afterwards the
# list is right, everything can be removed, and nothing runs or lies about that nobody knows of.
# KENNEL_SEED=N repeats the random points of an earlier run, KENNEL_ROUNDS=N makes more of them.

# The kinds of victims, and how many milliseconds after its start one may be killed.
declare -A KILL_WITHIN=(
    [import]=400 [unpack]=400 [create]=400 [job]=400 [serve]=300 [remove]=150
    [start]=80 [keeper]=80 [init]=80 [run]=60 [stop]=60 [rm]=60 [running-keeper]=50 [running-init]=50
)
KILL_KINDS=(import unpack create job serve remove start keeper init run stop rm running-keeper running-init)

# Kennel's processes of this person, subordinate users included, as "PID ARGUMENTS".
own_processes() {
    local first count
    IFS=: read -r _ first count < <(grep "^$(whoami):" /etc/subuid || echo "::0")
    ps -eo pid=,uid=,stat=,args= | awk -v me="$(id -u)" -v first="${first:-0}" -v count="$count" '
        $3 !~ /^Z/ && ($2 == me || ($2 >= first && $2 < first + count)) \
            && $4 ~ /^(kennel|\/proc\/self\/exe|.*\/bin\/kennel)$/ { $2 = $3 = ""; print }' | sort
}

new_processes() { comm -13 "$TEST_DIR/before" <(own_processes); }
nothing_new_runs() { [ -z "$(new_processes)" ]; }

# The arguments by which a victim is known.
pattern_of() {
    case $1 in
        import) echo ' image import' ;;
        unpack | remove) echo " stage $1" ;;
        job) echo ' job create' ;;
        *keeper) echo ' keeper ' ;;
        *init) echo ' init$' ;;
        *) echo " $1( |\$)" ;;
    esac
}

# A file of some thousand small ones, so that its import takes a moment.
small_image() {
    mkdir "$TEST_DIR/tree"
    (cd "$TEST_DIR/tree" && seq 3000 | split -l 1 -a 4 - file-)
    head -c 20000000 /dev/urandom >"$TEST_DIR/tree/noise"
    tar -C "$TEST_DIR/tree" -cf "$TEST_DIR/small.tar" .
}

request() {
    printf '{"name":"%s","image":"file:%s"}' "$1" "$TEST_DIR/small.tar"
}

# What a victim of kind $1 does, with the pet $2; what it needs was made before.
act() {
    case $1 in
        import | unpack) exec kennel image import --name localhost/small:1 "$TEST_DIR/small.tar" ;;
        create) exec kennel create "$2" --image "$TEST_DIR/small.tar" ;;
        job) exec kennel job create "$(request "$2")" ;;
        serve) exec /usr/bin/python3 "$(dirname "$KENNEL_E2E")/serve-client.py" "$(request "$2")" ;;
        start | keeper | init) exec kennel start "$2" ;;
        run) exec kennel run "$2" -- sleep 0.2 ;;
        stop) exec kennel stop "$2" ;;
        rm | remove) exec kennel rm --force --yes "$2" ;;
        running-*) exec true ;;
    esac
}

prepare() {
    case $1 in
        import | unpack | create | job | serve) return ;;
        start | keeper | init | remove | rm) pet "$2" ;;
        *) pet "$2" && kennel start "$2" ;;
    esac >/dev/null
}

# Waits for a process of kind $1 and kills one, $2 milliseconds later.
strike() {
    local end=$((SECONDS + 5)) victims
    while ! victims=$(new_processes | grep -E "$(pattern_of "$1")"); do
        # It may have been too quick to be seen, or end before it comes to that.
        kill -0 "$ACTING" 2>/dev/null && [ "$SECONDS" -lt "$end" ] || return 0
    done
    sleep "$(printf '0.%03d' "$2")"
    kill -9 "$(awk 'NR == 1 { print $1 }' <<<"$victims")" 2>/dev/null || true
}

# One round: what is true after it, whatever was killed when.
survives() {
    local kind=$1 name=$2 delay=$3 listed
    own_processes >"$TEST_DIR/before"
    prepare "$kind" "$name"
    (act "$kind" "$name") >"$TEST_DIR/act" 2>&1 </dev/null &
    ACTING=$!
    strike "$kind" "$delay"
    wait "$ACTING" 2>/dev/null || true
    # A keeper or a job that lost its starter comes to its end, or its pet runs.
    wait_for 10 only_pets_run
    listed=$(state_of "$name")
    case $kind:$listed in
        start:* | keeper:* | init:* | run:* | stop:* | running-*) [ "$listed" != absent ] || fail 'the pet was lost' ;;
        import:* | unpack:*) equal "$listed" absent ;;
    esac
    case $listed in
        running) kennel run "$name" -- true || wait_for 5 kennel run "$name" -- true ;;
        stopped | failed | absent) ;;
        *) fail "state $listed" ;;
    esac
    [ "$listed" = absent ] || remove "$name"
    equal "$(state_of "$name")" absent
    for reference in $(kennel image list --json | json "' '.join(i['reference'] for i in d if 'small' in i['reference'])"); do
        kennel image rm --yes "$reference"
    done
    kennel image prune --yes >/dev/null
    wait_for 5 nothing_new_runs
    equal "$(leftovers)" ''
    equal "$(find "$XDG_DATA_HOME/kennel/layers" -mindepth 2 -maxdepth 2 | wc -l)" 1
}

only_pets_run() { [ "$(new_processes | grep -cvE ' (keeper .*|init)$')" -eq 0 ]; }
unpacking() { new_processes | grep ' stage unpack'; }

# What lies in the places of pets and of work under way.
leftovers() { find "$XDG_DATA_HOME"/kennel/{pets,tmp} -mindepth 1 -printf '%p ' 2>/dev/null || true; }

test_random_kill_9() {
    local seed=${KENNEL_SEED:-$RANDOM} rounds=${KENNEL_ROUNDS:-50} round kind delay start=$SECONDS
    kennel image prune --yes >/dev/null
    small_image
    RANDOM=$seed
    for round in $(seq "$rounds"); do
        kind=${KILL_KINDS[$((round % ${#KILL_KINDS[@]}))]}
        delay=$((RANDOM % KILL_WITHIN[$kind]))
        (survives "$kind" "round-$round" "$delay") \
            || fail "round $round: $kind, killed after $delay ms (KENNEL_SEED=$seed): $(new_processes | tr '\n' ';') $(cat "$TEST_DIR/act")"
    done
    echo "$rounds rounds in $((SECONDS - start)) s (KENNEL_SEED=$seed)"
    # What is left is a whole store: every blob is what its digest says.
    skopeo copy -q "oci:$XDG_DATA_HOME/kennel/images:$KENNEL_REF" "dir:$TEST_DIR/copy"
    equal "$(kennel list --json)" '[]'
}

# The app goes away in the middle of a create from a file: no pet, and nothing left of it.
test_no_half_made_pet_when_the_app_dies() {
    local client
    own_processes >"$TEST_DIR/before"
    small_image
    for _ in 1 2 3; do
        /usr/bin/python3 "$(dirname "$KENNEL_E2E")/serve-client.py" "$(request half-made)" >/dev/null 2>&1 &
        client=$!
        wait_for 10 unpacking
        kill -9 "$client"
        wait_for 10 nothing_new_runs
        equal "$(state_of half-made)" absent
        equal "$(kennel image list --json | json "[i['reference'] for i in d if 'small' in i['reference']]")" '[]'
        kennel image prune --yes >/dev/null
        equal "$(leftovers)" ''
    done
}

# A sweep leaves alone what another process is making.
test_a_sweep_spares_a_create_that_runs() {
    local creating
    small_image
    kennel create spared --image "$TEST_DIR/small.tar" >/dev/null &
    creating=$!
    while kill -0 "$creating" 2>/dev/null; do kennel image prune --yes >/dev/null 2>&1 || true; done
    wait "$creating"
    equal "$(state_of spared)" stopped
    remove spared
    kennel image rm --yes localhost/small:latest
}
