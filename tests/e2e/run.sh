#!/usr/bin/env bash
# Runs the numbered files here as an unprivileged person; with `root`, those in root/ as root; with
# `lab`, those in ../lab as the person of the lab's machine, whose home is thrown away after, and
# with `immutable` those in ../lab/immutable.
# Each result goes to the terminal and, as "ok|fail|skip FILE:TEST", to $KENNEL_RESULTS.
# Some tests, by the end of their names: KENNEL_ONLY='090-images:*' tests/e2e/run.sh
set -uo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KENNEL_RESULTS=${KENNEL_RESULTS:-/dev/null}
KENNEL_TIMEOUT=${KENNEL_TIMEOUT:-240}

# shellcheck source=tests/e2e/lib.sh
. "$HERE/lib.sh"

report() {
    printf '%-5s %s\n' "$1" "$2${3:+ ($3)}"
    printf '%s %s\n' "$1" "$2" >>"$KENNEL_RESULTS"
}

# One test in a process of its own, so that its `cd`, variables and failures stay there.
run_test() {
    local name=$1 file=$2 function=$3 status=0
    TEST_DIR=$(mktemp -d "$HOME_ROOT/test.XXXXXX")
    export TEST_DIR KENNEL_E2E="$HERE/run.sh"
    # shellcheck disable=SC2016
    timeout --kill-after=5 "$KENNEL_TIMEOUT" bash -euo pipefail -c '. "$1"; . "$2"; cd "$HOME"; "$3"' \
        test "$HERE/lib.sh" "$file" "$function" >"$TEST_DIR/log" 2>&1 </dev/null || status=$?
    if [ -e "$TEST_DIR/skipped" ]; then
        report skip "$name" "$(cat "$TEST_DIR/skipped")"
    elif [ "$status" -eq 0 ]; then
        report ok "$name"
    else
        report fail "$name" "status $status"
        tail -n 20 "$TEST_DIR/log" | sed 's/^/        /'
        FAILED=1
        # What a failed test left must not fail the next one.
        remove_all_pets
    fi
    rm -rf "$TEST_DIR" 2>/dev/null
}

run_file() {
    local file=$1 prefix=$2 function name
    local functions
    mapfile -t functions < <(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file")
    for function in "${functions[@]}"; do
        name=$prefix$(basename "$file" .sh):$function
        # shellcheck disable=SC2053 # a pattern
        [[ $name == *${KENNEL_ONLY:-} ]] || continue
        run_test "$name" "$file" "$function"
    done
}

main() {
    local directory=$HERE prefix='' file
    if [ "${1:-}" = root ]; then
        [ "$(id -u)" -eq 0 ] || { echo 'run.sh root: needs root' >&2; exit 2; }
        directory=$HERE/root prefix=root/
    elif [ "${1:-}" = lab ]; then
        directory=$HERE/../lab prefix=lab/
    elif [ "${1:-}" = immutable ]; then
        directory=$HERE/../lab/immutable prefix=lab/immutable/
    elif [ "$(id -u)" -eq 0 ]; then
        echo 'run.sh: pets belong to a person: run this as an ordinary account, or as: run.sh root' >&2
        exit 2
    fi
    FAILED=0
    if [[ $prefix == lab/* ]]; then
        export HOME_ROOT=$HOME
    else
        fresh_home
        trap drop_home EXIT
    fi
    if [ "$prefix" != root/ ]; then kennel image import "$KENNEL_STARTER" >/dev/null || echo 'the starter image could not be imported'; fi
    for file in "$directory"/[0-9]*.sh; do run_file "$file" "$prefix"; done
    return "$FAILED"
}

main "$@"
