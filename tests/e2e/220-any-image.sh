# shellcheck shell=bash
# Any ordinary image becomes a pet: without sudo, bash, useradd or account files, of any C library.
# Kennel writes the account itself, and its own programs inside are static.

# rootfs NAME FILE…: imports an image of these files, each PATH=SOURCE, PATH@LINK or PATH:TEXT.
rootfs() {
    local name=$1
    shift
    python3 - "$TEST_DIR/rootfs.tar" "$@" <<'PY'
import io, sys, tarfile
with tarfile.open(sys.argv[1], "w") as tar:
    made = set()
    for word in sys.argv[2:]:
        at = min(word.index(c) for c in "=@:" if c in word)
        path, kind, rest = word[:at], word[at], word[at + 1:]
        for depth in range(1, len(path.split("/"))):
            parent = "/".join(path.split("/")[:depth])
            if parent not in made:
                made.add(parent)
                entry = tarfile.TarInfo(parent)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
        entry = tarfile.TarInfo(path)
        entry.mode = 0o755
        if kind == "@":
            entry.type, entry.linkname = tarfile.SYMTYPE, rest
            tar.addfile(entry)
        else:
            data = open(rest, "rb").read() if kind == "=" else rest.encode().decode("unicode_escape").encode()
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
PY
    kennel image import "rootfs:$TEST_DIR/rootfs.tar" --name "$name" >/dev/null
}

busybox_image() {
    command -v busybox >/dev/null || skip 'busybox is not installed'
    file -L "$(command -v busybox)" | grep -q static || skip 'busybox is not static here'
    local tool tools=()
    for tool in sh ls id whoami cat pwd echo; do tools+=("bin/$tool@busybox"); done
    rootfs "$1" "bin/busybox=$(command -v busybox)" "${tools[@]}" "${@:2}"
}

test_an_image_of_one_program() {
    busybox_image localhost/busybox:1
    kennel create bare --image localhost/busybox:1
    equal "$(kennel run bare -- whoami)" "$(whoami)"
    equal "$(kennel run bare -- id -u)" "$(id -u)"
    mkdir -p "$HOME/there"
    cd "$HOME/there" || fail 'no such directory'
    equal "$(kennel run bare -- pwd)" "$HOME/there"
    # The person's bash is not there: the login shell is what the image has.
    # shellcheck disable=SC2016
    equal "$(echo 'echo $0' | kennel enter bare)" -sh
    remove bare
    kennel image rm localhost/busybox:1 --yes
}

test_odd_account_files() {
    local name
    busybox_image localhost/odd:1 \
        "etc/passwd:root:x:0:0::/root:/bin/sh\\nbroken\\n::::\\nubuntu:x:$(id -u):$(id -u)::/home/ubuntu:/bin/sh\\nlast:x:7:7" \
        'etc/group:root:x:0:\nwheel:x:10:\nbad:x:-1:\nhuge:x:99999999999:'
    kennel create odd --image localhost/odd:1
    for name in 1 2; do
        equal "$(kennel run odd -- whoami)" "$(whoami)"
        # What was there and is not in the way stays, whole.
        contains "$(kennel run odd -- cat /etc/passwd)" 'last:x:7:7'
        kennel restart odd
    done
    remove odd
    kennel image rm localhost/odd:1 --yes
}

test_an_image_of_musl() {
    local loader
    command -v musl-gcc >/dev/null || skip 'musl-gcc is not installed'
    loader=$(find /lib/ -maxdepth 1 -name 'ld-musl-*.so.1' | head -n 1)
    [ -n "$loader" ] || skip 'the loader of musl is not installed'
    cat >"$TEST_DIR/who.c" <<'C'
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>
int main(void) { struct passwd *me = getpwuid(getuid()); puts(me ? me->pw_name : "nobody knows"); return me ? 0 : 1; }
C
    musl-gcc -o "$TEST_DIR/who" "$TEST_DIR/who.c"
    rootfs localhost/musl:1 "usr/bin/who=$TEST_DIR/who" "lib/${loader##*/}=$(readlink -f "$loader")"
    kennel create musl --image localhost/musl:1
    equal "$(kennel run musl -- who)" "$(whoami)"
    # A program that is not there is said, though there is no shell to say it.
    status_is 127 kennel run musl -- sh
    remove musl
    kennel image rm localhost/musl:1 --yes
}
