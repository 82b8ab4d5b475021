# shellcheck shell=bash
# The host's name resolution changes while a pet runs: NetworkManager replaces files by rename.
# The host is played in a mount namespace with an /etc of its own.

test_the_hosts_names_are_followed() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    local home
    home=$(mktemp -d /var/tmp/kennel-names.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -p "$home/etc" "$home/work" "$home/home/run"
    chmod 0700 "$home/home/run"
    chmod 0755 "$home"
    chown -R "$KENNEL_PERSON" "$home/home"
    cat >"$home/inside" <<'SCRIPT'
set -eu
mount -t overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" overlay /etc
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$1" \
        HOME="$1" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$1/run" "${@:2}"
}
home=$1/home
replace() { printf '%s\n' "$2" >"/etc/.fresh"; chmod 0644 /etc/.fresh; mv /etc/.fresh "$1"; }
sees() {
    for _ in $(seq 50); do
        if as_person "$home" kennel run names -- grep -q "$2" "$1"; then return 0; fi
        sleep 0.1
    done
    echo "in vain: $1 has no $2" >&2
    return 1
}
replace /etc/resolv.conf 'nameserver 192.0.2.1'
as_person "$home" kennel image import "$KENNEL_STARTER" >/dev/null
for preset in comfortable project; do
    as_person "$home" kennel create names --image "$KENNEL_REF" --preset "$preset" >/dev/null
    sees /etc/resolv.conf 192.0.2.1
    replace /etc/resolv.conf 'nameserver 192.0.2.2'
    sees /etc/resolv.conf 192.0.2.2
    replace /etc/hosts '192.0.2.3 printer.example'
    sees /etc/hosts printer.example
    # resolvectl: the file becomes a link to another one, which is replaced in turn.
    mkdir -p /etc/elsewhere
    replace /etc/elsewhere/resolv.conf 'nameserver 192.0.2.4'
    ln -sf elsewhere/resolv.conf /etc/resolv.conf
    sees /etc/resolv.conf 192.0.2.4
    replace /etc/elsewhere/resolv.conf 'nameserver 192.0.2.5'
    sees /etc/resolv.conf 192.0.2.5
    rm /etc/resolv.conf
    replace /etc/resolv.conf 'nameserver 192.0.2.1'
    as_person "$home" kennel rm --force --yes names
done
as_person "$home" kennel image rm "$KENNEL_REF" --yes
SCRIPT
    unshare --mount --propagation private bash "$home/inside" "$home"
}
