# shellcheck shell=bash
# Limits on any computer: they hold, or it is said why not. tests/lab has those that hold.

limits_of() { kennel status "$1" --json | json "d['limits']$2"; }

test_limits_hold_or_the_reason_is_named() {
    local reason
    kennel create bound --image "$KENNEL_REF" --cpus 0.5 --memory 256M --swap 64M --cpu-weight 50 >"$TEST_DIR/out" 2>"$TEST_DIR/notes"
    kennel start bound
    reason=$(limits_of bound "['unavailable']")
    if [ "$reason" = None ]; then
        equal "$(limits_of bound "['cpu']['enforced']")" 500
        equal "$(limits_of bound "['memory']['enforced']")" 268435456
    else
        # Before, while and after: nothing pretends.
        contains "$(cat "$TEST_DIR/notes")" 'limits unavailable: '
        contains "$reason" 'limits unavailable: '
        equal "$(limits_of bound "['cpu']['enforced']")" None
        equal "$(limits_of bound "['swap']['wanted']")" 67108864
        [ "$(limits_of bound "['cpu_weight']['reason']")" != None ] || fail 'no reason'
        contains "$(kennel edit bound --cpus 1 2>&1)" 'limits unavailable: '
        contains "$(kennel status bound)" 'Not enforced, though you asked for it: 1 core'
        # What doctor says is the same.
        contains "$(kennel doctor 2>&1 || true)" "$(limits_of bound "['cpu']['reason']")"
    fi
    equal "$(kennel run bound -- echo works)" works
    [ "$(kennel status bound --json | json "d['usage']['memory']")" -gt 0 ] || fail 'no usage'
    remove bound
}

test_a_pet_without_limits_is_made_without_a_note() {
    kennel create free --image "$KENNEL_REF" >"$TEST_DIR/out" 2>"$TEST_DIR/notes"
    case $(cat "$TEST_DIR/notes") in *limits*) fail 'it speaks of limits' ;; esac
    remove free
}

test_impossible_limits_are_refused() {
    local flags
    for flags in '--cpus 0' '--pids 0' '--memory much' '--cpu-weight 0' '--cpu-weight 10001' '--swap -1'; do
        # shellcheck disable=SC2086 # a flag and its value
        status_is 125 kennel create impossible --image "$KENNEL_REF" $flags
        one_line_error
    done
}
