# shellcheck shell=bash
# Programs in a pet run commands of the host.

# A program that only the host has, in the PATH that the pet is started with.
host_program() {
    mkdir -p "$HOME/host-bin"
    cat >"$HOME/host-bin/$1"
    chmod +x "$HOME/host-bin/$1"
    case $PATH in *"$HOME/host-bin"*) ;; *) export PATH="$HOME/host-bin:$PATH" ;; esac
}


test_a_command_of_the_host_is_run() {
    host_program where-am-i <<'SH'
#!/bin/sh
printf '%s|%s|%s|%s\n' "$PWD" "$*" "${container-none}" "$(cat /run/.containerenv 2>/dev/null)"
exit 7
SH
    pet open
    mkdir -p "$HOME/src/a b"
    cd "$HOME/src/a b" || exit
    status_is 7 kennel run open -- kennel host-exec where-am-i one 'two  three' ''
    equal "$OUT" "$HOME/src/a b|one two  three |none|"
    # A directory that only the pet has is an empty one on the host, never the home folder.
    status_is 0 kennel run open -- sh -c 'cd /usr/lib && kennel host-exec sh -c "pwd; ls -A | wc -l; touch x 2>/dev/null || echo closed"'
    contains "$OUT" nowhere
    contains "$OUT" $'\n0\nclosed'
    # What the host says goes through as a shell has it.
    status_is 127 kennel run open -- kennel host-exec no-such-program
    one_line_error
    contains "$ERR" '“no-such-program” is not on the host'
    status_is 126 kennel run open -- kennel host-exec /etc/passwd
    one_line_error
    status_is 143 kennel run open -- kennel host-exec sh -c 'kill -TERM $$'
    status_is 125 kennel run open -- kennel host-exec
    one_line_error
    # On the host itself it says so.
    status_is 125 kennel host-exec true
    contains "$ERR" 'you are on the host already'
    remove open
}

test_a_program_of_the_host_has_its_own_name_inside() {
    host_program podman <<<$'#!/bin/sh\necho "podman of the host: $*"'
    host_program ls <<<$'#!/bin/sh\necho "ls of the host"'
    host_program kubectl <<<$'#!/bin/sh\necho "kubectl $1"'
    pet named --host-program kubectl --host-program ls
    status_is 0 kennel run named -- podman ps -a
    equal "$OUT" 'podman of the host: ps -a'
    status_is 0 kennel run named -- sh -lc 'kubectl get'
    equal "$OUT" 'kubectl get'
    # The pet's own comes first.
    status_is 0 kennel run named -- ls -d /
    equal "$OUT" /
    # A wrapper as toolbox's users have it.
    # shellcheck disable=SC2016
    status_is 0 kennel run named -- sh -c 'printf "%s\n" "#!/bin/sh" "exec flatpak-spawn --host podman \"\$@\"" >/tmp/podman; chmod +x /tmp/podman; /tmp/podman run "a b"'
    equal "$OUT" 'podman of the host: run a b'
    kennel edit named --no-host-program kubectl --restart >/dev/null
    status_is 127 kennel run named -- kubectl get
    status_is 125 kennel edit named --host-program ../evil
    one_line_error
    remove named
}

test_flatpak_spawn_is_answered_in_the_pet() {
    host_program show <<'SH'
#!/bin/sh
echo "$PWD|${A-no}|${B-no}|${HOME:+home}"
[ ! -e /proc/self/fd/7 ] || cat <&7
SH
    pet spawn
    export SPAWN=$HOME/host-bin
    status_is 0 kennel run spawn -- flatpak-spawn --host --env=A=1 --env=B=x --unset-env=B --directory=/usr show
    equal "$OUT" '/usr|1|no|home'
    status_is 0 kennel run spawn -- flatpak-spawn --clear-env --env=A=2 --host "$SPAWN/show"
    contains "$OUT" '|2|no|'
    status_is 0 kennel run spawn -- sh -c 'echo handed >/tmp/f; exec 7</tmp/f; cd /; flatpak-spawn --host --forward-fd=7 show'
    contains "$OUT" handed
    status_is 1 kennel run spawn -- flatpak-spawn ls
    contains "$ERR" 'only --host'
    status_is 1 kennel run spawn -- flatpak-spawn --host --forward-fd=9 ls
    contains "$ERR" 'forward-fd=9'
    remove spawn
}

test_streams_stay_apart_and_whole() {
    pet streams
    head -c 100000000 /dev/urandom >"$HOME/big"
    local want
    want=$(sha256sum <"$HOME/big")
    equal "$(kennel run streams -- kennel host-exec cat <"$HOME/big" | sha256sum)" "$want"
    equal "$(kennel run streams -- sh -c 'kennel host-exec sh -c "cat; exec >&-; echo late >&2" 2>/dev/null' <"$HOME/big" | sha256sum)" "$want"
    status_is 0 kennel run streams -- kennel host-exec sh -c 'echo out; echo err >&2'
    equal "$OUT|$ERR" 'out|err'
    # A reader that has seen enough ends the writer on the host.
    equal "$(timeout 20 kennel run streams -- sh -c 'kennel host-exec yes | head -n 1')" y
    remove streams
    rm "$HOME/big"
}

# On a terminal the command has one of the host's: size, keys, job control of a shell there.
test_a_terminal_of_the_host() {
    pet term
    kennel start term
    terminal TERM=xterm-256color -- kennel run term -- kennel host-exec bash --norc -i >"$TEST_DIR/seen" <<'STEPS'
expect \$ 
send stty size; tty; echo $TERM\r
expect 24 80\r\n/dev/pts/\d+\r\nxterm-256color
resize 101 33
send sleep 0.3; stty size\r
expect 33 101
send sh -c 'echo go; exec sleep 314159'\r
expect go\r\n
send \x1a
expect Stopped
expect \$ 
send kill -KILL %1; sleep 0.2; :\r
expect Killed
expect \$ 
send test -t 2 && echo all thr''ee; exit 9\r
expect all three
end 9
STEPS
    # Not at the shell's prompt, where bash drops what is typed right after it.
    terminal TERM=xterm -- kennel run term -- kennel host-exec sh -c 'echo go; exec sleep 314160' >>"$TEST_DIR/seen" <<'STEPS'
expect go\r\n
send \x03
end 130
STEPS
    status_is 1 pgrep -f '^sleep 3141'
    remove term
}

test_signals_reach_the_host_and_a_caller_that_goes_hangs_up() {
    pet signals
    kennel start signals
    # shellcheck disable=SC2016
    kennel run signals -- kennel host-exec sh -c 'trap "echo got it >$0; exit 5" USR1; echo ready >$0; while :; do sleep 0.05; done' "$HOME/said" &
    local caller=$!
    wait_for 10 grep -q ready "$HOME/said"
    kill -USR1 "$caller"
    local status=0
    wait "$caller" || status=$?
    equal "$status" 5
    equal "$(cat "$HOME/said")" 'got it'
    kennel run signals -- sh -c 'kennel host-exec sleep 161803 & echo $! >/tmp/caller; wait' &
    wait_for 10 pgrep -f '^sleep 161803'
    # shellcheck disable=SC2016
    kennel run signals -- sh -c 'kill -KILL $(cat /tmp/caller)'
    wait_for 10 sh -c '! pgrep -f "^sleep 161803"'
    wait
    # flatpak-spawn's goes on, as it always did.
    # shellcheck disable=SC2016
    kennel run signals -- sh -c 'flatpak-spawn --host sleep 141421 & p=$!; sleep 0.5; kill -KILL $p; wait' || true
    status_is 0 pgrep -f '^sleep 141421'
    kill "$OUT"
    remove signals
}

test_kennel_inside_is_the_hosts() {
    pet inner
    pet other
    status_is 0 kennel run inner -- kennel list --json
    equal "$(printf %s "$OUT" | json "sorted(p['name'] for p in d)")" '["inner", "other"]'
    # shellcheck disable=SC2016
    status_is 3 kennel run inner -- kennel run other -- sh -c 'echo "$KENNEL_PET"; exit 3'
    equal "$OUT" other
    # Back in the first, the terminal knows it.
    terminal TERM=xterm -- kennel enter inner >"$TEST_DIR/seen" <<'STEPS'
expect \(inner\)
send kennel enter other\r
expect 666;vte.container.name=other\x1b
expect \(other\)
send exit 4\r
expect 777;container;pop
expect 666;vte.container.name=inner\x1b
expect \(inner\)
send exit $?\r
end 4
STEPS
    remove inner other
}

# Off means off: nothing inside that could be asked, and a pet that was open is closed at once.
test_off_means_off() {
    pet closed --preset project
    status_is 125 kennel run closed -- kennel host-exec true
    one_line_error
    contains "$ERR" 'may not run commands on the host'
    status_is 1 kennel run closed -- test -e /run/kennel/host
    status_is 127 kennel run closed -- podman ps
    # shellcheck disable=SC2016
    status_is 0 kennel run closed -- sh -c 'echo "[$DBUS_SESSION_BUS_ADDRESS]"; find / -xdev -type s 2>/dev/null | grep -v "^/tmp" || true'
    equal "$OUT" '[]'
    remove closed
    pet shut
    status_is 0 kennel run shut -- kennel host-exec true
    kennel edit shut --host-commands off >/dev/null
    status_is 125 kennel run shut -- kennel host-exec touch "$HOME/never"
    contains "$ERR" '--host-commands on'
    status_is 1 test -e "$HOME/never"
    kennel restart shut
    status_is 1 kennel run shut -- test -e /run/kennel/host
    remove shut
}

test_every_command_is_written_down() {
    pet told
    kennel run told -- kennel host-exec sh -c 'exit 3' || true
    kennel run told -- kennel host-exec no-such-program 2>/dev/null || true
    kennel run told -- kennel host-exec true $'forged\n2026-01-01T00:00:00Z removed' || true
    wait_for 5 sh -c 'kennel logs told | grep -q removed'
    status_is 0 kennel logs told
    contains "$OUT" "sh -c 'exit 3': exit status 3"
    contains "$OUT" 'no-such-program: “no-such-program” is not on the host'
    status_is 1 sh -c 'kennel logs told | grep "^2026-01-01"'
    # What was refused, too; and a full log, which is moved away, takes nothing along.
    kennel edit told --host-commands off >/dev/null
    status_is 125 kennel run told -- kennel host-exec touch "$HOME/never"
    local log
    log=$XDG_STATE_HOME/kennel/log/$(id_of told).jsonl
    head -c 1100000 /dev/zero | tr '\0' x >>"$log"
    echo >>"$log"
    kennel edit told --host-commands on >/dev/null
    kennel run told -- kennel host-exec true after
    status_is 0 test -e "$log.1"
    status_is 0 kennel logs told
    contains "$OUT" "touch $HOME/never: "
    contains "$OUT" '“told” may not run commands on the host'
    contains "$OUT" 'true after: exit status 0'
    contains "$(kennel job activity | json "[e['text'] for e in d if e['event'] == 'host-command-failed']")" "touch $HOME/never"
    remove told
}

# The host's Python, inside: the image has none.
inside_python() { timeout 280 kennel run "$1" -- env PYTHONHOME=/run/host/usr /run/host/usr/bin/python3 "${@:2}"; }

# A pet that does its worst: the host stays small and serves the others.
test_a_hostile_caller_harms_nobody() {
    pet hostile
    pet quiet
    kennel start quiet
    cat >"$HOME/hostile.py" <<'PY'
import os, socket, struct, sys, time
PATH = "/run/kennel/host/socket"
def connect():
    s = socket.socket(socket.AF_UNIX); s.connect(PATH); s.settimeout(20); return s
def texts(*all):
    return struct.pack("<I", len(all)) + b"".join(struct.pack("<I", len(t)) + t for t in all)
def request(argv, fds=0):
    body = b"\1" + struct.pack("<I", 0) + b"\0\0\0" + struct.pack("<I", 1) + b"/" + texts(*argv) + texts() + texts() + texts() + struct.pack("<I", fds)
    return b"\1" + struct.pack("<I", len(body)) + body
good = request([b"true"])
def answer(s):
    try: return s.recv(4096)
    except (ConnectionError, TimeoutError): return b""
s = connect(); s.sendall(good); assert answer(s)[:1] == b"\1", "a good one is served"
for end in range(len(good)):
    s = connect(); s.sendall(good[:end]); s.close()
for at in range(len(good)):
    s = connect(); s.sendall(good[:at] + bytes([good[at] ^ 0xff]) + good[at + 1:]); s.shutdown(socket.SHUT_WR); answer(s); s.close()
for bad in (os.urandom(4096), b"\1\xff\xff\xff\xff", request([b"tr\0ue"]), request([]), b"\2\1\0\0\0\11", request([b"true"], 31)):
    s = connect()
    try: s.sendall(bad)
    except ConnectionError: pass
    answer(s); s.close()
s = connect(); s.sendall(request([b"true"] + [b"x" * 1000] * 400)); assert answer(s)[:1] == b"\1", "a long one is served"
s = connect()
try: s.sendall(request([b"true"] + [b"x" * 1000] * 600))
except ConnectionError: pass
assert answer(s)[:1] != b"\1", "a giant is not"
# Descriptors by the hundred.
r, w = os.pipe(); s = connect()
socket.send_fds(s, [b"\1\0"], [r] * 200); s.close()
# Callers that say nothing fill the places; others wait and are served in their turn.
idle = []
for _ in range(60):
    s = socket.socket(socket.AF_UNIX); s.settimeout(1)
    try: s.connect(PATH)
    except (BlockingIOError, TimeoutError): break
    try: s.sendall(b"\1")
    except ConnectionError: pass
    idle.append(s)
print("idle", flush=True)
sys.stdin.readline()
PY
    mkfifo "$HOME/go"
    inside_python hostile "$HOME/hostile.py" <"$HOME/go" >"$HOME/did" 2>&1 &
    local caller=$!
    exec 9>"$HOME/go"
    wait_for 120 grep -q . "$HOME/did"
    equal "$(cat "$HOME/did")" idle
    # Meanwhile another pet is served at once, and what serves this one is small.
    status_is 0 timeout 5 kennel run quiet -- kennel host-exec true
    local id private
    id=$(id_of hostile)
    # shellcheck disable=SC2046
    private=$(cat $(pgrep -f "bridge $id" | sed 's|.*|/proc/&/smaps_rollup|') "/proc/$(keeper_of "$id")/smaps_rollup" 2>/dev/null |
        awk '/^Private/ { sum += $2 } END { print sum }')
    printf '        %s callers, %s kB\n' "$(pgrep -cf "bridge $id")" "$private"
    [ "$private" -lt 51200 ] || fail "$private kB on the host"
    echo >&9
    exec 9>&-
    wait "$caller"
    # When they have been given up, the pet itself is served again.
    status_is 0 timeout 30 kennel run hostile -- kennel host-exec true
    remove hostile quiet
}

keeper_of() { json "d['keeper']" <"$XDG_RUNTIME_DIR/kennel/$1/state.json"; }

test_ten_thousand_requests() {
    pet many
    cat >"$HOME/many.py" <<'PY'
import os, socket, struct, sys
def texts(*all): return struct.pack("<I", len(all)) + b"".join(struct.pack("<I", len(t)) + t for t in all)
body = b"\1" + struct.pack("<I", 0) + b"\0\0\0" + struct.pack("<I", 1) + b"/" + texts(b"/no/such") + texts() + texts() + texts() + struct.pack("<I", 0)
frame = b"\1" + struct.pack("<I", len(body)) + body
refused = 0
for _ in range(int(sys.argv[1])):
    s = socket.socket(socket.AF_UNIX); s.connect("/run/kennel/host/socket"); s.settimeout(60); s.sendall(frame)
    refused += s.recv(5)[:1] == b"\3"; s.close()
print(refused)
PY
    status_is 0 inside_python many "$HOME/many.py" 10000
    equal "$OUT" 10000
    status_is 0 kennel run many -- kennel host-exec true
    # Its log was turned over, and is bounded.
    [ "$(du -sk "$XDG_STATE_HOME/kennel/log" | cut -f1)" -lt 4096 ] || fail 'the log grew'
    remove many
}
