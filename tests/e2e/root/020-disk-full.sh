# shellcheck shell=bash
# A full disk: a small one is mounted, which only root can arrange, as the person's data directory.

# small_disk SIZE: the person's data directory becomes a disk of this size.
small_disk() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    SMALL=$(mktemp -d /var/tmp/kennel-full.XXXXXX)
    mkdir -m 0700 "$SMALL/home" "$SMALL/run" "$SMALL/data"
    chown -R "$KENNEL_PERSON:" "$SMALL"
    mount -t tmpfs -o "size=$1,mode=0700,uid=$(id -u "$KENNEL_PERSON"),gid=$(id -g "$KENNEL_PERSON")" tmpfs "$SMALL/data"
    trap 'umount -l "$SMALL/data"; rm -rf "$SMALL"' EXIT
}

resize_disk() { mount -o "remount,size=$1" "$SMALL/data"; }

# Takes every byte that is left.
fill_disk() { head -c 4G /dev/zero >"$SMALL/data/filler" 2>/dev/null || true; }
empty_disk() { rm -f "$SMALL/data/filler"; }

# kennel as the person.
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$SMALL/home" \
        HOME="$SMALL/home" USER="$KENNEL_PERSON" PATH="$PATH" XDG_DATA_HOME="$SMALL/data" XDG_RUNTIME_DIR="$SMALL/run" "$@"
}

on_disk() { find "$SMALL/data" -type f ! -name '*.lock' -printf '%P %s\n' | sort; }
named() { as_person kennel list --json | json "[p['name'] + ' ' + p['state'] for p in d]"; }

disk_full_is_said() {
    status_is 125 as_person "$@"
    one_line_error
    contains "$ERR" 'free some space'
}

test_an_import_on_a_full_disk() {
    local size before
    for size in 60m 200m 400m; do
        small_disk "$size"
        as_person kennel image list
        before=$(on_disk)
        disk_full_is_said kennel image import "$KENNEL_STARTER"
        equal "$(as_person kennel image list --json)" '[]'
        equal "$(on_disk)" "$before"
        equal "$(find "$SMALL/data/kennel/tmp" -mindepth 1)" ''
        resize_disk 2g
        equal "$(as_person kennel image import "$KENNEL_STARTER")" "$KENNEL_REF"
        umount "$SMALL/data"
        rm -rf "$SMALL"
        trap - EXIT
    done
}

test_a_pet_on_a_full_disk() {
    small_disk 2g
    as_person kennel image import "$KENNEL_STARTER"
    fill_disk
    disk_full_is_said kennel create full --image "$KENNEL_REF"
    equal "$(named)" '[]'
    equal "$(find "$SMALL/data/kennel/pets" "$SMALL/data/kennel/tmp" -mindepth 1 2>/dev/null)" ''
    empty_disk
    as_person kennel create full --image "$KENNEL_REF"
    fill_disk
    disk_full_is_said kennel start full
    # It is there still, and can even be deleted: that must not need room.
    equal "$(named | json 'len(d)')" 1
    empty_disk
    as_person kennel start full
    equal "$(named)" '["full running"]'
    fill_disk
    equal "$(as_person kennel run full -- echo works)" works
    as_person kennel rm --force --yes full
    equal "$(named)" '[]'
    equal "$(find "$SMALL/data/kennel/pets" "$SMALL/data/kennel/tmp" -mindepth 1)" ''
}
