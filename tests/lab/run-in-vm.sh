#!/usr/bin/env bash
# Runs a command as pat in the lab's virtual machine, in a real login session, and returns its
# status; without a command, a shell on this terminal. Each run starts from the saved state of the
# booted machine on a disk of its own: nothing is kept.
#
#   run-in-vm.sh [--immutable] [--share DIR] [--out DIR] [--timeout S] [COMMAND…]
#   run-in-vm.sh [--immutable] --make-snapshot        boots once and saves that state
#
# --immutable is the machine whose /usr is read-only (build-vm.sh); it has a saved state of its own.
# --share DIR is /lab/share in the guest, read-only; --out DIR is /lab/out.
# KENNEL_LAB_DIR is where build-vm.sh left the machine, KENNEL_LAB_ACCEL “tcg” or “kvm”.
# Status: the command's; 124 when it took longer than S seconds; 125 when the machine failed.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${KENNEL_LAB_DIR:?the directory of the lab}
SNAPSHOT=$LAB/snapshot
SHARE='' OUT='' TIMEOUT=1500 MAKE=false MODE='' MEMORY=2048

RUN=$(mktemp -d "${TMPDIR:-/var/tmp}/kennel-lab.XXXXXX")
QEMU='' OTHERS=()
cleanup() {
    local pid
    for pid in $QEMU "${OTHERS[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    rm -rf "$RUN"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

main() {
    while [ $# -gt 0 ]; do
        case $1 in
            --share) SHARE=$(realpath "$2") && shift 2 ;;
            --out) OUT=$(realpath "$2") && shift 2 ;;
            --timeout) TIMEOUT=$2 && shift 2 ;;
            --make-snapshot) MAKE=true && shift ;;
            --immutable) MODE=lab.immutable MEMORY=3072 SNAPSHOT=$LAB/snapshot-immutable && shift ;;
            *) break ;;
        esac
    done
    mkdir -p "$RUN"/{control,empty,nothing}
    # The guest's pat is another user.
    chmod 0755 "$RUN" && chmod 0777 "$RUN/control"
    if $MAKE; then make_snapshot; else run "$@"; fi
}

make_snapshot() {
    local disk=$SNAPSHOT.qcow2.new
    rm -f "$SNAPSHOT".*
    qemu-img create -q -f qcow2 -b "$LAB/root.ext4" -F raw "$disk"
    start "$disk" "file,id=console,path=$RUN/console" lab.wait
    python3 "$HERE/machine.py" save "$RUN" "$SNAPSHOT.state.new" "$TIMEOUT" || failed
    wait "$QEMU" || failed
    QEMU=''
    mv "$SNAPSHOT.state.new" "$SNAPSHOT.state"
    mv "$disk" "$SNAPSHOT.qcow2"
}

run() {
    local status=0 console="file,id=console,path=$RUN/console" pid
    if [ $# -gt 0 ]; then
        printf '%q ' "$@" >"$RUN/control/command"
    else
        console='stdio,id=console,signal=off'
    fi
    date +%s >"$RUN/control/date"
    qemu-img create -q -f qcow2 -b "$SNAPSHOT.qcow2" -F qcow2 "$RUN/disk.qcow2"
    touch "$RUN/out" "$RUN/err"
    start "$RUN/disk.qcow2" "$console" lab.wait -incoming "file:$SNAPSHOT.state"
    tail -q -c +1 -s 0.2 -f --pid="$QEMU" "$RUN/out" 2>/dev/null & OTHERS+=($!)
    tail -q -c +1 -s 0.2 -f --pid="$QEMU" "$RUN/err" >&2 & OTHERS+=($!)
    python3 "$HERE/machine.py" go "$RUN" & OTHERS+=($!)
    wait "$QEMU" || status=$?
    QEMU=''
    for pid in "${OTHERS[@]}"; do wait "$pid" 2>/dev/null || true; done
    OTHERS=()
    if [ -s "$RUN/control/status" ]; then exit "$(cat "$RUN/control/status")"; fi
    case $status in 124 | 137) echo "the lab took longer than $TIMEOUT s" >&2 && exit 124 ;; esac
    failed
}

failed() {
    echo "the lab's machine failed; its last words:" >&2
    tail -n 20 "$RUN"/{serial,console,qemu} >&2 2>/dev/null || true
    exit 125
}

folder() { printf 'local,id=%s,path=%s,security_model=none,multidevs=remap%s' "$1" "$2" "${3:-}"; }

# start DISK CONSOLE KERNEL-ARGUMENT [QEMU-OPTION…]. The devices are the same when a state is
# saved and when it is restored.
start() {
    local disk=$1 console=$2 argument=$3 accelerator kernel
    shift 3
    case ${KENNEL_LAB_ACCEL:-tcg} in
        kvm) accelerator=(-accel kvm -cpu host) ;;
        *) accelerator=(-accel "tcg,thread=multi,tb-size=512" -cpu "max,la57=off") ;;
    esac
    kernel="root=/dev/vda rw console=ttyS0 quiet mitigations=off net.ifnames=0 panic=-1 audit=1 audit_backlog_limit=8192 random.trust_cpu=1"
    kernel+=" no_timer_check security=selinux selinux=1 enforcing=1 systemd.show_status=0 $MODE $argument"
    # With standard input for the console when that is a terminal.
    timeout --foreground -k 5 "$TIMEOUT" qemu-system-x86_64 \
        -machine q35,smm=off,i8042=off,vmport=off,graphics=off,usb=off "${accelerator[@]}" -m "$MEMORY" -smp 2 \
        -nodefaults -no-user-config -display none -no-reboot \
        -kernel "$LAB/vmlinuz" -initrd "$LAB/initrd.img" -append "$kernel" \
        -drive "if=none,id=root,file=$disk,format=qcow2,cache=unsafe" -device virtio-blk-pci,drive=root,addr=3 \
        -drive "if=none,id=usr,file=$LAB/usr.erofs,format=raw,readonly=on,cache=unsafe,file.locking=off" -device virtio-blk-pci,drive=usr,addr=9 \
        -object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-pci,rng=rng,addr=4 \
        -device virtio-serial-pci,addr=5 \
        -chardev "$console" -device virtconsole,chardev=console,nr=0 \
        -chardev "file,id=out,path=$RUN/out" -device virtserialport,chardev=out,name=lab.out,nr=1 \
        -chardev "file,id=err,path=$RUN/err" -device virtserialport,chardev=err,name=lab.err,nr=2 \
        -chardev "socket,id=ctl,path=$RUN/control.sock,server=on,wait=off" \
        -device virtserialport,chardev=ctl,name=lab.ctl,nr=3 \
        -fsdev "$(folder run "$RUN/control")" -device virtio-9p-pci,fsdev=run,mount_tag=labrun,addr=6 \
        -fsdev "$(folder share "${SHARE:-$RUN/empty}" ,readonly=on)" -device virtio-9p-pci,fsdev=share,mount_tag=labshare,addr=7 \
        -fsdev "$(folder out "${OUT:-$RUN/nothing}")" -device virtio-9p-pci,fsdev=out,mount_tag=labout,addr=8 \
        -serial "file:$RUN/serial" -qmp "unix:$RUN/qmp.sock,server=on,wait=off" "$@" <&0 2>"$RUN/qemu" &
    QEMU=$!
}

main "$@"
