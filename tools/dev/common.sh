# shellcheck shell=bash
# Small things every command uses: messages, questions, rights, options.

ASSUME_YES=${CI:-false}
DEBUG_BUILD=false
BUILD=$ROOT/build

say() { printf '%s\n' "$*"; }
warn() { printf 'dev: %s\n' "$*" >&2; }
die() { warn "$*"; exit 1; }

# step 2 5 "Building": the progress lines a person follows.
step() { printf '[%s/%s] %s\n' "$1" "$2" "$3"; }

has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# Runs a command with the rights to change the system.
as_root() {
    if is_root; then
        "$@"
    elif has sudo; then
        sudo -- "$@"
    else
        die "'$1' needs root and sudo is not installed: run './dev setup' once as root"
    fi
}

# Asks once, on a terminal only; a script, CI and --yes go on.
confirm() {
    local answer
    [ "$ASSUME_YES" != true ] && [ -t 0 ] && [ -t 1 ] || return 0
    read -r -p "$1 [Y/n] " answer
    case $answer in
        '' | [Yy]*) return 0 ;;
        *) die "stopped: nothing was changed" ;;
    esac
}

parse_options() {
    local option
    for option in "$@"; do
        case $option in
            --yes | -y) ASSUME_YES=true ;;
            --debug) DEBUG_BUILD=true ;;
            *) die "unknown option: $option" ;;
        esac
    done
}

# A value of /etc/os-release.
os_release() { (
    # shellcheck source=/dev/null
    . /etc/os-release
    printf '%s' "${!1:-}"
) }
