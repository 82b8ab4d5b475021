# shellcheck shell=bash
# Pulling a 300 MB image of six layers from a registry on this computer; part of tools/bench.

PULL_IMAGE=bench/layered:1

bench_pull() {
    local program registry pid
    program=$(command -v docker-registry || command -v registry) || { echo 'bench: no docker-registry: no pulls'; return; }
    python3 "$HERE/../tests/registry/layered_image.py" "$KENNEL_STARTER" "$WORK/layered" "$PULL_IMAGE" --layers 6 --size 300000000
    registry=127.0.0.1:$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: %s}\n' \
        "$WORK/registry" "$registry" >"$WORK/registry.yml"
    "$program" serve "$WORK/registry.yml" 2>/dev/null &
    pid=$!
    until skopeo copy -q --dest-tls-verify=false "oci:$WORK/layered:$PULL_IMAGE" "docker://$registry/$PULL_IMAGE" 2>/dev/null; do sleep 0.2; done
    bench_pull_from "$registry/$PULL_IMAGE"
    kill "$pid"
}

# shellcheck disable=SC2016
bench_pull_from() {
    local ours podman_pull podman_first skopeo_copy again
    ours=$(median_after 'kennel image rm --yes "$1"; kennel image prune --yes' 'kennel image pull --trust "$1"' "$1")
    podman_pull=$(median_after 'podman rmi -f "$1"' 'podman pull -q --tls-verify=false "$1"' "$1")
    podman_first=$(median_after 'podman rm -f kennel-bench-pull; podman rmi -f "$1"' \
        "podman pull -q --tls-verify=false \"\$1\" && podman create --name kennel-bench-pull ${PODMAN_FLAGS[*]} \"\$1\" true" "$1")
    skopeo_copy=$(median_after 'rm -rf "$2"' 'skopeo copy -q --src-tls-verify=false "docker://$1" "oci:$2:x"' "$1" "$WORK/copied")
    again=$(median "$ROUNDS" kennel image pull --trust "$1")
    row "pull and unpack 300 MB, 6 layers" "$ours" "$podman_pull" "podman pull"
    row "" "$ours" "$podman_first" "… + keep-id create"
    row "" "$ours" "$skopeo_copy" "skopeo copy"
    row "a pull of what has not changed" "$again" - ""
    podman rm -f kennel-bench-pull >/dev/null 2>&1 || true
    podman rmi -f "$1" >/dev/null 2>&1 || true
    kennel image rm --yes "$1" >/dev/null
    kennel image prune --yes >/dev/null
    printf '%-34s %s kB\n' "peak memory of a pull" "$(python3 "$HERE/peak-memory.py" kennel image pull --trust "$1")"
    kennel image rm --yes "$1" >/dev/null
}

# median_after BEFORE COMMAND ARGUMENTS…: both are for sh; only COMMAND is timed.
median_after() {
    python3 - "$SLOW_ROUNDS" "$@" <<'PY'
import statistics, subprocess, sys, time
rounds, before, command, *rest = sys.argv[1:]
quiet, times = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL), []
for _ in range(int(rounds)):
    subprocess.run(["sh", "-c", before, "sh", *rest], stderr=subprocess.DEVNULL, **quiet)
    start = time.perf_counter()
    done = subprocess.run(["sh", "-c", command, "sh", *rest], stderr=subprocess.PIPE, text=True, **quiet)
    times.append((time.perf_counter() - start) * 1000)
    if done.returncode:
        print(f"bench: {command}: {(done.stderr.strip().splitlines() or ['?'])[-1]}", file=sys.stderr)
        sys.exit(0)
print(f"{statistics.median(times):.2f}")
PY
}
