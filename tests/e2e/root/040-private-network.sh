# shellcheck shell=bash
# A pet's own network, connected by pasta. The host is played in a network namespace: one interface
# with the default route, a second one with a server behind it, and a server on the loopback.

test_outward_yes_inward_by_port_this_computer_no() {
    [ -n "${KENNEL_PERSON:-}" ] || fail 'KENNEL_PERSON names no account'
    local home
    home=$(mktemp -d /var/tmp/kennel-network.XXXXXX)
    # shellcheck disable=SC2064 # the name is wanted now: it is local
    trap "rm -rf '$home'" EXIT
    mkdir -p "$home/etc" "$home/work" "$home/home/run" "$home/dev"
    chmod 0700 "$home/home/run"
    chmod 0755 "$home"
    chown -R "$KENNEL_PERSON" "$home/home"
    cat >"$home/serve.py" <<'PY'
import socket, struct, sys, threading
# An HTTP server that says its address, and a name server that answers 192.0.2.99.
def http(address, port):
    server = socket.create_server((address, port))
    while True:
        client, _ = server.accept()
        client.recv(1000)
        client.sendall(b"HTTP/1.0 200 OK\r\n\r\nserver " + address.encode() + b"\n")
        client.close()
def names(address):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        query, client = server.recvfrom(512)
        question = query[12:query.index(b"\0", 12) + 5]
        a = question[-4:-2] == b"\0\1"
        head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, int(a), 0, 0)
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([192, 0, 2, 99]) if a else b""
        server.sendto(head + question + answer, client)
for run, arguments in ((http, ("198.51.100.1", 8000)), (http, ("127.0.0.1", 8000)), (names, (sys.argv[1],))):
    threading.Thread(target=run, args=arguments, daemon=True).start()
threading.Event().wait(150)
PY
    cat >"$home/inside" <<'SCRIPT'
set -eu
directory=$1
# The device that pasta needs is open to everybody on a real system.
mount -t tmpfs -o mode=0755 none "$directory/dev"
mknod -m 0666 "$directory/dev/tun" c 10 200
mount --bind "$directory/dev/tun" /dev/net/tun
mount -t overlay -o "lowerdir=/etc,upperdir=$directory/etc,workdir=$directory/work" overlay /etc
ip link set lo up
ip link add away type bridge && ip address add 192.0.2.2/24 dev away && ip link set away up
ip link add beyond type bridge && ip address add 198.51.100.1/24 dev beyond && ip link set beyond up
ip route add default via 192.0.2.1
python3 "$directory/serve.py" 127.0.0.53 &
server=$!
trap 'kill $server' EXIT
home=$directory/home
as_person() {
    setpriv --reuid="$KENNEL_PERSON" --regid="$(id -g "$KENNEL_PERSON")" --init-groups env -i -C "$home" \
        HOME="$home" USER="$KENNEL_PERSON" PATH="$PATH" XDG_RUNTIME_DIR="$home/run" "$@"
}
fetch='use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Timeout => 5) or exit 7; print $s "GET / HTTP/1.0\r\n\r\n"; print <$s>'
replace() { printf '%s\n' "$2" >/etc/.fresh; chmod 0644 /etc/.fresh; mv /etc/.fresh "$1"; }
check() { if ! eval "$2"; then echo "not so: $1" >&2; exit 1; fi; }

replace /etc/resolv.conf 'nameserver 127.0.0.53'
as_person kennel image import "$KENNEL_STARTER" >/dev/null
as_person kennel create apart --image "$KENNEL_REF" --preset sealed --network private --port 18080:80 >/dev/null
as_person kennel start apart 2>"$directory/said" || { cat "$directory/said" >&2; exit 1; }
check 'nothing is amiss' '[ ! -s "$directory/said" ]'
check 'a server beyond this computer answers' \
    'as_person kennel run apart -- perl -e "$fetch" 198.51.100.1:8000 | grep -q "server 198.51.100.1"'
for address in 127.0.0.1 192.0.2.1 192.0.2.2; do
    check "the loopback server of this computer is not at $address" \
        '! as_person kennel run apart -- timeout 3 perl -e "$fetch" $address:8000'
done
check 'a name server on the loopback is asked through pasta' \
    'as_person kennel run apart -- getent hosts any.example | grep -q 192.0.2.99'
replace /etc/resolv.conf 'nameserver 198.51.100.53'
for _ in $(seq 50); do
    if as_person kennel run apart -- grep -q 198.51.100.53 /etc/resolv.conf; then break; fi
    sleep 0.1
done
check 'a change of the name server is seen' 'as_person kennel run apart -- grep -q 198.51.100.53 /etc/resolv.conf'

as_person kennel edit apart --port 18081:8080 --restart >/dev/null
# The server reads what it was asked: a close with unread bytes is a reset, which may overtake the answer.
as_person kennel run apart -- perl -e 'use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalPort => 8080, ReuseAddr => 1) or die; alarm 30; while (my $c = $s->accept) { sysread $c, my $asked, 1000; print $c "inside\n"; close $c }' &
for _ in $(seq 50); do
    if perl -e "$fetch" 127.0.0.1:18081 2>/dev/null | grep -q inside; then break; fi
    sleep 0.1
done
check 'a forwarded port leads inside' 'perl -e "$fetch" 127.0.0.1:18081 | grep -q inside'
check 'a port is open on the loopback only' '! perl -e "$fetch" 198.51.100.1:18081'
pasta=$(cat "$home"/run/kennel/*/pasta.pid)
as_person kennel stop apart
for _ in $(seq 50); do [ -e "/proc/$pasta" ] || break; sleep 0.1; done
check 'pasta ends with the pet' '[ ! -e "/proc/$pasta" ]'

# Without the device, or without pasta: the pet starts all the same, and says what it lacks.
umount /dev/net/tun
mount --bind /dev/null /dev/net/tun
as_person kennel start apart 2>"$directory/said"
check 'a start without a network says so' 'grep -q "runs without its network: pasta" "$directory/said"'
check 'status says so, too' 'as_person kennel status apart | grep -q "not connected"'
as_person kennel rm --force --yes apart
as_person kennel image rm "$KENNEL_REF" --yes
SCRIPT
    unshare --mount --net --propagation private bash "$home/inside" "$home"
}
