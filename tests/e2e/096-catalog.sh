# shellcheck shell=bash
# The catalog: short names instead of whole references, the person's own images among them.

own_catalog() {
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    printf 'version = 1\n[[image]]\nname = "Mine"\nrelease = "1"\nreference = "%s"\naliases = ["mine"]\n' \
        "$1" >"$XDG_CONFIG_HOME/kennel/catalog.toml"
}

test_catalog_shape() {
    kennel image catalog --json >"$TEST_DIR/catalog"
    equal "$(json "all(set(e) >= {'name','release','reference','icon','notes','aliases','downloaded'} for e in d)" <"$TEST_DIR/catalog")" true
    equal "$(json "len(d) > 15 and not any(e['downloaded'] for e in d)" <"$TEST_DIR/catalog")" true
}

test_search_finds_names_first() {
    equal "$(kennel image catalog --json FED | json "d[0]['name']")" Fedora
    equal "$(kennel image catalog --json debian 12 | json "[e['reference'] for e in d]")" '["docker.io/library/debian:12"]'
    contains "$(kennel image catalog nothing-like-that)" 'Nothing'
}

test_a_short_name_makes_a_pet() {
    own_catalog "$KENNEL_REF"
    equal "$(kennel image catalog --json mine | json "d[0]['downloaded']")" true
    kennel create short --image mine
    equal "$(kennel show short --json | json "d['image']['reference']")" "$KENNEL_REF"
    remove short
    rm "$XDG_CONFIG_HOME/kennel/catalog.toml"
}

test_a_short_name_is_never_guessed() {
    status_is 125 kennel create guess --image no-such-name
    one_line_error
    contains "$ERR" 'kennel image catalog'
}

test_a_mistake_in_a_catalog_names_the_line() {
    own_catalog nonsense
    status_is 125 kennel image catalog
    one_line_error
    contains "$ERR" 'catalog.toml line 5'
    # An image named in full needs no catalog.
    kennel create full --image "$KENNEL_REF"
    remove full
    rm "$XDG_CONFIG_HOME/kennel/catalog.toml"
}

test_only_allowed_images_are_shown_where_only_those_may_be_fetched() {
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    printf 'version = 1\n[trust]\nonly = true\nregistries = ["quay.io/toolbx"]\n' >"$XDG_CONFIG_HOME/kennel/config.toml"
    equal "$(kennel image catalog --json | json "all(e['reference'].startswith('quay.io/toolbx/') for e in d) and len(d) > 1")" true
    rm "$XDG_CONFIG_HOME/kennel/config.toml"
}
