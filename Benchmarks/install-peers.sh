#!/usr/bin/env bash
# Installs, with apt, the peers that Ferry is measured against and what the benchmark needs itself.
# Does nothing, and needs no root, when everything is there.
set -euo pipefail

# Without these it does not run: namespaces, shaping, file systems' own tools, the full workloads.
own_packages=(e2fsprogs fdisk iproute2 mmdebstrap mount openssl procps util-linux)
# Without ethtool the rate case turns large packets off by `ip link` alone.
peer_packages=(casync coreutils ethtool libnbd-bin nbdkit openssh-client openssh-server partclone restic rsync zstd)

usage() {
    cat <<'TEXT'
usage: Benchmarks/install-peers.sh [--check]

Installs what the benchmark needs and the peers that Debian has. bdsync and blocksync-fast are in no Debian release: build
them and name the programs in BDSYNC and BLOCKSYNC_FAST. --check only says what is missing.

exit status: 0 everything is there now; 1 something is missing and was not installed; 2 wrong usage
TEXT
}

case ${1:-} in
'' | --check) ;;
-h | --help) usage && exit 0 ;;
*) usage >&2 && exit 2 ;;
esac

missing=()
for package in "${own_packages[@]}" "${peer_packages[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $state == installed ]] || missing+=("$package")
done
((${#missing[@]} > 0)) || exit 0
if [[ ${1:-} == --check ]]; then
    printf 'not installed: %s\n' "${missing[*]}" >&2
    exit 1
fi
if ((EUID != 0)); then
    printf 'install-peers: these need root: apt-get install %s\n' "${missing[*]}" >&2
    exit 1
fi
printf 'Installing %s\n' "${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends "${missing[@]}" || {
    # The package lists may be old.
    apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"
}
