# shellcheck shell=bash
# What only root can put on a machine: services' sockets, disks and devices that come later, another
# time zone, NVIDIA's driver. The host is played in a mount namespace whose mounts are shared, as
# systemd makes them, with a /run, /etc, /dev, /media and /usr/local of its own.

test_services_disks_devices_and_the_time_zone() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    local home
    home=$(mktemp -d /var/tmp/kennel-shares.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -p "$home"/{etc,etc-work,var,var-work,dev,home/run}
    chmod 0700 "$home/home/run"
    chmod 0755 "$home"
    chown -R "$KENNEL_PERSON" "$home/home"
    cat >"$home/inside" <<'SCRIPT'
set -eu
directory=$1
mount --make-rshared /
mount -t overlay -o "lowerdir=/etc,upperdir=$directory/etc,workdir=$directory/etc-work" overlay /etc
mount -t overlay -o "lowerdir=/var/lib,upperdir=$directory/var,workdir=$directory/var-work" overlay /var/lib
# A /dev of our own, so that nothing appears in the machine's.
mount -t tmpfs -o mode=0755 none "$directory/dev"
cp -a /dev/{null,zero,full,random,urandom,tty,ptmx,fd,stdin,stdout,stderr} "$directory/dev/"
mkdir "$directory"/dev/{pts,shm,mqueue}
mount --bind /dev/pts "$directory/dev/pts"
chmod 1777 "$directory/dev/shm"
mount --rbind "$directory/dev" /dev
mount -t tmpfs -o mode=0755 none /run
mount -t tmpfs -o mode=0755 none /media
mount -t tmpfs -o mode=0755 none /mnt
mkdir -p /run/systemd/{sessions,users,system,resolve,journal} /run/udev/{data,tags} /run/log/journal /run/media
mkdir -p /var/lib/flatpak/app /var/lib/systemd/coredump /dev/dri
mkdir -p /var/lib/sss/pipes
mount -t tmpfs -o mode=1777 none /tmp
echo ticket >"/tmp/krb5cc_$(id -u "$KENNEL_PERSON")"
chown "$KENNEL_PERSON" "/tmp/krb5cc_$(id -u "$KENNEL_PERSON")"
touch /run/systemd/sessions/7 /run/udev/data/c1:3 /var/lib/flatpak/app/example.app
mknod -m 0666 /dev/kvm c 1 3
python3 - /run/dbus/system_bus_socket /run/pcscd/pcscd.comm /run/cups/cups.sock /run/avahi-daemon/socket \
    /run/.heim_org.h5l.kcm-socket /run/libvirt/libvirt-sock <<'PY' &
import os, select, socket, sys
servers = []
for path in sys.argv[1:]:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    os.chmod(path, 0o666)
    server.listen()
    servers.append(server)
while True:
    ready = select.select(servers, [], [], 200)[0]
    if not ready:
        break
    for server in ready:
        client = server.accept()[0]
        client.sendall(b"hello\n")
        client.close()
PY
server=$!
trap 'kill $server' EXIT

home=$directory/home
groups=$(id -G "$KENNEL_PERSON" | tr ' ' ',')
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --groups="$groups" env -i -C "$home" \
        HOME="$home" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$home/run" "$@"
}
# row SHARE WHERE COMMAND…: succeeds in the pets named in WHERE and fails in the others.
row() {
    for name in comfortable project sealed; do
        got=no
        if as_person kennel run "$name" -- "${@:3}" >/dev/null 2>&1; then got=yes; fi
        want=no
        case " $2 " in *" $name "*) want=yes ;; esac
        [ $got = $want ] || { echo "$1 in $name: $got instead of $want" >&2; exit 1; }
    done
}
# soon NAME COMMAND…: succeeds in the pet within five seconds.
soon() {
    for _ in $(seq 50); do
        if as_person kennel run "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    echo "in vain: $*" >&2
    exit 1
}
replace() { printf '%s\n' "$2" >/etc/.fresh; chmod 0644 /etc/.fresh; mv /etc/.fresh "$1"; }
zone() { ln -sfn "/usr/share/zoneinfo/$1" /etc/localtime.new; mv -T /etc/localtime.new /etc/localtime; replace /etc/timezone "$1"; }

as_person kennel image import "$KENNEL_STARTER" >/dev/null
zone Asia/Tokyo
for name in comfortable project sealed; do
    as_person kennel create $name --image "$KENNEL_REF" --preset $name >/dev/null
done
ask='use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un($ARGV[0])) or exit 1; exit(<$s> ne "hello\n")'
row system-bus comfortable perl -e "$ask" /run/dbus/system_bus_socket
row system-bus comfortable test -e /run/systemd/sessions/7
row smart-cards comfortable perl -e "$ask" /run/pcscd/pcscd.comm
row printers comfortable perl -e "$ask" /run/cups/cups.sock
row discovery comfortable perl -e "$ask" /run/avahi-daemon/socket
row kerberos comfortable perl -e "$ask" /run/.heim_org.h5l.kcm-socket
row virtualization comfortable perl -e "$ask" /run/libvirt/libvirt-sock
row virtualization comfortable test -c /dev/kvm
row devices comfortable test -e /run/udev/data/c1:3
row graphics 'comfortable project' test -d /dev/dri
row kerberos comfortable test -d /var/lib/sss/pipes
row kerberos comfortable grep -qx ticket "/tmp/krb5cc_$(id -u "$KENNEL_PERSON")"
for place in resolve system users; do row system-bus comfortable test -d "/run/systemd/$place"; done
row journal comfortable test -d /run/systemd/journal
row journal comfortable test -d /run/log/journal
row journal '' touch /run/log/journal/mine
row journal comfortable test -d /var/lib/systemd/coredump
row flatpak-apps comfortable test -e /var/lib/flatpak/app/example.app
row flatpak-apps '' touch /var/lib/flatpak/app/mine
row 'the time zone' 'comfortable project sealed' sh -c '[ "$(date +%Z)" = JST ] && grep -qx Asia/Tokyo /etc/timezone'

# Later: another time zone and name server, a disk, a device.
zone America/New_York
replace /etc/resolv.conf 'nameserver 192.0.2.7'
for name in comfortable project sealed; do
    soon $name -- sh -c 'date +%Z | grep -qE "^E[SD]T$"'
    soon $name -- grep -qx America/New_York /etc/timezone
    soon $name -- grep -q 192.0.2.7 /etc/resolv.conf
done
mkdir /media/stick /run/media/disk
for place in /media/stick /run/media/disk; do
    mount -t tmpfs none $place
    echo found >$place/file
    # A disk mounted later, and taken away.
    row removable-media comfortable grep -qx found $place/file
    umount $place
    row removable-media '' test -e $place/file
done
mknod -m 0666 /dev/ttyUSB7 c 1 3
row 'a device plugged in later' comfortable sh -c 'test -c /dev/ttyUSB7 && echo x >/dev/ttyUSB7'
rm /dev/ttyUSB7
row 'a device taken away' '' test -e /dev/ttyUSB7

# A group of the person that owns a device, by which alone they may open it.
groups=$groups,20
row host-groups '' sh -c 'echo x >/dev/ttyUSB8'
mknod -m 0660 /dev/ttyUSB8 c 1 3
chgrp 20 /dev/ttyUSB8
as_person kennel restart comfortable
as_person kennel edit project --share devices --restart >/dev/null
row host-groups comfortable sh -c 'echo x >/dev/ttyUSB8'

# NVIDIA's driver, described as its own tool does. A broken description keeps no pet from starting.
mkdir -p /etc/cdi
mknod -m 0666 /dev/nvidia0 c 1 3
echo the library >/etc/cdi/libcuda.so.550.1
cat >/etc/cdi/nvidia.yaml <<'YAML'
cdiVersion: 0.5.0
kind: nvidia.com/gpu
devices:
- name: all
  containerEdits:
    deviceNodes: [{path: /dev/nvidia0}]
containerEdits:
  mounts:
  - {hostPath: /etc/cdi/libcuda.so.550.1, containerPath: /usr/lib64/libcuda.so.550.1, options: [ro]}
  hooks:
  - {hookName: createContainer, path: /nowhere, args: [hook, create-symlinks, --link, "libcuda.so.550.1::/usr/lib64/libcuda.so.1"]}
YAML
for name in comfortable project sealed; do as_person kennel restart $name; done
row nvidia comfortable grep -qx 'the library' /usr/lib64/libcuda.so.1
as_person kennel edit project --share nvidia --no-share devices --restart >/dev/null
row nvidia 'comfortable project' grep -qx 'the library' /usr/lib64/libcuda.so.1
row nvidia 'comfortable project' test -c /dev/nvidia0
echo 'kind: [' >/etc/cdi/nvidia.yaml
as_person kennel restart comfortable
row nvidia 'comfortable project' test -c /dev/nvidia0

as_person kennel rm --force --yes comfortable project sealed
as_person kennel image rm "$KENNEL_REF" --yes
SCRIPT
    unshare --mount --propagation private bash "$home/inside" "$home"
}

# Silverblue and others have /home as a link to /var/home and /media as one to /run/media. The root of
# such a host is an overlay; what Kennel writes is beside it.
test_a_home_by_both_of_its_names() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    local home
    home=$(mktemp -d /var/tmp/kennel-linked.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -p "$home"/{root,upper,work,old,home/run}
    chmod 0700 "$home/home/run"
    chmod 0755 "$home" "$home/upper"
    chown -R "$KENNEL_PERSON" "$home/home"
    cat >"$home/inside" <<'SCRIPT'
set -eu
directory=$1
mount -t overlay -o "lowerdir=/,upperdir=$directory/upper,workdir=$directory/work" overlay "$directory/root"
cd "$directory/root"
rm -rf home media
mkdir -p var/home/person run/media/disk
ln -s var/home home
ln -s run/media media
for place in proc sys dev run tmp var/tmp; do mount --rbind "/$place" "$place"; done
mount -t tmpfs -o mode=0755 none run
mkdir -p run/media/disk
echo found >run/media/disk/file
mount --bind "$directory/home" var/home/person
pivot_root . "${directory#/}/old"
cd /
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$HOME_PATH" \
        HOME="$HOME_PATH" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$HOME_PATH/run" "$@"
}
HOME_PATH=/var/home/person as_person kennel image import "$KENNEL_STARTER" >/dev/null
for HOME_PATH in /var/home/person /home/person; do
    for preset in comfortable project; do
        as_person kennel create linked --image "$KENNEL_REF" --preset $preset >/dev/null
        as_person kennel run linked -- sh -c 'echo mine >/home/person/file'
        [ "$(as_person kennel run linked -- cat /var/home/person/file)" = mine ]
        [ "$(as_person kennel run linked -- readlink /home)" = var/home ]
        [ $preset != comfortable ] || [ "$(as_person kennel run linked -- cat /media/disk/file)" = found ]
        [ $preset = comfortable ] || ! as_person kennel run linked -- test -e /run/media/disk
        as_person kennel rm --force --yes linked
    done
done
as_person kennel image rm "$KENNEL_REF" --yes
SCRIPT
    unshare --mount --propagation private bash "$home/inside" "$home"
}
