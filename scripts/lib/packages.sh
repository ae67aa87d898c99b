# shellcheck shell=bash
# Debian packages as a source of files: fetched and unpacked by anybody, without root, into a cache.

cache_directory() {
    local directory=${FERRY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/ferry}
    mkdir -p "$directory" 2>/dev/null || true
    [[ -d $directory && -w $directory ]] ||
        fail 2 "cannot write to the cache directory $directory; set FERRY_CACHE to a directory you may write to"
    (cd "$directory" && pwd -P)
}

# One at a time fills the cache, and what it was filling, named by `filling`, is not left behind half done. Lock before
# any other EXIT trap is set.
lock_cache() {
    filling=
    trap 'rm -rf "$filling"' EXIT
    exec 9>"$1/lock"
    flock --nonblock 9 && return
    say "Another run is filling the cache $1; waiting for it."
    flock 9
}

unlock_cache() {
    rm -rf "$filling"
    trap - EXIT
    exec 9>&-
}

# apt_options DIRECTORY: apt with nothing of the system's changed; as if no package were installed.
apt_options() {
    mkdir -p "$1/apt/archives/partial" "$1/apt/state/lists/partial"
    : >"$1/apt/status"
    apt_arguments=(
        -o "Dir::State::status=$1/apt/status"
        -o "Dir::Cache=$1/apt"
        -o Debug::NoLocking=1
        -o APT::Sandbox::User="$(id -un)"
        -o APT::Install-Recommends=0
        -o Acquire::Retries=3
    )
}

# with_package_lists DIRECTORY COMMAND...: COMMAND, and when it fails once more with fresh package lists of our own.
with_package_lists() {
    local directory=$1 apt_arguments
    shift
    apt_options "$directory"
    "$@" && return
    echo "trying again with package lists of our own, as this system's may be old"
    apt_arguments+=(-o "Dir::State=$directory/apt/state")
    apt-get "${apt_arguments[@]}" -qq update && "$@"
}

# fetch_closure PACKAGE...: the packages and all they depend on, into apt/archives. For with_package_lists.
fetch_closure() {
    apt-get "${apt_arguments[@]}" -qq --yes --download-only install "$@"
}

# fetch_behind DIRECTORY PACKAGE: the one concrete package behind one that only names it. For with_package_lists.
fetch_behind() {
    local name
    name=$(apt-cache "${apt_arguments[@]}" show --no-all-versions "$2" |
        sed -n 's/^Depends: \([^ ,]*\).*/\1/p' | head -n 1)
    [[ -n $name ]] && (cd "$1" && apt-get "${apt_arguments[@]}" -qq download "$name")
}

# unpack_packages TREE FILE...: their files as they would lie on a disk with a merged /usr.
unpack_packages() {
    local tree=$1 file name
    shift
    for name in bin sbin lib lib64; do
        mkdir -p "$tree/usr/$name"
        ln -sT "usr/$name" "$tree/$name"
    done
    for file in "$@"; do
        dpkg-deb --fsys-tarfile "$file" |
            tar -x -p -C "$tree" --keep-directory-symlink --no-overwrite-dir -f -
    done
}
