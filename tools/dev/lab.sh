# shellcheck shell=bash
# ./dev lab: a virtual machine with what this machine may lack (tests/lab/build-vm.sh says what).

LAB=${KENNEL_LAB_DIR:-$BUILD/lab}
export KENNEL_LAB_DIR=$LAB

# With --immutable, in the machine whose /usr cannot be written and where the app is a Flatpak.
cmd_lab() {
    local mode=()
    if [ "${1:-}" = --immutable ]; then mode=(--immutable) && shift; fi
    lab_build
    lab_share
    # A shell, or the command as it stands. Nothing in the machine is kept.
    if [ $# -eq 0 ]; then set -- bash -il; fi
    lab_run "${mode[@]}" bash /lab/share/tests/lab/guest.sh "${mode[@]}" "$@"
}

# Made once, and anew when what it is made of changes.
lab_build() {
    local made_of options=() runtime=$BUILD/flatpak/test-runtime/repo
    [ -d "$runtime/refs/heads/runtime" ] || runtime=''
    made_of=$(cd "$ROOT" && cat tests/lab/{build-vm.sh,run-in-vm.sh,*.cil} | cat - <(find tests/lab/guest ${runtime:+"$runtime/refs/heads"} -type f -exec cat {} +) | sha256sum)
    if [ -s "$LAB/snapshot.state" ] && [ -s "$LAB/snapshot-immutable.state" ] && [ "$(cat "$LAB/made-of" 2>/dev/null)" = "$made_of" ]; then return; fi
    has qemu-system-x86_64 || die "the lab needs QEMU: run ./dev setup first"
    [ -n "$(debian_mirror)" ] || die "the lab is made from a Debian mirror, and /etc/apt has none"
    mkdir -p "$LAB"
    step 1 2 "Making the lab's machine"
    starter_apt_options options
    starter_proxy
    as_root env ${http_proxy:+"http_proxy=$http_proxy"} KENNEL_LAB_RUNTIME="$runtime" \
        "$ROOT/tests/lab/build-vm.sh" "$LAB" "$(debian_mirror)" "${options[@]}"
    if ! is_root; then as_root chown "$(id -u)" "$LAB" "$LAB"/*; fi
    step 2 2 "Booting it once, and once with a /usr that cannot be written"
    "$ROOT/tests/lab/run-in-vm.sh" --timeout 600 --make-snapshot
    "$ROOT/tests/lab/run-in-vm.sh" --immutable --timeout 600 --make-snapshot
    printf '%s' "$made_of" >"$LAB/made-of"
}

# What the guest may read: the program, the starter image, the tests.
lab_share() {
    if [ ! -x "$BUILD/bin/kennel" ] || [ ! -s "$STARTER" ]; then
        die "nothing to try: run './dev build' and './dev starter-image' first"
    fi
    rm -rf "$LAB/share" "$LAB/out"
    mkdir -p "$LAB/share" "$LAB/out"
    chmod 1777 "$LAB/out"
    strip -o "$LAB/share/kennel" "$BUILD/bin/kennel"
    ln -f "$STARTER" "$LAB/share/starter.oci.tar" 2>/dev/null || cp "$STARTER" "$LAB/share/starter.oci.tar"
    starter_ref >"$LAB/share/starter-ref"
    cp -r "$ROOT/tests" "$LAB/share/"
    # The app as ./dev flatpak --test-runtime leaves it, where it was run.
    if [ -s "$BUILD/flatpak/kennel.flatpak" ]; then
        cp -r --link "$BUILD/flatpak/repo" "$LAB/share/flatpak" 2>/dev/null || cp -r "$BUILD/flatpak/repo" "$LAB/share/flatpak"
    fi
    chmod -R u=rwX,go=rX "$LAB/share"
}

lab_run() { "$ROOT/tests/lab/run-in-vm.sh" --share "$LAB/share" --out "$LAB/out" "$@"; }

# The tests of the lab, in it; results as the end-to-end tests leave them.
run_lab() {
    local status=0
    rm -f "$LAB/out/results"
    lab_build
    lab_share
    lab_run bash /lab/share/tests/lab/guest.sh env KENNEL_ONLY="${KENNEL_ONLY:-}" bash /lab/share/tests/e2e/run.sh lab || status=1
    lab_run --immutable bash /lab/share/tests/lab/guest.sh --immutable \
        env KENNEL_ONLY="${KENNEL_ONLY:-}" KENNEL_TIMEOUT=600 bash /lab/share/tests/e2e/run.sh immutable || status=1
    return "$status"
}
