# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# Pets under SELinux's label of containers. Debian's policy with the lab's module is not Fedora's:
# what holds here is what Kennel does, not what another policy allows.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"

HERE=$(dirname "$KENNEL_E2E")/../lab
# The label of a program of the pet, as the kernel says it.
OWN=(cat /proc/self/attr/current)
label() { kennel run "$1" -- "${OWN[@]}" | tr -d '\0'; }
label_of_process() { tr -d '\0' <"/proc/$1/attr/current"; }
label_of_file() { stat -c %C "$1"; }
home_of() { printf '%s/.local/share/kennel/pets/%s/home' "$HOME" "$(id_of "$1")"; }
categories() { kennel show "$1" --json | json "'c%d,c%d' % tuple(d['mcs'])"; }
# show_in_pet NAME SOURCE TARGET
show_in_pet() { sudo python3 "$HERE/show-in-pet" "$(init_of "$1")" "$2" "$3"; }
enforce() { sudo setenforce "$1"; }
# load_policy FILE: in place of the one that is loaded.
load_policy() { sudo sh -c 'cat "$1" >"$(ls /etc/selinux/default/policy/policy.*)" && load_policy' sh "$1"; }

test_a_sealed_pet_has_a_label_of_its_own() {
    pet one --preset sealed
    contains "$(kennel show one)" 'label of containers'
    kennel start one
    local want
    want="unconfined_u:unconfined_r:container_t:s0:$(categories one)"
    equal "$(label one)" "$want"
    equal "$(label_of_process "$(init_of one)")" "$want"
    equal "$(kennel status one --json | json "d['security']['selinux']")" \
        "{\"mode\": \"enforcing\", \"policy\": \"default\", \"label\": \"$want\", \"container\": true}"
    # At a terminal too.
    contains "$(script -qec "kennel run one -- ${OWN[*]}" /dev/null </dev/null | tr -d '\0')" "$want"
    kennel restart one
    equal "$(label one)" "$want"
    kennel clone one two
    kennel start two
    [ "$(categories one)" != "$(categories two)" ] || fail 'two pets have the same categories'
    contains "$(label two)" "container_t:s0:$(categories two)"
    # What is in it, with its label, and usable.
    equal "$(kennel run one -- stat -c %C / /dev /dev/pts /dev/shm /dev/mqueue /run /tmp /home/pat | sort -u)" \
        "unconfined_u:object_r:container_file_t:s0:$(categories one)"
    status_is 0 kennel run one -- sh -ec 'cat /etc/hosts /etc/resolv.conf ~/.profile >/dev/null; mkdir ~/d /tmp/d; echo >~/mine; echo >/tmp/x; echo >/dev/shm/x; cat <~/mine'
    remove one two
}

test_it_reads_neither_another_pets_files_nor_the_persons() {
    pet one --preset sealed
    pet two --preset sealed
    kennel start one
    kennel start two
    kennel run one -- sh -c 'echo of-one >~/secret; chmod 644 ~/secret; chmod 755 ~'
    mkdir -p ~/.ssh
    echo of-pat >~/.ssh/id_secret
    kennel run two -- mkdir -p /tmp/one /tmp/ssh
    show_in_pet two "$(home_of one)" /tmp/one
    show_in_pet two "$HOME/.ssh" /tmp/ssh
    status_is 1 kennel run two -- cat /tmp/one/secret
    contains "$ERR" 'Permission denied'
    status_is 1 kennel run two -- cat /tmp/ssh/id_secret
    contains "$ERR" 'Permission denied'
    status_is 2 kennel run two -- ls /tmp/ssh
    # It is SELinux alone that forbids it.
    enforce 0
    equal "$(kennel run two -- cat /tmp/one/secret)" of-one
    equal "$(kennel run two -- cat /tmp/ssh/id_secret)" of-pat
    enforce 1
    status_is 1 kennel run two -- cat /tmp/ssh/id_secret
    remove one two
}

test_streams_go_through() {
    pet piped --preset sealed
    kennel start piped
    equal "$(kennel run piped -- echo x | cat)" x
    # Status, and standard error apart from standard output.
    status_is 7 kennel run piped -- sh -c 'echo out; echo err >&2; exit 7'
    equal "$OUT" out
    equal "$ERR" err
    status_is 143 kennel run piped -- sh -c 'kill -TERM $$'
    status_is 127 kennel run piped -- no-such-command
    # They can be opened anew, as files of the caller can.
    equal "$(kennel run piped -- sh -c 'echo a >/dev/stdout; echo b >/dev/stderr' 2>&1 | sort | tr '\n' ' ')" 'a b '
    # Every byte, both ways, and more than a pipe holds.
    head -c 10000000 /dev/urandom >"$TEST_DIR/big"
    equal "$(kennel run piped -- cat <"$TEST_DIR/big" | sha256sum)" "$(sha256sum <"$TEST_DIR/big")"
    equal "$(kennel run piped -- sha256sum <"$TEST_DIR/big")" "$(sha256sum <"$TEST_DIR/big")"
    equal "$(head -c 1000000 /dev/zero | kennel run piped -- wc -c)" 1000000
    # To a file, from nothing, and from one that is not read.
    kennel run piped -- echo in-a-file >"$TEST_DIR/file" </dev/null
    equal "$(cat "$TEST_DIR/file")" in-a-file
    equal "$(timeout 20 sh -c 'yes | kennel run piped -- echo ended')" ended
    equal "$(timeout 20 kennel run piped -- sh -c 'yes' | head -n 1)" y
    # What a program leaves running is heard, as long as somebody listens.
    equal "$(kennel run piped -- sh -c '(sleep 1; echo late) & echo early' | tr '\n' ' ')" 'early late '
    remove piped
}

test_limits_signals_and_a_stop_reach_it() {
    pet limited --preset sealed --cpus 0.5 --pids 50 --memory 256M --swap 0
    kennel start limited
    equal "$(limit limited cpu.max)" '50000 100000'
    equal "$(limit limited pids.max)" 50
    equal "$(kennel run limited -- cat /proc/self/cgroup)" '0::/'
    # From a login that only systemd can move out of, and from a service.
    ssh-keygen -q -t ed25519 -N '' -f "$HOME/.ssh/id_ed25519" <<<y >/dev/null
    cp "$HOME/.ssh/id_ed25519.pub" "$HOME/.ssh/authorized_keys"
    equal "$(ssh -o StrictHostKeyChecking=no localhost kennel run limited -- cat /proc/self/cgroup 2>/dev/null)" '0::/'
    equal "$(systemd-run --user --quiet --pipe --wait kennel run limited -- echo heard)" heard
    status_is 137 kennel run limited -- sh -c 'exec tail </dev/zero'
    told() { kennel logs limited | grep -q 'tail was killed'; }
    wait_for 15 told
    status_is 124 timeout 2 kennel run limited -- sleep 421
    gone() { ! pgrep -f '^sleep 421$'; }
    wait_for 5 gone
    local init
    init=$(init_of limited)
    kennel stop limited
    [ ! -e "/proc/$init" ] || fail 'its first process lives'
    remove limited
}

test_steps_console_and_the_apps_terminal_are_heard() {
    mkdir -p ~/src/steps
    printf 'image = "%s"\nname = "steps"\npreset = "sealed"\nsetup = ["echo said-by-a-step; echo and-here >&2"]\n' "$KENNEL_REF" >~/src/steps/kennel.toml
    kennel create --file ~/src/steps/kennel.toml --trust --relabel-project >"$TEST_DIR/out" 2>&1
    contains "$(kennel logs steps)" said-by-a-step
    contains "$(kennel logs steps)" and-here
    remove steps
    # Only root of a pet reaches its first process's console.
    pet console --preset project --no-share wayland --no-share audio --no-share graphics --selinux-label container
    kennel start console
    contains "$(label console)" ":container_t:s0:$(categories console)"
    kennel run console -- sudo sh -c 'echo said-on-the-console >/proc/1/fd/1'
    heard() { kennel logs console | grep -q said-on-the-console; }
    wait_for 5 heard
    contains "$(python3 - "$(id_of console)" <<'PY'
import os, socket, subprocess, sys, time
ours, theirs = socket.socketpair()
job = subprocess.Popen(["kennel", "job", "terminal", sys.argv[1]], stdin=theirs)
_, [terminal], _, _ = socket.recv_fds(ours, 1, 1)
os.write(terminal, b"cat /proc/self/attr/current; echo; exit\n")
said = b""
try:
    while more := os.read(terminal, 4096):
        said += more
except OSError:
    pass
job.wait()
print(said.replace(b"\0", b"").decode(errors="replace"))
PY
)" "container_t:s0:$(categories console)"
    remove console
}

test_the_executable_stays_sealed() {
    pet sealed-exe --preset project --no-share wayland --no-share audio --no-share graphics --selinux-label container
    kennel start sealed-exe
    local before
    before=$(sudo sha256sum "/proc/$(init_of sealed-exe)/exe")
    status_is 2 kennel run sealed-exe -- sudo sh -c 'echo x >>/proc/1/exe'
    status_is 32 kennel run sealed-exe -- sudo mount -o remount,rw /proc/1/exe
    equal "$(sudo sha256sum "/proc/$(init_of sealed-exe)/exe")" "$before"
    remove sealed-exe
}

test_a_switch_of_enforcing_is_seen() {
    pet watched --preset sealed
    kennel start watched
    mode_is() { [ "$(kennel status watched --json | json "d['security']['selinux']['mode']")" = "$1" ]; }
    mode_is enforcing
    trap 'enforce 1' EXIT
    enforce 0
    wait_for 2 mode_is permissive
    contains "$(kennel status watched)" 'and refuses nothing'
    # The label is the same: what is made meanwhile holds later.
    kennel restart watched
    contains "$(label watched)" container_t
    enforce 1
    wait_for 2 mode_is enforcing
    equal "$(kennel run watched -- echo x | cat)" x
    remove watched
}

test_a_project_folder_is_relabelled_only_when_agreed() {
    mkdir -p ~/src/shop
    echo plans >~/src/shop/plan
    ln -s ~/.bashrc ~/src/shop/link
    local before
    before=$(label_of_file ~/.bashrc)
    # Nobody to ask: the error names the flag and the way back.
    status_is 125 pet shop --preset sealed --project ~/src/shop
    one_line_error
    contains "$ERR" --relabel-project
    contains "$ERR" restorecon
    equal "$(state_of shop)" absent
    # No is no: it is made, and kept from the folder, and says so.
    # shellcheck disable=SC2016
    contains "$(echo n | script -qec "kennel create shop --image $KENNEL_REF --preset sealed --project $HOME/src/shop" /dev/null)" 'SELinux keeps'
    contains "$(kennel start shop 2>&1)" 'relabel the folder with: kennel edit shop --relabel-project'
    status_is 1 kennel run shop -- cat "$HOME/src/shop/plan"
    contains "$(kennel show shop)" 'SELinux keeps the pet from it'
    contains "$(label_of_file ~/src/shop/plan)" user_home_t
    # Yes.
    contains "$(kennel edit shop --relabel-project 2>&1)" "undone by: restorecon -RF $HOME/src/shop"
    equal "$(kennel run shop -- cat "$HOME/src/shop/plan")" plans
    kennel run shop -- sh -c "echo mine >'$HOME/src/shop/new'"
    equal "$(cat ~/src/shop/new)" mine
    contains "$(kennel show shop)" "undone by: restorecon -RF $HOME/src/shop"
    # A link is not followed.
    equal "$(label_of_file ~/.bashrc)" "$before"
    # Another pet asks anew: the folder is not for it.
    status_is 125 pet other --preset sealed --project ~/src/shop
    # And back.
    restorecon -RF ~/src/shop
    contains "$(label_of_file ~/src/shop/plan)" user_home_t
    status_is 1 kennel run shop -- cat "$HOME/src/shop/plan"
    remove shop
}

test_homes_and_the_system_are_never_relabelled() {
    local folder
    for folder in "$HOME" /usr/share /etc / /var; do
        status_is 125 pet no --preset sealed --project "$folder" --relabel-project
        one_line_error
        contains "$ERR" 'never relabelled'
    done
    mkdir -p ~/.ssh
    status_is 125 pet no --preset sealed --project ~/.ssh --relabel-project
    contains "$ERR" 'hidden folder'
    contains "$(label_of_file ~)" user_home_dir_t
    # With the person's own label it is their choice.
    pet yes --preset sealed --project ~/.ssh --selinux-label person
    remove yes
}

test_without_a_rule_it_does_not_start() {
    pet ruled --preset sealed
    kennel start ruled
    cat /etc/selinux/default/policy/policy.* >"$TEST_DIR/policy"
    load_policy /usr/lib/lab/policy-without-containers
    # What runs takes nobody in, what does not run does not start.
    status_is 125 kennel run ruled -- true
    contains "$ERR" SELinux
    kennel stop ruled
    status_is 125 kennel start ruled
    one_line_error
    contains "$ERR" 'does not let unconfined_t start programs as container_t'
    contains "$ERR" --selinux-label
    equal "$(state_of ruled)" failed
    equal "$(pgrep -c kennel-init || true)" 0
    # Which the person can choose.
    kennel edit ruled --selinux-label person >"$TEST_DIR/said"
    kennel start ruled
    contains "$(label ruled)" unconfined_t
    kennel stop ruled
    load_policy "$TEST_DIR/policy"
    kennel edit ruled --selinux-label container >"$TEST_DIR/said"
    kennel start ruled
    contains "$(label ruled)" container_t
    remove ruled
}

test_what_needs_the_persons_label_is_refused() {
    status_is 125 pet no --preset sealed --share wayland
    one_line_error
    contains "$ERR" 'windows (Wayland)'
    contains "$ERR" '--selinux-label person'
    status_is 125 pet no --selinux-label container
    contains "$ERR" 'your home'
    equal "$(state_of no)" absent
    # A pet that had the person's label brings its home along.
    pet moves --preset project --no-share wayland --no-share audio --no-share graphics
    kennel run moves -- sh -c 'mkdir ~/deep; echo before >~/deep/file; sudo touch /home/pat/of-root'
    contains "$(label moves)" unconfined_t
    kennel edit moves --selinux-label container --restart >"$TEST_DIR/said"
    contains "$(label moves)" container_t
    equal "$(kennel run moves -- cat deep/file)" before
    status_is 0 kennel run moves -- sudo sh -c 'echo x >/home/pat/of-root'
    remove moves
}

test_a_comfortable_pet_says_that_it_has_the_persons_label() {
    pet free
    kennel start free
    equal "$(label free)" "$(id -Z)"
    contains "$(kennel show free)" 'your own label'
    contains "$(kennel status free)" 'It runs with your own label'
    equal "$(kennel status free --json | json "d['security']['selinux']['container']")" false
    remove free
}
