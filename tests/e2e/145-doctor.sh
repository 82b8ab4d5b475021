# shellcheck shell=bash
# The doctor: what this computer lacks, and nothing changed by it.

test_every_finding_says_what_follows() {
    status_is 0 kennel doctor --json
    # shellcheck disable=SC2016
    equal "$(printf '%s' "$OUT" | json 'all(f["health"] == "found" or f["consequence"] for f in d)')" true
    equal "$(printf '%s' "$OUT" | json '[f["health"] for f in d if f["check"] in ("user-namespaces", "overlay")]')" '["found", "found"]'
    # Worst first.
    # shellcheck disable=SC2016
    equal "$(printf '%s' "$OUT" | json '(lambda r: r == sorted(r))([["missing", "degraded", "found"].index(f["health"]) for f in d])')" true
    status_is 0 kennel doctor
    contains "$OUT" 'Overlay file systems: they work where your pets are kept'
}

test_the_doctor_changes_nothing() {
    local before
    before=$(find "$HOME" "$XDG_RUNTIME_DIR" -name layers -prune -o -print | sort)
    kennel doctor >/dev/null
    equal "$(find "$HOME" "$XDG_RUNTIME_DIR" -name layers -prune -o -print | sort)" "$before"
    # Not even the folders that Kennel will need.
    mkdir "$TEST_DIR/fresh"
    XDG_DATA_HOME=$TEST_DIR/fresh/data kennel doctor >/dev/null
    equal "$(find "$TEST_DIR/fresh")" "$TEST_DIR/fresh"
}

test_what_a_killed_doctor_left_goes_with_the_next() {
    local left=$XDG_DATA_HOME/kennel/.kennel-doctor-4194305 # no process has this number
    mkdir -p "$left/lower/closed"
    chmod 000 "$left/lower/closed"
    kennel doctor >/dev/null
    status_is 1 test -e "$left"
}

test_without_namespaces_the_way_out_is_said() {
    pet stuck
    status_is 125 unshare --user --map-current-user --keep-caps sh -c '
        echo 0 >/proc/sys/user/max_user_namespaces || exit 9
        exec kennel start stuck'
    one_line_error
    contains "$ERR" 'kennel doctor'
    remove stuck
}
