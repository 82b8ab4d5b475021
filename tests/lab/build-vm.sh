#!/usr/bin/env bash
# Builds the lab: a small Debian 13 with systemd, one control group tree (cgroup v2), SELinux
# enforcing, and an account “pat” that logs in by itself. Root: it makes a root file system.
#
#   build-vm.sh DIRECTORY MIRROR [APT-OPTION…]
#
# KENNEL_LAB_RUNTIME is an OSTree repository: what it has is installed for Flatpak on that system.
#
# leaves vmlinuz, initrd.img, root.ext4 and usr.erofs in DIRECTORY; the tree they are made of is
# removed. With the kernel argument “lab.immutable” it is like a system that is only replaced as a
# whole: /usr is usr.erofs, read-only, and / takes no new names.
set -euo pipefail
export LC_ALL=C

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
OUT=$1 MIRROR=$2
shift 2
ROOT=$OUT/root LOG=$OUT/build.log

PACKAGES=(
    linux-image-amd64 initramfs-tools zstd kmod udev systemd systemd-sysv dbus dbus-user-session libpam-systemd
    # What tests use.
    sudo procps iproute2 e2fsprogs python3-minimal libpython3-stdlib python3-gi openssh-server openssh-client attr
    # What Kennel uses.
    uidmap passt
    selinux-policy-default policycoreutils selinux-utils
    # An app in its sandbox, and a display to drive it on.
    flatpak xdg-dbus-proxy bubblewrap xdg-desktop-portal xdg-desktop-portal-gtk
    xvfb xauth xdotool at-spi2-core python3-pyatspi gir1.2-atspi-2.0 imagemagick
    # What a pet asks the host for. It lies out of PATH until a test wants it there.
    podman crun
)

say() { printf '      %4ds  %s\n' "$SECONDS" "$*"; }
in_root() { chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C "$@" >>"$LOG" 2>&1; }
ended() {
    unmount
    if [ "$1" -ne 0 ]; then { echo "the lab could not be built:"; tail -n 20 "$LOG"; } >&2; fi
}
unmount() { for place in proc dev; do umount -l "$ROOT/$place" 2>/dev/null || true; done; }

main() {
    rm -rf --one-file-system "$ROOT" "$OUT"/{root.ext4,usr.erofs,snapshot*}
    mkdir -p "$OUT"
    : >"$LOG"
    trap 'ended $?' EXIT
    say "installing Debian"
    install_debian "$@"
    mount -t proc proc "$ROOT/proc"
    mount --bind /dev "$ROOT/dev"
    say "accounts, units, SELinux"
    configure
    install_runtime
    say "kernel and initrd"
    in_root update-initramfs -c -k all
    cp -L "$ROOT"/boot/vmlinuz-* "$OUT/vmlinuz"
    mv "$ROOT"/boot/initrd.img-* "$OUT/initrd.img"
    say "labels"
    unmount
    label
    say "disks"
    mkfs.erofs --quiet -zlz4 "$OUT/usr.erofs" "$ROOT/usr" >>"$LOG" 2>&1
    truncate -s 8G "$OUT/root.ext4"
    mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$ROOT" "$OUT/root.ext4"
    rm -rf --one-file-system "$ROOT"
    say "done: $(du -h "$OUT/root.ext4" | cut -f1)"
}

# shellcheck disable=SC2016 # the hook is for mmdebstrap's shell
install_debian() {
    mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include="$(IFS=,; echo "${PACKAGES[*]}")" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' "$@" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
        --setup-hook='printf "MODULES=list\nCOMPRESS=zstd\n" >"$1/etc/initramfs-tools/conf.d/lab"' \
        --setup-hook='printf "%s\n" virtio_pci virtio_blk virtio_console ext4 erofs >"$1/etc/initramfs-tools/modules"' \
        --dpkgopt='force-confold' trixie "$ROOT" "$MIRROR" >>"$LOG" 2>&1
}

configure() {
    in_root useradd -u 1000 -U -m -s /bin/bash -K SUB_UID_COUNT=65536 -K SUB_GID_COUNT=65536 pat
    # Linger: pets live on after the last logout, as on a computer where that is set.
    install -D -m 0644 /dev/null "$ROOT/var/lib/systemd/linger/pat"
    install -D -m 0440 /dev/stdin "$ROOT/etc/sudoers.d/pat" <<<'pat ALL=(ALL) NOPASSWD: ALL'
    cp -r --no-preserve=ownership "$HERE/guest/." "$ROOT/"
    chmod 0755 "$ROOT"/usr/lib/lab/* "$ROOT/etc/initramfs-tools/scripts/init-bottom/lab-immutable"
    mkdir -p "$ROOT/usr/lib/lab/aside" "$ROOT/var/usrlocal/bin"
    mv "$ROOT/usr/bin/podman" "$ROOT/usr/lib/lab/aside/"
    mkdir -p "$ROOT"/lab/{run,share,out}
    echo lab >"$ROOT/etc/hostname"
    echo '127.0.0.1 localhost lab' >"$ROOT/etc/hosts"
    echo '/dev/vda / ext4 defaults,noatime 0 0' >"$ROOT/etc/fstab"
    # No work of a first boot: it would be done again at each start from a fresh disk.
    echo 6c6162766d0000000000000000000001 >"$ROOT/etc/machine-id"
    touch -r "$ROOT/usr" "$ROOT"/{etc,var}/.updated
    # The journal has what SELinux forbids.
    in_root systemctl enable serial-getty@hvc0.service systemd-journald-audit.socket lab-immutable.service
    in_root systemctl mask serial-getty@ttyS0.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer \
        e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer systemd-pstore.service
    sed -i 's/^SELINUX=.*/SELINUX=enforcing/; s/^SELINUXTYPE=.*/SELINUXTYPE=default/' "$ROOT/etc/selinux/config"
    # Fedora lets a person's programs make memory executable, which libffi and others need.
    echo 'allow_execmem=1' >>"$ROOT/var/lib/selinux/default/active/booleans.local"
    cp "$HERE"/*.cil "$ROOT/root/"
    in_root semodule -n -i /root/lab.cil -i /root/no-containers.cil
    in_root sh -c 'cp /etc/selinux/default/policy/policy.* /usr/lib/lab/policy-without-containers'
    in_root semodule -n -r no-containers
}

# Installing under emulation would take minutes.
install_runtime() {
    [ -n "${KENNEL_LAB_RUNTIME:-}" ] || return 0
    say "the app's runtime"
    local ref system=$ROOT/var/lib/flatpak
    for ref in $(ostree --repo="$KENNEL_LAB_RUNTIME" refs --list runtime); do
        FLATPAK_SYSTEM_DIR=$system flatpak --system remote-add --if-not-exists --no-gpg-verify runtime "file://$KENNEL_LAB_RUNTIME"
        FLATPAK_SYSTEM_DIR=$system flatpak --system install --noninteractive --no-related runtime "$ref"
    done >>"$LOG" 2>&1
}

# Writes security.selinux also where the building kernel has no SELinux.
label() {
    in_root setfiles -F -m /etc/selinux/default/contexts/files/file_contexts /
    getfattr -n security.selinux "$ROOT/usr/bin/bash" >>"$LOG" 2>&1
}

main "$@"
