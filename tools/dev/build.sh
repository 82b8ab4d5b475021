# shellcheck shell=bash
# ./dev build: build/bin/kennel, static, and build/bin/kennel-desktop.

TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}

cmd_build() {
    local profile=release flags=(--release)
    if $DEBUG_BUILD; then profile=debug flags=(); fi
    find_cargo
    has cargo || check_rust
    step 1 3 "Building kennel (static)"
    # The flag goes to this one binary: through RUSTFLAGS it would break procedural macros.
    cargo rustc "${flags[@]}" -p kennel --bin kennel -- -C target-feature=+crt-static
    assert_static "$TARGET_DIR/$profile/kennel"
    place "$TARGET_DIR/$profile/kennel" "$BUILD/bin/kennel"
    step 2 3 "Building kennel-desktop"
    cargo build "${flags[@]}" -p kennel-desktop
    place "$TARGET_DIR/$profile/kennel-desktop" "$BUILD/bin/kennel-desktop"
    # The window finds its settings' schema beside itself when none is installed.
    mkdir -p "$BUILD/bin/schemas"
    glib-compile-schemas --strict --targetdir="$BUILD/bin/schemas" "$ROOT/data"
    place_translations
    step 3 3 "Built build/bin/kennel and build/bin/kennel-desktop"
}

# Where the window looks for them: in the prefix that its own place tells.
place_translations() {
    local po directory
    for po in "$ROOT"/po/*.po; do
        [ -e "$po" ] || continue
        directory=$BUILD/share/locale/$(basename "$po" .po)/LC_MESSAGES
        mkdir -p "$directory"
        msgfmt --output-file="$directory/kennel.mo" "$po"
    done
}

# It runs as PID 1 inside any image: it may need no loader and no library.
assert_static() {
    if readelf -l "$1" | grep -q INTERP || readelf -d "$1" | grep -q NEEDED; then
        die "$1 is not static: is the static C library (libc6-dev, glibc-static) installed?"
    fi
    readelf -h "$1" | grep -q 'Type:.*DYN' || die "$1 is not position-independent"
}

# Replaces a file that may be running.
place() {
    mkdir -p "$(dirname "$2")"
    install -m 0755 "$1" "$2.tmp"
    mv -f "$2.tmp" "$2"
}
