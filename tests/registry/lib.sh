# shellcheck shell=bash
# A real registry on 127.0.0.1 for end-to-end tests, and what may stand in front of it.
# What is started ends with the test; its storage is filled once and shared by all tests.

REGISTRY_TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REGISTRY_STORAGE=$(dirname "$HOME")/registry
# In four layers: gzip, zstd, plain, gzip.
APP=test/app:1
STARTED=()

registry_program() { command -v docker-registry || command -v registry; }

registry_needed() {
    registry_program >/dev/null || skip 'docker-registry is not installed'
    command -v skopeo >/dev/null || skip 'skopeo is not installed'
    trap registry_down EXIT
    if [ ! -e "$REGISTRY_STORAGE/filled" ]; then registry_fill; fi
}

registry_down() {
    local pid
    for pid in "${STARTED[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# registry_up [YAML…]: starts a registry; its address goes to $REGISTRY. The lines are added to its
# configuration, below http: if they are indented.
# shellcheck disable=SC2120
registry_up() {
    local number=${#STARTED[@]}
    REGISTRY=127.0.0.1:$(free_port)
    {
        printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n'
        printf 'storage: {filesystem: {rootdirectory: %s}}\n' "$REGISTRY_STORAGE"
        printf 'http:\n  addr: %s\n' "$REGISTRY"
        if [ $# -gt 0 ]; then printf '%s\n' "$@"; fi
    } >"$TEST_DIR/registry-$number.yml"
    "$(registry_program)" serve "$TEST_DIR/registry-$number.yml" >"$TEST_DIR/registry-$number.log" 2>&1 &
    STARTED+=($!)
    wait_for 10 bash -c ": </dev/tcp/${REGISTRY/:/\/}"
}

registry_fill() {
    mkdir -p "$REGISTRY_STORAGE"
    # shellcheck disable=SC2119
    registry_up
    python3 "$REGISTRY_TOOLS/layered_image.py" "$KENNEL_STARTER" "$REGISTRY_STORAGE/app" app:1 \
        --layers 4 --compress gzip,zstd,plain,gzip --size 24000000
    skopeo copy -q --dest-tls-verify=false "oci:$REGISTRY_STORAGE/app:app:1" "docker://$REGISTRY/$APP"
    skopeo copy -q --dest-tls-verify=false "docker://$REGISTRY/$APP" "docker://$REGISTRY/test/open:1" --src-tls-verify=false
    # skopeo wants to give the files of an archive to root.
    mkdir "$REGISTRY_STORAGE/starter"
    tar -xf "$KENNEL_STARTER" -C "$REGISTRY_STORAGE/starter" --no-same-owner
    skopeo copy -q --dest-tls-verify=false "oci:$REGISTRY_STORAGE/starter" "docker://$REGISTRY/test/debian:1"
    python3 "$REGISTRY_TOOLS/odd_images.py" "$REGISTRY"
    rm -rf "$REGISTRY_STORAGE/app" "$REGISTRY_STORAGE/starter"
    touch "$REGISTRY_STORAGE/filled"
}

# proxy_up FAULT: stands in front of $REGISTRY; its address goes to $PROXY, its log to $PROXY_LOG.
proxy_up() {
    local number=${#STARTED[@]}
    PROXY_LOG=$TEST_DIR/proxy-$number.log
    python3 "$REGISTRY_TOOLS/fault_proxy.py" --upstream "$REGISTRY" --ready "$TEST_DIR/port-$number" \
        --log "$PROXY_LOG" "$1" 2>"$TEST_DIR/proxy-$number.err" &
    STARTED+=($!)
    wait_for 10 test -s "$TEST_DIR/port-$number"
    PROXY=127.0.0.1:$(cat "$TEST_DIR/port-$number")
}

# logged EXPRESSION: Python over the list `r` of requests in the proxy's log.
logged() { python3 -c 'import json,sys; r=[json.loads(l) for l in open(sys.argv[1])]; print(eval(sys.argv[2]))' "$PROXY_LOG" "$1"; }
blob_bytes() { logged 'sum(x["sent"] for x in r if "/blobs/" in x["path"])'; }

# An authority of the test's own and a certificate for 127.0.0.1: $TEST_DIR/ca.crt, server.crt, server.key.
make_certificates() {
    (
        cd "$TEST_DIR" || exit
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Test authority' -keyout ca.key -out ca.crt \
            -addext basicConstraints=critical,CA:TRUE
        openssl req -newkey rsa:2048 -nodes -subj '/CN=registry' -keyout server.key -out server.csr
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out server.crt \
            -extfile <(printf 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:registry.test\nbasicConstraints=CA:FALSE\n')
    ) 2>/dev/null
}

# log_in HOST USER PASSWORD: as podman login writes it.
log_in() {
    mkdir -p "$XDG_RUNTIME_DIR/containers"
    printf '{"auths": {"%s": {"auth": "%s"}}}' "$1" "$(printf '%s:%s' "$2" "$3" | base64 -w0)" \
        >"$XDG_RUNTIME_DIR/containers/auth.json"
}

digest_in_store() { kennel image list --json | json "next(i['digest'] for i in d if i['reference'] == '$1')"; }
digest_at() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$1"; }
is_absent() { equal "$(kennel image list --json | json "any(i['reference'] == '$1' for i in d)")" false; }

# Takes an image away with all that only it needs, so that the next pull fetches everything.
forget() {
    kennel image rm --yes "$1" >/dev/null
    kennel image prune --yes >/dev/null
}
