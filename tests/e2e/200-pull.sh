# shellcheck shell=bash
# Images from a real registry: docker-registry on 127.0.0.1, filled by skopeo, alone or behind a proxy
# that breaks its answers. Nobody trusts it by default, so the pulls say --trust.

# shellcheck source=tests/registry/lib.sh
. "$(dirname "$KENNEL_E2E")/../registry/lib.sh"

# pull_fails WORDS…: `kennel image pull` of $1 fails with one line that has the other arguments, and
# nothing became visible.
pull_fails() {
    local ref=$1 words
    shift
    status_is 125 kennel image pull --trust "$ref"
    one_line_error
    for words in "$@"; do contains "$ERR" "$words"; done
    is_absent "$ref"
}

# pulled REF: it is in the store, byte for byte what the registry has.
pulled() {
    status_is 0 kennel image pull --trust "$1"
    equal "$OUT" "$1"
    equal "$(digest_in_store "$1")" "$(digest_at "$REGISTRY/${1#*/}")"
    skopeo copy -q "oci:$XDG_DATA_HOME/kennel/images:$1" "dir:$TEST_DIR/copy"
}

test_a_pulled_image_becomes_a_pet() {
    registry_needed
    registry_up
    status_is 0 kennel create pulled --trust --image "$REGISTRY/test/debian:1"
    # shellcheck disable=SC2016
    status_is 0 kennel run pulled -- sh -c '. /etc/os-release; echo $ID'
    equal "$OUT" debian
    remove pulled
    kennel image rm --yes "$REGISTRY/test/debian:1"
}

test_a_source_that_is_not_trusted_is_not_even_asked() {
    registry_needed
    registry_up
    proxy_up none
    status_is 125 kennel image pull "$PROXY/$APP"
    one_line_error
    contains "$ERR" '--trust'
    equal "$(logged 'len(r)')" 0
}

test_gzip_zstd_and_plain_layers_arrive() {
    registry_needed
    registry_up
    pulled "$REGISTRY/$APP"
    forget "$REGISTRY/$APP"
}

test_a_second_pull_is_one_request() {
    registry_needed
    registry_up
    proxy_up none
    pulled "$PROXY/$APP"
    : >"$PROXY_LOG"
    status_is 0 kennel image pull --trust "$PROXY/$APP"
    equal "$(logged 'len(r)')" 1
    forget "$PROXY/$APP"
}

test_another_tag_of_the_same_layers_fetches_none() {
    registry_needed
    registry_up
    proxy_up none
    pulled "$PROXY/$APP"
    : >"$PROXY_LOG"
    status_is 0 kennel image pull --trust "$PROXY/test/open:1"
    equal "$(logged 'sum(x["sent"] > 4096 for x in r)')" 0
    forget "$PROXY/$APP"
    forget "$PROXY/test/open:1"
}

test_a_newer_image_is_told() {
    registry_needed
    registry_up
    local pet tag=$REGISTRY/test/moving:1
    proxy_up none
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/test/debian:1" "docker://$tag"
    tag=$PROXY/test/moving:1
    status_is 0 kennel create stays --trust --image "$tag"
    pet=$(kennel show stays --json | json "d['image']['digest']")
    : >"$PROXY_LOG"
    status_is 0 kennel image check "$tag"
    equal "$OUT" "$tag: up to date"
    equal "$(logged 'len(r)')" 1
    skopeo copy -q --src-tls-verify=false --dest-tls-verify=false \
        "docker://$REGISTRY/$APP" "docker://$REGISTRY/test/moving:1"
    # Among all that were fetched; those that were imported are not asked about.
    status_is 0 kennel image check
    contains "$OUT" "$tag: a newer image is available"
    contains "$OUT" "kennel image pull $tag"
    case $OUT in *"$KENNEL_REF"*) fail 'an imported image was asked about' ;; esac
    equal "$(kennel image check "$tag" --json | json "d[0]['digest']")" "$(digest_at "$REGISTRY/test/moving:1")"
    equal "$(kennel job check "$tag" | json "d['freshness']")" newer
    equal "$(logged 'sum("/blobs/" in x["path"] for x in r)')" 0
    pulled "$tag"
    status_is 0 kennel image check "$tag"
    equal "$OUT" "$tag: up to date"
    equal "$(kennel show stays --json | json "d['image']['digest']")" "$pet"
    # A registry that does not answer is no failure of the check; an image that is not here is one.
    registry_down
    STARTED=()
    status_is 0 kennel image check "$tag"
    contains "$OUT" "$tag: could not ask: "
    status_is 125 kennel image check "$PROXY/test/absent:1"
    one_line_error
    remove stays
    forget "$tag"
}

test_cut_connections_do_no_harm() {
    registry_needed
    registry_up
    proxy_up cut-percent:5
    pulled "$PROXY/$APP"
    [ "$(logged 'len(r)')" -gt 10 ] || fail 'the proxy has cut nothing'
    forget "$PROXY/$APP"
}

test_a_registry_without_ranges_does() {
    registry_needed
    registry_up
    local direct=$REGISTRY
    proxy_up cut:1000000
    REGISTRY=$PROXY proxy_up no-range
    REGISTRY=$direct
    # What came before the cut is sent again and passed over, so a blob larger than the cut never ends.
    pull_fails "$PROXY/$APP" 'keeps breaking' 'goes on where it ended'
    proxy_up no-range
    pulled "$PROXY/$APP"
    forget "$PROXY/$APP"
}

test_a_changed_byte_is_found() {
    registry_needed
    registry_up
    proxy_up corrupt
    pull_fails "$PROXY/$APP" 'not what its digest says'
    equal "$(find "$XDG_DATA_HOME/kennel/tmp" -mindepth 1 | wc -l)" 0
    # The damaged part is not resumed.
    proxy_up none
    pulled "$PROXY/$APP"
    forget "$PROXY/$APP"
}

test_lying_lengths_are_errors() {
    registry_needed
    registry_up
    local fault
    for fault in short long; do
        proxy_up "$fault"
        pull_fails "$PROXY/$APP" 'another size'
    done
    kennel image prune --yes >/dev/null
}

test_a_busy_registry_is_asked_again() {
    registry_needed
    registry_up
    local before
    proxy_up status:429:2
    before=$(milliseconds)
    pulled "$PROXY/$APP"
    # Twice it said: after one second.
    [ $(($(milliseconds) - before)) -ge 2000 ] || fail 'Retry-After was not heeded'
    forget "$PROXY/$APP"
    proxy_up status:500:2
    pulled "$PROXY/$APP"
    forget "$PROXY/$APP"
    proxy_up status:503:1000
    pull_fails "$PROXY/$APP" 'status 503' 'later'
}

test_cancel_leaves_what_can_be_resumed() {
    registry_needed
    registry_up
    local pid
    proxy_up slow:2000000
    kennel image pull --trust "$PROXY/$APP" 2>"$TEST_DIR/err" &
    pid=$!
    wait_for 20 downloads_have 3000000
    kill -INT "$pid"
    wait "$pid" && fail 'a cancelled pull succeeded'
    contains "$(cat "$TEST_DIR/err")" 'cancelled'
    is_absent "$PROXY/$APP"
    equal "$(find "$XDG_DATA_HOME/kennel/tmp" -mindepth 1 | wc -l)" 0
    resumes
}

test_kill_9_leaves_what_can_be_resumed() {
    registry_needed
    registry_up
    local pid
    proxy_up slow:2000000
    kennel image pull --trust "$PROXY/$APP" 2>/dev/null &
    pid=$!
    wait_for 20 downloads_have 3000000
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
    is_absent "$PROXY/$APP"
    resumes
    equal "$(find "$XDG_DATA_HOME/kennel/tmp" -mindepth 1 | wc -l)" 0
}

downloads_have() { [ "$(du -sb "$XDG_DATA_HOME/kennel/downloads" | cut -f1)" -ge "$1" ]; }

# The rest comes through a proxy that counts.
resumes() {
    local size
    proxy_up none
    pulled "$PROXY/$APP"
    size=$(kennel image list --json | json "next(i['size'] for i in d if i['reference'] == '$PROXY/$APP')")
    [ "$(blob_bytes)" -le $((size - 2500000)) ] || fail "$(blob_bytes) of $size bytes were fetched again"
    equal "$(find "$XDG_DATA_HOME/kennel/downloads" -type f | wc -l)" 0
    forget "$PROXY/$APP"
}

test_two_pulls_at_once_share_the_work() {
    registry_needed
    registry_up
    local first size
    proxy_up slow:4000000
    kennel image pull --trust "$PROXY/$APP" >/dev/null &
    first=$!
    status_is 0 kennel image pull --trust "$PROXY/test/open:1"
    wait "$first"
    size=$(kennel image list --json | json "next(i['size'] for i in d if i['reference'] == '$PROXY/$APP')")
    [ "$(blob_bytes)" -le $((size + 8192)) ] || fail "$(blob_bytes) bytes for an image of $size"
    forget "$PROXY/$APP"
    forget "$PROXY/test/open:1"
}

test_a_redirect_does_not_carry_the_log_in() {
    registry_needed
    local elsewhere
    registry_up
    proxy_up none
    elsewhere=$PROXY PROXY_ELSEWHERE_LOG=$PROXY_LOG
    password_file
    registry_up "auth: {htpasswd: {realm: test, path: $TEST_DIR/htpasswd}}"
    proxy_up "redirect:http://$elsewhere"
    log_in "$PROXY" kennel secret
    status_is 0 kennel image pull --trust "$PROXY/$APP"
    PROXY_LOG=$PROXY_ELSEWHERE_LOG
    equal "$(logged 'any(x["login"] for x in r), len(r) >= 4')" '(False, True)'
    rm "$XDG_RUNTIME_DIR/containers/auth.json"
    forget "$PROXY/$APP"
}

# kennel:secret, bcrypt.
password_file() {
    # shellcheck disable=SC2016
    printf 'kennel:%s\n' "$(perl -e 'print crypt("secret", q($2y$05$abcdefghijklmnopqrstuu))')" >"$TEST_DIR/htpasswd"
}

test_a_password_is_asked_for_and_found() {
    registry_needed
    password_file
    registry_up "auth: {htpasswd: {realm: test, path: $TEST_DIR/htpasswd}}"
    pull_fails "$REGISTRY/$APP" 'asks for a log-in' "skopeo login $REGISTRY"
    log_in "$REGISTRY" kennel wrong
    pull_fails "$REGISTRY/$APP" 'does not accept the log-in'
    log_in "$REGISTRY/other" kennel secret
    pull_fails "$REGISTRY/$APP" 'asks for a log-in'
    log_in "$REGISTRY/test" kennel secret
    status_is 0 kennel image pull --trust "$REGISTRY/$APP"
    rm "$XDG_RUNTIME_DIR/containers/auth.json"
    forget "$REGISTRY/$APP"
}

test_a_credential_helper_is_asked() {
    registry_needed
    password_file
    registry_up "auth: {htpasswd: {realm: test, path: $TEST_DIR/htpasswd}}"
    mkdir -p "$TEST_DIR/bin" "$HOME/.docker"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\nread -r host; [ "$1 $host" = "get %s" ] && echo '\''{"Username":"kennel","Secret":"secret"}'\''\n' \
        "$REGISTRY" >"$TEST_DIR/bin/docker-credential-test"
    chmod +x "$TEST_DIR/bin/docker-credential-test"
    printf '{"credHelpers": {"%s": "test"}}' "$REGISTRY" >"$HOME/.docker/config.json"
    PATH="$TEST_DIR/bin:$PATH" status_is 0 kennel image pull --trust "$REGISTRY/$APP"
    printf '{"credsStore": "missing"}' >"$HOME/.docker/config.json"
    status_is 125 kennel image pull --trust "$REGISTRY/test/open:1"
    contains "$ERR" 'docker-credential-missing'
    rm -r "$HOME/.docker"
    forget "$REGISTRY/$APP"
}

test_a_token_is_fetched() {
    registry_needed
    make_certificates
    local realm
    python3 "$REGISTRY_TOOLS/token_server.py" --key "$TEST_DIR/ca.key" --cert "$TEST_DIR/ca.crt" \
        --ready "$TEST_DIR/token-port" --log "$TEST_DIR/token.log" &
    STARTED+=($!)
    wait_for 10 test -s "$TEST_DIR/token-port"
    realm=http://127.0.0.1:$(cat "$TEST_DIR/token-port")/token
    registry_up "auth: {token: {realm: '$realm', service: test, issuer: kennel-test, rootcertbundle: $TEST_DIR/ca.crt}}"
    status_is 0 kennel image pull --trust "$REGISTRY/test/open:1"
    pull_fails "$REGISTRY/$APP" 'asks for a log-in'
    log_in "$REGISTRY" kennel wrong
    pull_fails "$REGISTRY/$APP" 'does not accept the log-in'
    log_in "$REGISTRY" kennel secret
    status_is 0 kennel image pull --trust "$REGISTRY/$APP"
    contains "$(cat "$TEST_DIR/token.log")" 'repository:test/app:pull'
    rm "$XDG_RUNTIME_DIR/containers/auth.json"
    forget "$REGISTRY/$APP"
    forget "$REGISTRY/test/open:1"
}

test_tls_with_an_own_authority() {
    registry_needed
    make_certificates
    registry_up "  tls: {certificate: $TEST_DIR/server.crt, key: $TEST_DIR/server.key}"
    pull_fails "$REGISTRY/$APP" 'certificate' "certs.d/$REGISTRY"
    mkdir -p "$XDG_CONFIG_HOME/containers/certs.d/$REGISTRY"
    cp "$TEST_DIR/ca.crt" "$XDG_CONFIG_HOME/containers/certs.d/$REGISTRY/"
    pulled "$REGISTRY/$APP"
    forget "$REGISTRY/$APP"
}

test_tls_with_a_client_certificate() {
    registry_needed
    make_certificates
    registry_up "  tls: {certificate: $TEST_DIR/server.crt, key: $TEST_DIR/server.key, clientcas: [$TEST_DIR/ca.crt]}"
    local directory=$XDG_CONFIG_HOME/containers/certs.d/$REGISTRY
    mkdir -p "$directory"
    cp "$TEST_DIR/ca.crt" "$directory/"
    pull_fails "$REGISTRY/$APP" 'certificate'
    cp "$TEST_DIR/server.crt" "$directory/client.cert"
    cp "$TEST_DIR/server.key" "$directory/client.key"
    status_is 0 kennel image pull --trust "$REGISTRY/$APP"
    forget "$REGISTRY/$APP"
}

test_a_proxy_leads_to_the_registry() {
    registry_needed
    make_certificates
    registry_up "  tls: {certificate: $TEST_DIR/server.crt, key: $TEST_DIR/server.key}"
    proxy_up none
    mkdir -p "$XDG_CONFIG_HOME/containers/certs.d/registry.test"
    cp "$TEST_DIR/ca.crt" "$XDG_CONFIG_HOME/containers/certs.d/registry.test/"
    https_proxy=http://$PROXY status_is 0 kennel image pull --trust "registry.test/$APP"
    equal "$(logged '{x["method"] + " " + x["path"] for x in r}')" "{'CONNECT registry.test:443'}"
    forget "registry.test/$APP"
    export https_proxy=http://$PROXY no_proxy=registry.test
    pull_fails "registry.test/$APP" 'cannot be reached'
}

test_an_index_is_read_for_this_computer() {
    registry_needed
    registry_up
    local tag
    for tag in several docker-list; do
        status_is 0 kennel image pull --trust "$REGISTRY/test/odd:$tag"
        equal "$(kennel image list --json | json "next(i['system'] for i in d if i['reference'].endswith(':$tag'))")" 'Chosen 1'
        forget "$REGISTRY/test/odd:$tag"
    done
    pull_fails "$REGISTRY/test/odd:other-only" 'is made for linux/' 'find a variant for linux/'
}

test_what_is_no_image_for_this_computer_is_said() {
    registry_needed
    registry_up
    pull_fails "$REGISTRY/test/odd:other" 'is made for linux/'
    pull_fails "$REGISTRY/test/odd:windows" 'is made for windows/'
    pull_fails "$REGISTRY/test/odd:artifact" 'is not a container image: it is application/vnd.example.chart'
    pull_fails "$REGISTRY/test/odd:missing" "has no $REGISTRY/test/odd:missing"
    pull_fails "127.0.0.1:1/test/app:1" 'cannot be reached'
}

test_bad_layers_are_refused() {
    registry_needed
    registry_up
    pull_fails "$REGISTRY/test/odd:wrong-type" 'media type'
    pull_fails "$REGISTRY/test/odd:wrong-diff-id" 'not what its digest says'
    pull_fails "$REGISTRY/test/odd:escapes" 'path escapes the layer'
    equal "$(find "$XDG_DATA_HOME/kennel/tmp" "$XDG_DATA_HOME/kennel/downloads" -type f | wc -l)" 0
}
