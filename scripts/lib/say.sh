# shellcheck shell=bash
# How the scripts here speak: plain lines on standard error, never silent for long, sizes with units.

say() {
    printf '%s\n' "$*" >&2
}

# fail STATUS TEXT...: what happened, to what, and what to do; then leave.
fail() {
    local status=$1
    shift
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit "$status"
}

# need_tools TOOL=PACKAGE...: stops with the whole list of what is missing, not with the first.
need_tools() {
    local pair missing=() packages=()
    PATH=$PATH:/usr/sbin:/sbin
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null && continue
        missing+=("${pair%%=*}")
        packages+=("${pair#*=}")
    done
    ((${#missing[@]} == 0)) ||
        fail 2 "not found here: ${missing[*]}; run scripts/install-requirements.sh test, or install ${packages[*]}"
}

# value_of OPTION COUNT: stops when an option came last, without its value.
value_of() {
    (($2 >= 2)) || fail 2 "$1 needs a value; see --help"
}

# parse_size TEXT: bytes on standard output; whole numbers with a unit only.
parse_size() {
    [[ $1 =~ ^([1-9][0-9]{0,6})(KiB|MiB|GiB)$ ]] ||
        fail 2 "not a size: '$1'; write a whole number and its unit, as 64MiB or 2GiB"
    case ${BASH_REMATCH[2]} in
    KiB) echo $((BASH_REMATCH[1] << 10)) ;;
    MiB) echo $((BASH_REMATCH[1] << 20)) ;;
    GiB) echo $((BASH_REMATCH[1] << 30)) ;;
    esac
}

# show_mib BYTES
show_mib() {
    printf '%d.%d MiB' $(($1 >> 20)) $((($1 & 0xfffff) * 10 >> 20))
}

# can_write FILE: stops when a file of that name cannot be made.
can_write() {
    local directory
    directory=$(dirname "$1")
    [[ -d $directory ]] || fail 2 "cannot write $1: there is no directory $directory"
    [[ -w $directory && ! -d $1 ]] || fail 2 "cannot write $1: no permission in $directory, or it is a directory"
}

# limit_silence DESCRIPTOR: sets silence, the seconds that may pass without a word: people watch terminals, logs are
# read later.
limit_silence() {
    if [[ -t $1 ]]; then silence=2; else silence=10; fi
}

# run_slowly TEXT COMMAND...: runs it; says what it is at when it takes long, shows its words only if it fails.
# Call it as a plain command when COMMAND is a function: after `if` or before `||` bash ignores `set -e` inside it.
run_slowly() {
    local text=$1 log ticker status=0 start=$SECONDS
    shift
    log=$(mktemp)
    (
        trap - EXIT
        limit_silence 2
        # The sleeper must hold none of our descriptors: it outlives us by a moment.
        while sleep "$silence" >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
            say "  $text: $((SECONDS - start)) s so far"
        done
    ) </dev/null >/dev/null 9>&- &
    ticker=$!
    set +e
    (
        trap - EXIT
        set -e
        "$@"
    ) >"$log" 2>&1
    status=$?
    set -e
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if ((status != 0)); then
        say "${0##*/}: $text failed (exit status $status); its last words:"
        tail -n 20 "$log" | sed 's/^/  | /' >&2
    fi
    rm -f "$log"
    return "$status"
}
