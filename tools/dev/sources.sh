# shellcheck shell=bash
# What the machine's own apt sources say: Kennel names no mirror of its own.

APT_SOURCES_DIR=${APT_SOURCES_DIR:-/etc/apt}

# The machine's Debian sources as one-line entries: "URI SUITE COMPONENTS".
# Our own extra suite and other vendors' sources are left out.
debian_entries() {
    {
        if [ -f "$APT_SOURCES_DIR/sources.list.d/debian.sources" ]; then
            deb822_entries "$APT_SOURCES_DIR/sources.list.d/debian.sources"
        fi
        if [ -f "$APT_SOURCES_DIR/sources.list" ]; then
            oneline_entries "$APT_SOURCES_DIR/sources.list"
        fi
    } | awk '$1 ~ /^(https?|file|mirror)/ && $2 ~ /^(bookworm|trixie|forky|sid|stable|testing)/ && /main/ && !seen[$1 $2]++'
}

deb822_entries() {
    awk 'function flush(  u, s, i, j, nu, ns) {
            if (types ~ /(^| )deb( |$)/ && enabled != "no") {
                nu = split(uris, u, " "); ns = split(suites, s, " ")
                for (i = 1; i <= nu; i++) for (j = 1; j <= ns; j++) print u[i], s[j], comps
            }
            types = uris = suites = comps = enabled = ""
        }
        /^#/ { next }
        /^[ \t]*$/ { flush(); next }
        { key = tolower($1); $1 = ""; sub(/^ +/, "") }
        key == "types:" { types = $0 }
        key == "uris:" { uris = $0 }
        key == "suites:" { suites = $0 }
        key == "components:" { comps = $0 }
        key == "enabled:" { enabled = tolower($0) }
        END { flush() }' "$1"
}

oneline_entries() {
    sed -E -n 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?//p' "$1"
}

# bookworm, trixie, …: the suite the machine installs from. The sources decide, not
# /etc/os-release: base-files may have come from a newer suite.
debian_suite() {
    local suite
    suite=$(debian_entries | awk '$2 !~ /[-\/]/ { print $2; exit }')
    printf '%s' "${suite:-$(os_release VERSION_CODENAME)}"
}

# The mirror of the main suite.
debian_mirror() { debian_entries | awk '$2 !~ /[-\/]/ { print $1; exit }'; }

# 12, 13 or the suite's name: the tag of the starter image.
debian_version() {
    case $(debian_suite) in
        bookworm) printf 12 ;;
        trixie) printf 13 ;;
        *) debian_suite ;;
    esac
}
