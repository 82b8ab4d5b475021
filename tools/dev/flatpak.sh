# shellcheck shell=bash
# ./dev flatpak: the app as a Flatpak, in a repository of its own and as one file.

FLATPAK=$BUILD/flatpak
TEST_RUNTIME=io.github.kennel.TestPlatform
BUNDLE_LIMIT=$((12 * 1000 * 1000))

cmd_flatpak() {
    local runtime=flathub profile=() bundle=$FLATPAK/kennel.flatpak option
    for option in "$@"; do
        case $option in
            --test-runtime) runtime=debian ;;
            --devel) profile=(--devel) bundle=$FLATPAK/kennel-devel.flatpak ;;
            *) parse_options "$option" ;;
        esac
    done
    find_cargo
    if ! has ostree || ! has flatpak; then die "Flatpak and OSTree are needed: run ./dev setup first"; fi
    mkdir -p "$FLATPAK"
    [ -e "$FLATPAK/repo/config" ] || ostree --repo="$FLATPAK/repo" init --mode=archive
    if [ "$runtime" = debian ]; then
        step 1 3 "The runtime of Debian's packages"
        flatpak_test_runtime
        step 2 3 "Building the app"
        flatpak_tree
    else
        flatpak_build
    fi
    step 3 3 "Bundling it"
    flatpak build-update-repo "$FLATPAK/repo"
    flatpak build-bundle "$FLATPAK/repo" "$bundle" "$(manifest show id)" stable
    say "      ${bundle#"$ROOT"/}: $(stat -c %s "$bundle") bytes"
    [ "$(stat -c %s "$bundle")" -lt "$BUNDLE_LIMIT" ] || die "the bundle is larger than its mark of $BUNDLE_LIMIT bytes"
}

# The chosen profile's manifest.
manifest() { "$ROOT/flatpak/manifest.py" "${profile[@]}" "$@"; }

# As the manifest says, in the SDK from Flathub.
flatpak_build() {
    has flatpak-builder || die "flatpak-builder is needed for this (or use: ./dev flatpak --test-runtime)"
    step 1 3 "Fetching the crates, which the build in the sandbox cannot"
    (cd "$ROOT" && cargo vendor --locked --quiet "$FLATPAK/vendor" >/dev/null)
    manifest write "$FLATPAK/vendor" >"$FLATPAK/$(manifest show id).json"
    step 2 3 "Building with flatpak-builder"
    flatpak-builder --user --install-deps-from=flathub --force-clean --default-branch=stable \
        --state-dir="$FLATPAK/state" --repo="$FLATPAK/repo" "$FLATPAK/builder" "$FLATPAK/$(manifest show id).json"
}

# With what this machine builds, in the test runtime. Id, command and permissions are the manifest's.
flatpak_tree() {
    local app=$FLATPAK/app meson=$FLATPAK/meson id name finish=() options=(-Dprofile=default)
    id=$(manifest show id)
    if [ "${#profile[@]}" -gt 0 ]; then options=(-Dprofile=development) meson=$meson-devel; fi
    [ -e "$meson/build.ninja" ] \
        || meson setup "$meson" "$ROOT" --prefix=/app -Dengine_dir=libexecdir "-Dcargo_target_dir=$TARGET_DIR" "${options[@]}"
    meson compile -C "$meson"
    rm -rf "$app" "$FLATPAK/installed"
    DESTDIR=$FLATPAK/installed meson install -C "$meson" --no-rebuild --quiet
    mkdir -p "$app/var"
    mv "$FLATPAK/installed/app" "$app/files"
    rm -rf "$FLATPAK/installed"
    while read -r name; do
        case $name in /*) rm -rf "$app/files$name" ;; *) find "$app/files" -name "$name" -delete ;; esac
    done < <(manifest show cleanup)
    if [ -d "$app/files/share/glib-2.0/schemas" ]; then glib-compile-schemas --strict "$app/files/share/glib-2.0/schemas"; fi
    name=$TEST_RUNTIME/$(flatpak --default-arch)/stable
    printf '%s\n' '[Application]' "name=$id" "runtime=$name" "sdk=$name" >"$app/metadata"
    mapfile -t finish < <(manifest show finish-args)
    flatpak build-finish "$app" "--command=$(manifest show command)" "${finish[@]}"
    flatpak build-export --disable-sandbox "$FLATPAK/repo" "$app" stable
    cp "$ROOT/flatpak/io.github.kennel.Kennel.json" "$FLATPAK/manifest.json"
}

# What meson installs it takes away again, and its validators pass.
check_meson() (
    set -euo pipefail
    meson=$FLATPAK/meson
    meson test -C "$meson" --no-rebuild --no-suite cargo --quiet
    DESTDIR=$(mktemp -d /var/tmp/kennel-installed.XXXXXX)
    export DESTDIR
    trap 'rm -rf "$DESTDIR"' EXIT
    meson install -C "$meson" --no-rebuild --quiet
    for file in bin/kennel-desktop libexec/kennel share/applications/io.github.kennel.Kennel.desktop \
        share/dbus-1/services/io.github.kennel.Kennel.service \
        share/gnome-shell/search-providers/io.github.kennel.Kennel.search-provider.ini share/metainfo/io.github.kennel.Kennel.metainfo.xml \
        share/man/man1/kennel.1 share/bash-completion/completions/kennel share/zsh/site-functions/_kennel \
        share/fish/vendor_completions.d/kennel.fish share/icons/hicolor/scalable/apps/io.github.kennel.Kennel.svg; do
        [ -s "$DESTDIR/app/$file" ] || { warn "not installed: $file"; exit 1; }
    done
    ninja -C "$meson" uninstall >/dev/null
    left=$(find "$DESTDIR" ! -type d)
    [ -z "$left" ] || { warn "left after uninstalling: $left"; exit 1; }
)

# flatpak_test_runtime: a runtime of Debian's packages, for machines that do not reach Flathub. Made
# once, and anew when its script changes.
flatpak_test_runtime() {
    local made_of options=() directory=$FLATPAK/test-runtime
    made_of=$(sha256sum <"$ROOT/flatpak/test-runtime.sh")
    if [ "$(cat "$directory/made-of" 2>/dev/null)" = "$made_of" ]; then return; fi
    [ -n "$(debian_mirror)" ] || die "the test runtime is made from a Debian mirror, and /etc/apt has none"
    mkdir -p "$directory"
    rm -f "$directory/made-of"
    starter_apt_options options
    starter_proxy
    "$ROOT/flatpak/test-runtime.sh" "$directory/repo" "$TEST_RUNTIME" "$(debian_mirror)" "${options[@]}" \
        >"$directory/log" 2>&1 || { tail -n 20 "$directory/log" >&2; die "the test runtime could not be made"; }
    printf '%s' "$made_of" >"$directory/made-of"
}
