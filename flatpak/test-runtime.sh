#!/usr/bin/env bash
# Makes a Flatpak runtime from Debian 13's packages, to test the app where Flathub is out of reach:
# the same GTK, libadwaita and VTE the app is built against on a Debian machine. It is not shipped.
#
#   test-runtime.sh REPOSITORY ID MIRROR [APT-OPTION…]
#
# leaves runtime/ID/ARCH/stable in REPOSITORY, an OSTree archive that `flatpak install` can read.
set -euo pipefail
export LC_ALL=C

REPOSITORY=$1 ID=$2 MIRROR=$3
shift 3
ARCH=$(flatpak --default-arch)
BRANCH=stable
WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/kennel-runtime.XXXXXX")
trap 'rm -rf --one-file-system "$WORK"' EXIT

PACKAGES=(
    # A shell, and what scripts of tests use.
    bash coreutils sed grep findutils procps util-linux libc-bin
    # The app's libraries, and what GTK reads at run time: icons, pictures, keyboards, settings.
    libgtk-4-1 libadwaita-1-0 libvte-2.91-gtk4-0 librsvg2-common adwaita-icon-theme hicolor-icon-theme
    shared-mime-info gsettings-desktop-schemas xkb-data fonts-cantarell fonts-dejavu-core
    # D-Bus from a test inside the sandbox, and flatpak-spawn, with which HostCommand is compared.
    dbus-bin libglib2.0-bin flatpak-xdg-utils
    ca-certificates tzdata
)

main() {
    install_debian "$@"
    lay_out
    commit
}

install_debian() {
    local mode=unshare
    if [ "$(id -u)" -eq 0 ]; then mode=root; fi
    # An archive: a person who is not root cannot keep the owners of a directory.
    mmdebstrap --quiet --mode="$mode" --variant=essential --format=tar --include="$(IFS=,; echo "${PACKAGES[*]}")" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' "$@" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
        --skip=output/dev trixie "$WORK/root.tar" "$MIRROR"
    mkdir "$WORK/root"
    tar -x --no-same-owner -C "$WORK/root" -f "$WORK/root.tar"
    rm "$WORK/root.tar"
}

# A runtime has what is /usr in the sandbox; Flatpak makes /etc of its etc/.
lay_out() {
    local usr=$WORK/runtime/usr name
    mkdir -p "$WORK"/runtime/{files,var,export}
    mv "$WORK/root/usr" "$usr"
    rm -rf "${usr:?}/etc"
    mv "$WORK/root/etc" "$usr/etc"
    # These are the host's, or Flatpak's.
    for name in passwd group shadow gshadow hostname hosts resolv.conf machine-id localtime timezone mtab ld.so.cache; do
        rm -f "$usr/etc/$name" "$usr/etc/$name-"
    done
    printf '%s\n' 'include /run/flatpak/ld.so.conf.d/app-*.conf' /app/lib \
        'include /run/flatpak/ld.so.conf.d/runtime-*.conf' 'include /etc/ld.so.conf.d/*.conf' >"$usr/etc/ld.so.conf"
    ln -sf ../libexec/flatpak-xdg-utils/flatpak-spawn "$usr/bin/flatpak-spawn"
    # OSTree stores files, folders and links, and must be able to read them.
    find "$usr" \( -type b -o -type c -o -type p -o -type s \) -delete
    chmod -R u+rwX,go+rX "$usr"
    cat >"$WORK/runtime/metadata" <<METADATA
[Runtime]
name=$ID
runtime=$ID/$ARCH/$BRANCH
sdk=$ID/$ARCH/$BRANCH

[Environment]
XDG_DATA_DIRS=/app/share:/usr/share:/usr/share/runtime/share:/run/host/user-share:/run/host/share
METADATA
}

commit() {
    rm -rf "$REPOSITORY"
    mkdir -p "$(dirname "$REPOSITORY")"
    ostree --repo="$REPOSITORY" init --mode=archive
    flatpak build-export --runtime --disable-sandbox "$REPOSITORY" "$WORK/runtime" "$BRANCH"
    flatpak build-update-repo "$REPOSITORY"
}

main "$@"
