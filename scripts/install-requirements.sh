#!/usr/bin/env bash
# Installs, with apt, what building and testing Ferry needs on Debian 12 that already has Swift 6.
# Does nothing, and needs no root, when everything is there.
set -euo pipefail

# The C libraries that Ferry links and what Swift's linker needs beside them.
build_packages=(
    binutils
    ca-certificates
    git
    gcc
    libc6-dev
    liblmdb-dev
    libsqlite3-dev
    libssl-dev
    libstdc++-12-dev
    libxxhash-dev
    libyaml-dev
    libzstd-dev
    make
    pkg-config
    zlib1g-dev
)

# The tools that make disks, boot them and check what Ferry did to them.
test_packages=(
    btrfs-progs
    busybox-static
    cpio
    curl
    dosfstools
    e2fsprogs
    fakeroot
    fdisk
    gdisk
    grub-common
    grub-efi-amd64-bin
    grub-pc-bin
    grub2-common
    iproute2
    mmdebstrap
    mount
    mtools
    nftables
    openssl
    ovmf
    partclone
    procps
    qemu-system-x86
    qemu-utils
    seabios
    socat
    strace
    tcpdump
    tshark
    uidmap
    util-linux
    xfsprogs
    xxhash
    xz-utils
    zstd
)

usage() {
    cat <<'TEXT'
usage: scripts/install-requirements.sh [--check] [build] [test]

Installs the packages that building Ferry (build) and testing it (test) need.
With neither word, both sets. --check only says what is missing.

exit status: 0 everything is there now; 1 something is missing and was not installed; 2 wrong usage
TEXT
}

fail() {
    printf 'install-requirements: %s\n' "$1" >&2
    exit "${2:-1}"
}

check_only=no
wanted=()
sets=()
for argument in "$@"; do
    case $argument in
    --check) check_only=yes ;;
    build) sets+=(build) && wanted+=("${build_packages[@]}") ;;
    test) sets+=(test) && wanted+=("${test_packages[@]}") ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
done
if ((${#sets[@]} == 0)); then
    sets=(build test)
    wanted=("${build_packages[@]}" "${test_packages[@]}")
fi

if ! command -v dpkg-query apt-get >/dev/null; then
    fail "this system has no apt-get; install these packages' counterparts by hand: ${wanted[*]}"
fi

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    # A package of several architectures prints its state once for each.
    [[ $state == installed* ]] || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
    printf 'All %d packages for %s are installed; nothing to do.\n' "${#wanted[@]}" "${sets[*]}"
    command -v swift >/dev/null ||
        printf 'swift is not in PATH: Ferry is built with Swift 6 (see .swift-version).\n' >&2
    exit 0
fi
printf '%d of %d packages for %s are missing: %s\n' \
    "${#missing[@]}" "${#wanted[@]}" "${sets[*]}" "${missing[*]}"
[[ $check_only == no ]] || exit 1

as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null ||
        fail "installing needs root, and there is no sudo; as root run: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
fi
as_root+=(env DEBIAN_FRONTEND=noninteractive)

printf 'Reading the package lists (apt-get update).\n'
"${as_root[@]}" apt-get update -q ||
    fail "apt-get update failed (its reason is above); see whether this machine reaches its package mirror, then run this again"
printf 'Installing %d packages (apt-get install).\n' "${#missing[@]}"
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get install failed (its reason is above); nothing else was changed, run this again when it is put right"

printf 'Installed %d packages for %s.\n' "${#missing[@]}" "${sets[*]}"
command -v swift >/dev/null ||
    printf 'swift is not in PATH: Ferry is built with Swift 6 (see .swift-version).\n' >&2
