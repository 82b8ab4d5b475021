# shellcheck shell=bash
# What only root can arrange: root itself, and an account without a range of subordinate ids.

test_root_is_refused() {
    status_is 125 kennel create anything --image "$KENNEL_REF"
    one_line_error
    contains "$ERR" root
    [ ! -e "$XDG_DATA_HOME/kennel" ] || fail 'a store was made for root'
}

test_no_range_is_said_plainly() {
    local home
    [ -n "${KENNEL_SINGLE:-}" ] || skip 'no account without subordinate ids was made'
    home=$(mktemp -d /var/tmp/kennel-single.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -m 0700 "$home/run"
    chown -R "$KENNEL_SINGLE" "$home"
    as_single() {
        setpriv --reuid="$KENNEL_SINGLE" --regid="$(id -g "$KENNEL_SINGLE")" --init-groups env -i -C "$home" \
            HOME="$home" USER="$KENNEL_SINGLE" PATH="$PATH" XDG_RUNTIME_DIR="$home/run" "$@"
    }
    # The doctor names the piece that is missing and its fix.
    as_single kennel doctor >"$TEST_DIR/doctor" 2>&1 || true
    grep -q subuid "$TEST_DIR/doctor" || fail "doctor does not name /etc/subuid: $(cat "$TEST_DIR/doctor")"
    # A pet works with one uid, or is refused in one line; silence would be wrong.
    as_single kennel image import "$KENNEL_STARTER"
    if as_single kennel create alone --image "$KENNEL_REF" >"$TEST_DIR/create" 2>&1; then
        grep -qiE 'uid|subordinate' "$TEST_DIR/create" || fail "create said nothing about the single uid"
        equal "$(as_single kennel run alone -- id -u)" "$(id -u "$KENNEL_SINGLE")"
        as_single kennel rm --force --yes alone
    else
        grep -qiE 'subuid|subordinate' "$TEST_DIR/create" || fail "refused without naming the reason"
    fi
}
