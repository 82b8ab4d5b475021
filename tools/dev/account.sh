# shellcheck shell=bash
# Unprivileged accounts for root: Kennel refuses root, so root's `./dev run` and `./dev test` use these.

# Another name keeps two checkouts on one machine apart.
PERSON=${KENNEL_DEV_ACCOUNT:-kennel-dev}
PERSON_WITHOUT_RANGE=$PERSON-single
SHARED=/var/lib/$PERSON

# account_make NAME with-range|single
account_make() {
    if ! id "$1" >/dev/null 2>&1; then
        confirm "Make the unprivileged account '$1' (remove it later with: userdel -r $1)?"
        if [ "$2" = single ]; then
            useradd -m -s /bin/bash -K SUB_UID_COUNT=0 -K SUB_GID_COUNT=0 "$1"
        else
            useradd -m -s /bin/bash "$1"
        fi
    fi
    if [ "$2" = with-range ]; then
        account_range "$1" /etc/subuid --add-subuids
        account_range "$1" /etc/subgid --add-subgids
    fi
    install -d -m 0755 /run/user
    install -d -m 0700 -o "$1" -g "$1" "/run/user/$(id -u "$1")"
}

# Gives 65536 ids after the last range in use, if the account has none.
account_range() {
    local first
    touch "$2"
    if grep -q "^$1:" "$2"; then return; fi
    first=$(awk -F: 'BEGIN { end = 100000 } $2 + $3 > end { end = $2 + $3 } END { print end }' "$2")
    usermod "$3" "$first-$((first + 65535))" "$1"
}

# account_run NAME COMMAND…: with nothing of root's environment; ACCOUNT_ENV adds to it.
ACCOUNT_ENV=()
account_run() {
    local name=$1 uid home
    shift
    uid=$(id -u "$name")
    home=$(getent passwd "$name" | cut -d: -f6)
    (
        cd "$home" || exit 1
        exec setpriv --reuid="$name" --regid="$(id -g "$name")" --init-groups env -i \
            HOME="$home" USER="$name" LOGNAME="$name" SHELL=/bin/bash LANG=C.UTF-8 TERM="${TERM:-dumb}" \
            PATH="$SHARED/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
            XDG_RUNTIME_DIR="/run/user/$uid" "${ACCOUNT_ENV[@]}" "$@"
    )
}

# Copies what the account must read to a place it can reach.
account_share() {
    install -d -m 0755 "$SHARED" "$SHARED/bin" "$SHARED/starter"
    place "$BUILD/bin/kennel" "$SHARED/bin/kennel"
    place "$BUILD/bin/kennel-desktop" "$SHARED/bin/kennel-desktop"
    install -D -m 0644 -t "$SHARED/bin/schemas" "$BUILD/bin/schemas/gschemas.compiled"
    rm -rf "$SHARED/share"
    if [ -d "$BUILD/share" ]; then cp -r --no-preserve=ownership "$BUILD/share" "$SHARED/"; fi
    local image
    for image in "$STARTER" "$WORKBENCH"; do
        if [ -s "$image" ] && ! cmp -s "$image" "$SHARED/starter/${image##*/}"; then
            install -m 0644 "$image" "$SHARED/starter/"
        fi
    done
    account_share_flatpak
    rm -rf "$SHARED/tests" "$SHARED/tools"
    cp -r --no-preserve=ownership "$ROOT/tests" "$ROOT/tools" "$SHARED/"
    chmod -R u=rwX,go=rX "$SHARED/tests" "$SHARED/tools"
}

# The Flatpak and its runtime, as ./dev flatpak left them.
account_share_flatpak() {
    local shared=$SHARED/build/flatpak
    rm -rf "$shared"
    [ -s "$BUILD/flatpak/kennel.flatpak" ] || return 0
    mkdir -p "$shared/test-runtime"
    cp -r --no-preserve=ownership "$BUILD/flatpak"/{repo,kennel.flatpak,manifest.json} "$shared/"
    # The development build, where there is one.
    if [ -s "$BUILD/flatpak/kennel-devel.flatpak" ]; then
        cp --no-preserve=ownership "$BUILD/flatpak/kennel-devel.flatpak" "$shared/"
    fi
    cp -r --no-preserve=ownership "$BUILD/flatpak/test-runtime/repo" "$shared/test-runtime/"
    chmod -R u=rwX,go=rX "$SHARED/build"
}

# person COMMAND…: as this person, or for root as the account.
person() {
    if is_root; then
        account_run "$PERSON" "$@"
    else
        PATH="$BUILD/bin:$PATH" env "${ACCOUNT_ENV[@]}" "$@"
    fi
}

# Prepares `person` and says where the shared tree and the starter image are.
person_prepare() {
    if is_root; then
        account_make "$PERSON" with-range
        account_share
        PERSON_TREE=$SHARED PERSON_STARTER=$SHARED/starter/${STARTER##*/}
    else
        PERSON_TREE=$ROOT PERSON_STARTER=$STARTER
    fi
}
