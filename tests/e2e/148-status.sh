# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# What holds a pet, told line by line: nothing is pretended, and everything that is missing is named.

# report NAME EXPRESSION: over its lines `r`, by topic a list each.
report() {
    kennel status "$1" --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
r = {}
for line in d["report"]:
    r.setdefault(line["topic"], []).append(line)
verdict = lambda topic: [line["verdict"] for line in r.get(topic, [])]
fact = lambda topic: "; ".join(line["fact"] for line in r.get(topic, []))
value = eval(sys.argv[1])
print(json.dumps(value) if isinstance(value, (dict, list, bool)) else value)' "$2"
}

test_the_report_keeps_to_its_form() {
    pet formed
    kennel start formed
    kennel status formed --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert set(d["security"]) >= {"selinux", "apparmor", "userns", "seccomp", "no_new_privs", "capabilities", "namespaces"}
for name in ("cpu", "memory", "pids"):
    assert set(d["limits"][name]) == {"wanted", "enforced", "reason"}
assert d["usage"]["processes"] >= 1 and d["reachable"]
topics = [line["topic"] for line in d["report"]]
assert len(topics) > 8, topics
for line in d["report"]:
    assert set(line) == {"topic", "verdict", "fact", "meaning", "change"}, line
    assert line["verdict"] in ("good", "note", "risk"), line
    assert line["fact"] and not line["fact"].endswith("."), line
    assert line["meaning"].endswith("."), line
    if line["change"]:
        assert line["change"]["place"] in ("settings", "computer") and line["change"]["how"].endswith("."), line
assert d["denials"]["state"] in ("not-applicable", "unreadable", "read"), d["denials"]
'
    # What the kernel says, and nothing else.
    local init
    init=$(json "d['pid']" <"$XDG_RUNTIME_DIR/kennel/$(id_of formed)/state.json")
    equal "$(kennel status formed --json | json "d['security']['namespaces']['shared']")" '["net"]'
    equal "$(readlink "/proc/$init/ns/net")" "$(readlink /proc/self/ns/net)"
    contains "$(report formed 'fact("user-namespace")')" \
        "user $(awk '$1 == 0 { print $2 }' "/proc/$init/uid_map") outside"
    # Text for a pipe has words for its marks, and no colour.
    kennel status formed >"$TEST_DIR/text"
    grep -q '^  risk  Your home folder is shared$' "$TEST_DIR/text"
    grep -q '^  good  System calls are filtered$' "$TEST_DIR/text"
    if grep -q $'\e' "$TEST_DIR/text"; then fail 'there is colour in a pipe'; fi
    # On a terminal there are marks, unless nobody wants them.
    contains "$(script -qec 'kennel status formed' /dev/null </dev/null)" '✓'
    contains "$(NO_COLOR=1 script -qec 'kennel status formed' /dev/null </dev/null)" '  good  '
    remove formed
}

test_a_comfortable_pet_says_its_risks_and_a_sealed_one_has_none() {
    pet free
    pet shut --preset sealed
    kennel start free
    kennel start shut
    equal "$(report free 'verdict("home")')" '["risk"]'
    equal "$(report free '"risk" in verdict("shares")')" true
    equal "$(report free 'verdict("network")')" '["note"]'
    contains "$(report free 'r["home"][0]["change"]["commands"][0]')" 'kennel edit free --home private'
    equal "$(report shut '[l["fact"] for ls in r.values() for l in ls if l["verdict"] == "risk"]')" '[]'
    contains "$(report shut 'fact("network")')" 'no network'
    contains "$(report shut 'fact("shares")')" 'Nothing else'
    contains "$(report shut 'fact("sudo")')" 'No program inside can gain privileges'
    equal "$(kennel status shut --json | json "d['security']['namespaces']['shared']")" '[]'
    # What it says to do is a command that does it.
    kennel edit free --home private --restart >"$TEST_DIR/said"
    equal "$(report free 'verdict("home")')" '["good"]'
    remove free shut
}

test_what_this_computer_lacks_is_named() {
    [ ! -e /sys/fs/selinux/enforce ] || skip 'this computer has SELinux'
    pet lacking --cpus 0.5 --memory 256M 2>"$TEST_DIR/notes"
    kennel start lacking 2>"$TEST_DIR/notes"
    contains "$(report lacking 'fact("selinux")')" 'SELinux is not on'
    equal "$(report lacking 'verdict("selinux")')" '["note"]'
    equal "$(report lacking '"denials" in r')" false
    equal "$(kennel status lacking --json | json "d['denials']['state']")" not-applicable
    if [ "$(kennel status lacking --json | json "d['limits']['unavailable'] is not None")" = true ]; then
        equal "$(report lacking 'verdict("cpu-limit")')" '["risk"]'
        contains "$(report lacking 'fact("cpu-limit")')" '0.5 cores, 256 MiB'
        equal "$(report lacking 'bool(r["cpu-limit"][0]["meaning"] and r["cpu-limit"][0]["change"]["how"])')" true
        equal "$(report lacking '"good" in verdict("cpu-limit") + verdict("memory-limit")')" false
    fi
    # The image was brought as a file.
    equal "$(report lacking 'verdict("image")')" '["note"]'
    contains "$(report lacking 'fact("image")')" 'pinned to'
    remove lacking
}

test_a_stopped_pet_tells_what_can_be_told() {
    pet still
    equal "$(report still 'verdict("state")')" '["note"]'
    contains "$(report still 'fact("state")')" 'It does not run'
    equal "$(report still '[t for t in ("user-namespace", "namespaces", "sudo", "capabilities", "system-calls") if t in r]')" '[]'
    equal "$(report still 'verdict("home")')" '["risk"]'
    equal "$(report still '"image" in r')" true
    equal "$(kennel status still --json | json "d['security']")" None
    kennel start still
    equal "$(report still '"state" in r')" false
    # What was chosen since does not hold yet.
    kennel edit still --network none >"$TEST_DIR/said"
    contains "$(report still 'fact("state")')" 'changed after it was started'
    contains "$(report still 'fact("network")')" 'uses the network of this computer'
    remove still
}
