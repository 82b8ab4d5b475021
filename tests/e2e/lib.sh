# shellcheck shell=bash
# What every end-to-end test may use. A test is a function `test_*`; it fails with the first
# assertion or command that fails, and `skip WHY` ends it without a verdict.

# The starter image and the name it gets in the store.
: "${KENNEL_STARTER:?run these by ./dev test}" "${KENNEL_REF:?run these by ./dev test}"

skip() { printf '%s\n' "$*" >"$TEST_DIR/skipped"; exit 0; }
fail() { printf '        %s\n' "$*" >&2; exit 1; }

# status_is N COMMAND…: runs it and compares; output in $OUT and $ERR.
status_is() {
    local want=$1 got=0
    shift
    "$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null || got=$?
    OUT=$(cat "$TEST_DIR/out")
    ERR=$(cat "$TEST_DIR/err")
    [ "$got" -eq "$want" ] || fail "status $got instead of $want: $* ($ERR)"
}

equal() { [ "$1" = "$2" ] || fail "'$1' is not '$2'"; }
contains() { case $1 in *"$2"*) ;; *) fail "'$1' does not contain '$2'" ;; esac; }
# Kennel's errors are one line that begins with its name.
one_line_error() {
    equal "$(printf '%s\n' "$ERR" | wc -l)" 1
    contains "$ERR" 'kennel: '
}

# json EXPRESSION: evaluates Python over the JSON document `d` on standard input.
json() { python3 -c 'import json,sys; d=json.load(sys.stdin); r=eval(sys.argv[1]); print(json.dumps(r) if isinstance(r,(dict,list,bool)) else r)' "$1"; }

# wait_for SECONDS COMMAND…
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "waited in vain for: $*"
        sleep 0.1
    done
}

terminal() { python3 "${KENNEL_E2E%/*}/terminal.py" "$@"; }

milliseconds() { date +%s%3N; }

state_of() { kennel list --json | json "next((p['state'] for p in d if p['name'] == '$1'), 'absent')"; }
id_of() { kennel list --json | json "next(p['id'] for p in d if p['name'] == '$1')"; }
remove() { kennel rm --force --yes "$@"; }
pet() { kennel create "$1" --image "$KENNEL_REF" "${@:2}"; }

# A fresh person: an own HOME and XDG directories below a temporary directory.
fresh_home() {
    HOME_ROOT=$(mktemp -d "${KENNEL_TEST_TMP:-/var/tmp}/kennel-e2e.XXXXXX")
    export HOME="$HOME_ROOT/home"
    export XDG_DATA_HOME="$HOME/.local/share" XDG_CONFIG_HOME="$HOME/.config"
    export XDG_STATE_HOME="$HOME/.local/state" XDG_CACHE_HOME="$HOME/.cache"
    export XDG_RUNTIME_DIR="$HOME_ROOT/run"
    mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME"
    mkdir -m 0700 "$XDG_RUNTIME_DIR"
}

remove_all_pets() {
    local name
    for name in $(kennel list --json 2>/dev/null | json "' '.join(p['name'] for p in d)" 2>/dev/null); do
        remove "$name" >/dev/null 2>&1 || true
    done
}

# Files of other ids in the pet's range can only be removed from inside the mapping; Kennel does that.
drop_home() {
    remove_all_pets
    for ref in $(kennel image list --json 2>/dev/null | json "' '.join(i['reference'] for i in d)" 2>/dev/null); do
        kennel image rm "$ref" --yes >/dev/null 2>&1 || true
    done
    kennel image prune --yes >/dev/null 2>&1 || true
    rm -rf "$HOME_ROOT" 2>/dev/null || unshare --map-root-user --map-auto rm -rf "$HOME_ROOT" 2>/dev/null || true
}
