# shellcheck shell=bash
# ./dev starter-image: a small Debian from the machine's own mirror, so that a first pet needs no registry.

STARTER=$BUILD/starter/debian-starter.oci.tar
STARTER_PACKAGES=bash,sudo,git,procps,locales,ca-certificates,less,mount,passwd
# What the tests need besides: other shells, an init that runs services, an app with a window and an icon.
WORKBENCH=$BUILD/starter/debian-workbench.oci.tar
WORKBENCH_PACKAGES=$STARTER_PACKAGES,cron,dbus,fish,galculator,init,systemd,xterm,zsh

# The name the image has in the store.
starter_ref() { printf 'localhost/debian-starter:%s' "$(debian_version)"; }

# Asks every registry for the images of data/catalog.toml. Their syntax is checked by cargo test.
cmd_check_catalog() {
    local reference
    has skopeo || die "skopeo is needed: run ./dev setup first"
    while read -r reference; do
        check "$reference" timeout 60 skopeo inspect --no-tags --override-os linux --override-arch amd64 \
            --format '{{.Digest}} {{.Created}}' "docker://$reference"
    done < <(sed -n 's/^reference = "\(.*\)"$/\1/p' data/catalog.toml)
    summary
}

cmd_starter_image() {
    if [ -s "$STARTER" ]; then
        step 1 1 "The starter image is there: ${STARTER#"$ROOT"/}"
        return
    fi
    [ -n "$(debian_mirror)" ] \
        || die "the starter image is made from a Debian mirror and /etc/apt has none: on this system import any image instead (kennel image import)"
    debian_image "$STARTER" "$(starter_ref)" "$STARTER_PACKAGES"
}

# The image that the tests of shells, services and apps use. Not part of ./dev run.
cmd_workbench_image() {
    if [ ! -s "$WORKBENCH" ]; then debian_image "$WORKBENCH" "localhost/debian-workbench:1" "$WORKBENCH_PACKAGES"; fi
}

# debian_image ARCHIVE REFERENCE PACKAGES: makes ARCHIVE from the machine's own mirror.
debian_image() {
    mkdir -p "$(dirname "$1")"
    IMAGE_WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/kennel-image.XXXXXX")
    trap 'rm -rf "$IMAGE_WORK"' EXIT
    chmod 0755 "$IMAGE_WORK"
    step 1 2 "Making a small Debian $(debian_version) from this machine's mirror"
    debian_root "$IMAGE_WORK/root.tar" "$3"
    step 2 2 "Packing it as an OCI archive"
    python3 "$ROOT/tools/oci-archive.py" --ref "$2" --created "$(starter_epoch)" \
        "$IMAGE_WORK/root.tar" "$1.tmp"
    mv -f "$1.tmp" "$1"
    rm -rf "$IMAGE_WORK"
    trap - EXIT
}

# One time for every file of the image: the start of the day it is made.
starter_epoch() { printf '%s' "${SOURCE_DATE_EPOCH:-$(($(date +%s) / 86400 * 86400))}"; }

# shellcheck disable=SC2016 # the hooks are for mmdebstrap's shell
debian_root() {
    local mode=unshare arguments=() entries=()
    if is_root; then mode=root; fi
    mapfile -t entries < <(debian_entries | sed 's/^/deb /')
    starter_apt_options arguments
    # A proxy reaches mmdebstrap by the environment only, so that none is left in the image.
    starter_proxy
    SOURCE_DATE_EPOCH=$(starter_epoch) mmdebstrap --quiet --mode="$mode" --variant=apt \
        --include="$2" --skip=output/dev --format=tar \
        "${arguments[@]}" \
        --customize-hook='printf "%s\n" "// A pet has one uid range; where it has a single uid, apt cannot become _apt." "APT::Sandbox::User \"root\";" > "$1/etc/apt/apt.conf.d/50kennel"' \
        --customize-hook='rm -f "$1/etc/hostname" "$1/etc/resolv.conf" "$1/etc/machine-id"' \
        "$(debian_suite)" "$1" "${entries[@]}"
}

# A machine whose clock or mirror is frozen tells apt so; an image made on it needs the same.
starter_apt_options() {
    local -n into=$1
    local key
    for key in Acquire::Check-Valid-Until Acquire::Check-Date; do
        if apt-config dump | grep -q "^$key \"false\""; then into+=("--aptopt=$key \"false\""); fi
    done
}

starter_proxy() {
    local proxy=''
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    if [ -n "$proxy" ] && [ "$proxy" != DIRECT ]; then export http_proxy=$proxy; fi
}
