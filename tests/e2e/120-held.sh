# shellcheck shell=bash
# What holds a pet, seen from inside, by preset. The words of the presets are promises.

inside() { kennel run held -- "$@"; }
# perl is in every Debian; it makes system calls without a compiler.
errno_of() { inside perl -e "$1; print \$!+0"; }
# shellcheck disable=SC2016
mount_errno() { inside sudo -n perl -e 'my ($s, $t, $k) = ("none", "/mnt", "tmpfs"); syscall(165, $s, $t, $k, 0, 0); print $!+0'; }
status_field() { inside sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }

test_comfortable_is_free_but_for_the_machine() {
    pet held
    equal "$(status_field Seccomp)" 2
    equal "$(status_field CapInh)" 0000000000000000
    equal "$(status_field CapAmb)" 0000000000000000
    # Nested namespaces and mounts work, as root inside and by one's own.
    inside unshare --map-root-user true
    equal "$(mount_errno)" 0
    # The machine stays out of reach: reboot(2) with wrong magic would be EINVAL where allowed.
    equal "$(errno_of 'syscall(169, 0, 0, 0)')" 1
    remove held
}

test_project_sees_its_folder_only() {
    mkdir -p "$HOME/src/shop"
    echo mine >"$HOME/secret"
    echo code >"$HOME/src/shop/file"
    pet held --preset project --project "$HOME/src/shop"
    equal "$(inside cat "$HOME/src/shop/file")" code
    status_is 1 kennel run held -- cat "$HOME/secret"
    status_is 2 kennel run held -- ls /run/host
    equal "$(inside sudo -n id -u)" 0
    status_is 1 kennel run held -- unshare --map-root-user true
    equal "$(mount_errno)" 1
    # The pet of the folder one is in needs no name.
    mkdir -p "$HOME/src/shop/deep"
    cd "$HOME/src/shop/deep" || fail 'no such directory'
    pet another
    equal "$(kennel run -- pwd)" "$HOME/src/shop/deep"
    remove held another
}

test_sealed_has_nothing_of_yours() {
    echo mine >"$HOME/secret"
    pet held --preset sealed
    status_is 1 kennel run held -- cat "$HOME/secret"
    equal "$(inside ls "$HOME")" ''
    equal "$(status_field NoNewPrivs)" 1
    equal "$(status_field CapBnd)" 0000000000000000
    status_is 1 kennel run held -- sudo -n true
    # No network: the loopback only, and nobody listening there.
    equal "$(inside sh -c 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "')" lo
    # No tracing, no foreign architecture's calls, nothing of the session.
    equal "$(errno_of 'syscall(101, 0, 0, 0, 0)')" 1
    # shellcheck disable=SC2016
    equal "$(inside sh -c 'ls -A "$XDG_RUNTIME_DIR"')" ''
    remove held
}

test_no_program_types_into_your_terminal() {
    command -v script >/dev/null || skip 'script (bsdutils) is not installed'
    pet held
    # TIOCSTI on the terminal: refused by Kennel (EPERM), whatever the kernel's own setting.
    script -qec "kennel run held -- perl -e 'my \$x = \"x\"; ioctl(STDIN, 0x5412, \$x); print \"errno \", \$!+0, \"\n\"'" /dev/null \
        </dev/null >"$TEST_DIR/out"
    contains "$(cat "$TEST_DIR/out")" 'errno 1'
    remove held
}

test_no_descriptor_of_yours_comes_along() {
    pet held
    exec 9</etc/hostname
    # 3 is the directory that ls itself opened.
    equal "$(inside ls /proc/self/fd | tr '\n' ' ')" '0 1 2 3 '
    exec 9<&-
    remove held
}

test_your_groups_inside_are_the_images() {
    pet held
    equal "$(inside id -Gn | tr ' ' '\n' | sort | tr '\n' ' ')" "$(printf '%s\n' sudo "$(id -gn)" | sort | tr '\n' ' ')"
    remove held
}

# CVE-2016-9962: root inside looks at everybody who comes in and finds nothing of the host.
test_who_enters_carries_nothing() {
    pet held
    kennel start held
    # shellcheck disable=SC2016
    inside sudo -n timeout 4 sh -c 'while :; do
            for link in /proc/[0-9]*/fd/* /proc/[0-9]*/cwd /proc/[0-9]*/root; do readlink "$link"; done
        done 2>/dev/null' >"$TEST_DIR/seen" &
    for _ in $(seq 40); do kennel run held -- true </dev/null >/dev/null 2>&1; done
    wait $! || true
    [ -s "$TEST_DIR/seen" ] || fail 'the watcher inside saw nothing at all'
    if grep -E 'state\.json|/kennel/|\.jsonl|namespace' "$TEST_DIR/seen"; then
        fail 'an entering process carried something of the host'
    fi
    remove held
}

# CVE-2026-41579, CVE-2019-16884 and their kin: an image whose /dev, /proc, /run and account
# files are traps. It may start or be refused in one line; nothing may appear on the host.
test_an_image_of_traps_makes_nothing_on_the_host() {
    local trap name
    mkdir "$TEST_DIR/bait"
    for trap in dev proc sys run tmp etc etc/passwd etc/group fifo; do
        name=localhost/trap-${trap//\//-}:1
        python3 - "$trap" "$TEST_DIR/bait" "$TEST_DIR/$$.tar" <<'PY'
import sys, tarfile
trap, bait, out = sys.argv[1:]
with tarfile.open(out, "w") as tar:
    def add(name, kind, target=""):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.mode = kind, target, 0o755
        tar.addfile(entry)
    if trap == "fifo":
        add("etc", tarfile.DIRTYPE)
        add("etc/passwd", tarfile.FIFOTYPE)
    else:
        if "/" in trap:
            add(trap.split("/")[0], tarfile.DIRTYPE)
        add(trap, tarfile.SYMTYPE, bait)
PY
        kennel image import "rootfs:$TEST_DIR/$$.tar" --name "$name" >/dev/null
        kennel create trap --image "$name" --preset sealed >/dev/null
        if ! timeout 20 kennel start trap 2>"$TEST_DIR/err"; then
            ERR=$(cat "$TEST_DIR/err")
            one_line_error
        fi
        equal "$(ls -A "$TEST_DIR/bait")" ''
        remove trap
        kennel image rm "$name" --yes
    done
}

test_the_oci_configuration_says_what_is() {
    pet held --preset sealed
    kennel start held
    local config
    config="$XDG_DATA_HOME/kennel/pets/$(id_of held)/config.json"
    equal "$(json 'd["process"]["noNewPrivileges"]' <"$config")" true
    equal "$(json 'd["process"]["capabilities"].get("bounding") or []' <"$config")" '[]'
    contains "$(json '[n["type"] for n in d["linux"]["namespaces"]]' <"$config")" network
    contains "$(json '[m["destination"] for m in d["mounts"]]' <"$config")" /proc
    remove held
}
