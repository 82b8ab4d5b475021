# shellcheck shell=bash
# What `--json` promises.

test_list_shape() {
    pet shape
    kennel list --json >"$TEST_DIR/list"
    equal "$(json 'sorted({"id","name","state","image","digest","preset","project","created"} - set(d[0]))' <"$TEST_DIR/list")" '[]'
    equal "$(json 'd[0]["name"]' <"$TEST_DIR/list")" shape
    equal "$(json 'd[0]["preset"]' <"$TEST_DIR/list")" comfortable
    equal "$(json 'd[0]["image"]' <"$TEST_DIR/list")" "$KENNEL_REF"
    # Times are RFC 3339.
    json '__import__("datetime").datetime.fromisoformat(d[0]["created"].replace("Z", "+00:00"))' <"$TEST_DIR/list"
    remove shape
}

test_an_empty_list_is_an_empty_array() {
    XDG_DATA_HOME=$TEST_DIR/data XDG_RUNTIME_DIR=$TEST_DIR status_is 0 kennel list --json
    equal "$(printf '%s' "$OUT" | json 'len(d)')" 0
}

test_status_shape() {
    pet shape
    kennel start shape
    kennel status shape --json >"$TEST_DIR/status"
    equal "$(json 'sorted({"security","limits","usage","reachable"} - set(d))' <"$TEST_DIR/status")" '[]'
    equal "$(json 'sorted({"selinux","apparmor","userns","seccomp","no_new_privs","capabilities"} - set(d["security"]))' <"$TEST_DIR/status")" '[]'
    equal "$(json 'sorted({"cpu","memory","pids"} - set(d["limits"]))' <"$TEST_DIR/status")" '[]'
    equal "$(json 'sorted({"wanted","enforced","reason"} - set(d["limits"]["memory"]))' <"$TEST_DIR/status")" '[]'
    remove shape
}
