# shellcheck shell=bash
# ./dev flatpak: the app as a Flatpak, in a repository of its own and as one file.

FLATPAK=$BUILD/flatpak
TEST_RUNTIME=io.github.kennel.TestPlatform

# flatpak_test_runtime: a runtime of Debian's packages, for machines that do not reach Flathub. Made
# once, and anew when its script changes.
flatpak_test_runtime() {
    local made_of options=() directory=$FLATPAK/test-runtime
    made_of=$(sha256sum <"$ROOT/flatpak/test-runtime.sh")
    if [ "$(cat "$directory/made-of" 2>/dev/null)" = "$made_of" ]; then return; fi
    has ostree && has flatpak || die "Flatpak and OSTree are needed: run ./dev setup first"
    [ -n "$(debian_mirror)" ] || die "the test runtime is made from a Debian mirror, and /etc/apt has none"
    mkdir -p "$directory"
    rm -f "$directory/made-of"
    starter_apt_options options
    starter_proxy
    "$ROOT/flatpak/test-runtime.sh" "$directory/repo" "$TEST_RUNTIME" "$(debian_mirror)" "${options[@]}" \
        >"$directory/log" 2>&1 || { tail -n 20 "$directory/log" >&2; die "the test runtime could not be made"; }
    printf '%s' "$made_of" >"$directory/made-of"
}
