# shellcheck shell=bash
# The config.json beside each pet is what the OCI runtime specification says it is.

test_config_json_validates_for_every_preset() {
    local schema preset
    schema=$(dpkg -L golang-github-opencontainers-specs-dev 2>/dev/null | grep '/runtime-spec/schema/config-schema.json$') \
        || skip 'the schema of the runtime specification is not installed'
    for preset in comfortable project sealed; do
        mkdir -p "$HOME/a-project"
        pet "schema-$preset" --preset "$preset" --project "$HOME/a-project" >/dev/null
        kennel start "schema-$preset"
        # The system's python3: jsonschema is a package of the system.
        /usr/bin/python3 - "$schema" "$XDG_DATA_HOME/kennel/pets/$(id_of "schema-$preset")/config.json" <<'PYTHON'
import json, pathlib, sys
import jsonschema
schema = pathlib.Path(sys.argv[1])
resolver = jsonschema.RefResolver(schema.parent.as_uri() + "/", json.loads(schema.read_text()))
validator = jsonschema.Draft4Validator(json.loads(schema.read_text()), resolver=resolver)
document = json.loads(pathlib.Path(sys.argv[2]).read_text())
errors = ["/".join(map(str, error.path)) + ": " + error.message for error in validator.iter_errors(document)]
sys.exit("\n".join(errors) if errors else 0)
PYTHON
        remove "schema-$preset"
    done
}
