# shellcheck shell=bash
# Whose images are taken: config.toml, the person's word, and signatures by a key.

# shellcheck source=tests/registry/lib.sh
. "$(dirname "$KENNEL_E2E")/../registry/lib.sh"

# trust_is TOML: the person's config.toml.
trust_is() {
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    printf 'version = 1\n%s\n' "$1" >"$XDG_CONFIG_HOME/kennel/config.toml"
}

no_rules() { rm -f "$XDG_CONFIG_HOME/kennel/config.toml"; }

make_key() { openssl ecparam -genkey -name prime256v1 -noout -out "$1.key" && openssl ec -in "$1.key" -pubout -out "$1.pem" 2>/dev/null; }

signature_of() { kennel image list --json | json "next(i['origin']['signature']['state'] for i in d if i['reference'] == '$1')"; }

test_a_trusted_registry_is_not_asked_about() {
    registry_needed
    registry_up
    trust_is "[trust]
registries = [\"$REGISTRY\"]"
    status_is 0 kennel image pull "$REGISTRY/$APP"
    equal "$(signature_of "$REGISTRY/$APP")" not-required
    forget "$REGISTRY/$APP"
    no_rules
}

test_a_company_allows_only_its_own() {
    registry_needed
    registry_up
    trust_is '[trust]
only = true
registries = ["registry.example.org"]'
    # Not even with the person's word.
    status_is 125 kennel image pull --trust "$REGISTRY/$APP"
    one_line_error
    is_absent "$REGISTRY/$APP"
    no_rules
}

test_a_mistake_in_the_file_names_its_line() {
    trust_is '[trust]
registrys = []'
    status_is 125 kennel image pull --trust "127.0.0.1:1/a/b:1"
    one_line_error
    contains "$ERR" config.toml
    contains "$ERR" 3
    no_rules
}

test_an_image_must_be_signed_by_the_key() {
    local digest ref
    registry_needed
    registry_up
    ref=$REGISTRY/$APP
    digest=$(digest_at "$ref")
    make_key "$TEST_DIR/team"
    make_key "$TEST_DIR/stranger"
    trust_is "[registries.\"$REGISTRY/test\"]
signed_by = [\"$TEST_DIR/team.pem\"]"
    # Another test may have signed it; this registry's storage is shared.
    status_is 125 kennel image pull "$ref"
    one_line_error
    is_absent "$ref"
    # By somebody else.
    python3 "$REGISTRY_TOOLS/sign.py" "$REGISTRY" "${APP%:*}" "$digest" "$TEST_DIR/stranger.key"
    status_is 125 kennel image pull --trust "$ref"
    contains "$ERR" 'key'
    is_absent "$ref"
    # A good signature, but of other content.
    python3 - "$REGISTRY" "${APP%:*}" "$digest" "$TEST_DIR/team.key" "$REGISTRY_TOOLS" <<'PY'
import sys
registry, name, digest, key, tools = sys.argv[1:]
sys.path.insert(0, tools)
import sign
true_payload = sign.payload
sign.payload = lambda identity, _: true_payload(identity, "sha256:" + "0" * 64)
sys.argv = ["sign.py", registry, name, digest, key]
sign.main()
PY
    status_is 125 kennel image pull "$ref"
    contains "$ERR" 'not the image that was signed'
    is_absent "$ref"
    # Signed under the name of another repository.
    python3 "$REGISTRY_TOOLS/sign.py" "$REGISTRY" "${APP%:*}" "$digest" "$TEST_DIR/team.key" "$REGISTRY/other/app"
    status_is 125 kennel image pull "$ref"
    contains "$ERR" 'another name'
    is_absent "$ref"
    # As it must be.
    python3 "$REGISTRY_TOOLS/sign.py" "$REGISTRY" "${APP%:*}" "$digest" "$TEST_DIR/team.key"
    status_is 0 kennel image pull "$ref"
    equal "$(signature_of "$ref")" verified
    forget "$ref"
    no_rules
}

test_a_short_name_is_the_catalogs() {
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    cat >"$XDG_CONFIG_HOME/kennel/catalog.toml" <<'TOML'
version = 1
[[image]]
name = "Team base"
reference = "localhost/nobody/serves:1"
aliases = ["teambase"]
TOML
    status_is 125 kennel create short --image teambase
    contains "$ERR" localhost/nobody/serves:1
    # A name that nobody gave is never guessed.
    status_is 125 kennel create short --image nosuchname
    one_line_error
    rm "$XDG_CONFIG_HOME/kennel/catalog.toml"
}

test_a_damaged_store_is_found_and_mended() {
    local ref blob
    registry_needed
    registry_up
    ref=$REGISTRY/$APP
    status_is 0 kennel image pull --trust "$ref"
    status_is 0 kennel image verify
    # Its first layer.
    blob=$(skopeo inspect "oci:$XDG_DATA_HOME/kennel/images:$ref" | json 'd["Layers"][0]')
    blob=$XDG_DATA_HOME/kennel/images/blobs/sha256/${blob#sha256:}
    chmod u+w "$blob"
    printf 'X' | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
    status_is 1 kennel image verify
    contains "$OUT" "$(basename "$blob" | cut -c1-12)"
    contains "$OUT" "$ref"
    # Mended from the registry, if the person still takes images from there.
    status_is 1 kennel image verify --repair
    contains "$ERR" '--trust'
    status_is 0 kennel image verify --repair --trust
    status_is 0 kennel image verify
    equal "$(digest_in_store "$ref")" "$(digest_at "$ref")"
    forget "$ref"
}
