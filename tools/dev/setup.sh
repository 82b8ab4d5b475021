# shellcheck shell=bash
# ./dev setup: installs what is missing, and nothing that is there.

DEBIAN_BASE=(
    acl at-spi2-core attr bubblewrap busybox-static bzip2 crun dbus dbus-x11 desktop-file-utils distrobox docker-registry e2fsprogs erofs-utils file
    fuse-overlayfs gettext gir1.2-atspi-2.0 gir1.2-pango-1.0 git gnupg golang-github-opencontainers-specs-dev hyperfine imagemagick mmdebstrap musl-tools
    iproute2 ninja-build openssh-client openssl passt perl podman procps pulseaudio
    pulseaudio-utils python3 python3-gi python3-jsonschema python3-pyatspi shellcheck skopeo
    slirp4netns uidmap umoci weston x11-apps x11-utils xauth xclip xdotool xvfb xz-utils zstd
)
# GTK 4.18, libadwaita 1.7 and VTE 0.80 are Debian 13's, and so are Flatpak 1.16 and a QEMU that goes on from a saved file.
DEBIAN_13=(
    adwaita-icon-theme appstream fonts-cantarell fonts-dejavu-core g++ gcc libadwaita-1-dev libbz2-dev libc6-dev
    libgtk-4-dev libvte-2.91-gtk4-dev locales meson pkg-config qemu-system-x86 qemu-utils
    flatpak flatpak-xdg-utils ostree xdg-dbus-proxy xdg-desktop-portal xdg-desktop-portal-gtk
)
FEDORA_ALL=(
    acl adwaita-cantarell-fonts adwaita-icon-theme appstream at-spi2-core attr bubblewrap bzip2-devel crun
    dbus-daemon dejavu-sans-fonts desktop-file-utils distrobox docker-distribution file flatpak flatpak-xdg-utils fuse-overlayfs gcc gcc-c++ gettext
    git glibc-static gnupg2 gtk4-devel hyperfine iproute ImageMagick libadwaita-devel meson mmdebstrap ninja-build openssh-clients openssl passt
    perl-interpreter pkgconf-pkg-config ostree podman pulseaudio pulseaudio-utils python3 python3-gobject python3-pyatspi shadow-utils ShellCheck skopeo
    slirp4netns umoci vte291-gtk4-devel weston weston-demo xlogo xwininfo
    xauth xclip xdg-dbus-proxy xdotool xorg-x11-server-Xvfb xz zstd
)
RUST_MINIMUM=1.88

cmd_setup() {
    step 1 3 "Checking the system's packages"
    case " $(os_release ID) $(os_release ID_LIKE) " in
        *" debian "*) setup_debian ;;
        *" fedora "*) setup_fedora ;;
        *) die "only Debian and Fedora are known: install the list in docs/DEPENDENCIES.md by hand" ;;
    esac
    step 3 3 "Checking Rust"
    check_rust
}

setup_debian() {
    local base gnome
    mapfile -t base < <(missing_debian "${DEBIAN_BASE[@]}")
    mapfile -t gnome < <(missing_debian "${DEBIAN_13[@]}")
    if [ $((${#base[@]} + ${#gnome[@]})) -eq 0 ]; then
        step 2 3 "Everything is installed: nothing to do"
        return
    fi
    say "      missing: ${base[*]} ${gnome[*]}"
    if [ "$(debian_suite)" = bookworm ] && [ ${#gnome[@]} -gt 0 ]; then
        confirm "Debian 12 is too old for this GTK: add the Debian 13 suite (pinned low) and install these packages?"
        add_trixie
    else
        confirm "Install these packages?"
    fi
    step 2 3 "Installing $((${#base[@]} + ${#gnome[@]})) packages"
    mask_registry
    apt_get update
    if [ ${#base[@]} -gt 0 ]; then apt_get install -y --no-install-recommends "${base[@]}"; fi
    if [ ${#gnome[@]} -gt 0 ]; then
        if [ "$(debian_suite)" = bookworm ]; then
            apt_get install -y --no-install-recommends -t trixie "${gnome[@]}"
        else
            apt_get install -y --no-install-recommends "${gnome[@]}"
        fi
    fi
}

# The tests start registries of their own; the package would start one for the whole computer.
mask_registry() {
    local unit=/etc/systemd/system/docker-registry.service
    if ! has docker-registry && [ -d /etc/systemd/system ] && [ ! -e "$unit" ] && [ ! -L "$unit" ]; then
        as_root ln -s /dev/null "$unit"
    fi
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"; }

# Of the given names, those that are not installed. On Debian 12 the libraries must also be
# new enough, which only matters for those that Debian 12 has in older versions.
missing_debian() {
    local name version
    for name in "$@"; do
        # dpkg-query fails for a name it has never heard of, which is an answer here.
        # shellcheck disable=SC2016
        version=$({ dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$name" 2>/dev/null || true; } | sed -n 's/^installed //p')
        version=${version%%$'\n'*}
        if [ -z "$version" ] || dpkg --compare-versions "$version" lt "$(minimum_version "$name")"; then
            printf '%s\n' "$name"
        fi
    done
}

minimum_version() {
    case $1 in
        libgtk-4-dev) printf 4.18 ;;
        libadwaita-1-dev) printf 1.7 ;;
        libvte-2.91-gtk4-dev) printf 0.80 ;;
        qemu-*) printf 1:8.2 ;;
        flatpak) printf 1.16 ;;
        ostree) printf 2024 ;;
        xdg-desktop-portal) printf 1.18 ;;
        # Debian 12's has no bzip2.pc, which Debian 13's freetype asks for.
        libbz2-dev) printf 1.0.8-6 ;;
        *) printf 0 ;;
    esac
}

# Adds Debian 13 from the machine's own mirror with a pin of 100: nothing is upgraded by itself.
add_trixie() {
    local mirror
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "no Debian mirror in /etc/apt: add one to sources.list first"
    trixie_sources "$mirror" | as_root tee /etc/apt/sources.list.d/kennel-trixie.sources >/dev/null
    trixie_pin | as_root tee /etc/apt/preferences.d/kennel-trixie >/dev/null
}

trixie_sources() {
    printf '%s\n' 'Types: deb' "URIs: $1" 'Suites: trixie' 'Components: main' \
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'
}

trixie_pin() { printf '%s\n' 'Package: *' 'Pin: release n=trixie' 'Pin-Priority: 100'; }

setup_fedora() {
    local name missing=()
    for name in "${FEDORA_ALL[@]}"; do
        rpm -q --quiet "$name" || missing+=("$name")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        step 2 3 "Everything is installed: nothing to do"
        return
    fi
    say "      missing: ${missing[*]}"
    confirm "Install these packages?"
    step 2 3 "Installing ${#missing[@]} packages"
    as_root dnf install -y --skip-unavailable "${missing[@]}"
}

check_rust() {
    local version
    find_cargo
    has cargo || die "Rust $RUST_MINIMUM or newer is needed: $(rust_advice)"
    version=$(cargo --version | awk '{ print $2 }')
    version_at_least "$version" "$RUST_MINIMUM" \
        || die "cargo is $version, $RUST_MINIMUM or newer is needed: $(rust_advice)"
}

# cargo as rustup leaves it, also in a shell that has not read ~/.cargo/env.
find_cargo() {
    if ! has cargo && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
}

rust_advice() {
    case " $(os_release ID) $(os_release ID_LIKE) " in
        *" fedora "*) printf "run 'sudo dnf install rustup && rustup-init -y', then './dev setup' again" ;;
        *)
            if [ "$(debian_suite)" = bookworm ]; then
                printf "run 'sudo apt-get install -t trixie rustup && rustup default stable', then './dev setup' again"
            else
                printf "run 'sudo apt-get install rustup && rustup default stable', then './dev setup' again"
            fi ;;
    esac
}

version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
