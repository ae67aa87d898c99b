#!/usr/bin/env bash
# Fuzzes what reads a stranger's bytes, each target for FERRY_FUZZ_SECONDS and as many at a time as there are processors.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/lib/say.sh
. "$here/lib/say.sh"
cd "$here/.."

targets=(frames partition-tables ext4 xfs manifest site captures)

usage() {
    cat <<TEXT
usage: scripts/fuzz.sh [TARGET [INPUT]]

Fuzzes every target, or only TARGET, for FERRY_FUZZ_SECONDS (60); with INPUT runs that one input, as to see again what
failed. Targets: ${targets[*]}.
What is learned is kept in .build/fuzzing/corpus, what fails in .build/fuzzing/failures.

exit status: 0 nothing failed; 1 something did; 2 wrong usage or something to install first
TEXT
}

case ${1-} in
-h | --help) usage && exit 0 ;;
'') ;;
*) [[ " ${targets[*]} " == *" $1 "* ]] || fail 2 "no such target: $1; see --help" ;;
esac
need_tools mke2fs=e2fsprogs mkfs.xfs=xfsprogs
seconds=${FERRY_FUZZ_SECONDS:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || fail 2 "FERRY_FUZZ_SECONDS is '$seconds'; write a whole number of seconds"

# Swift's own report of a crash reads memory that the address sanitizer guards.
export SWIFT_BACKTRACE=enable=no

folder=.build/fuzzing
programs=.build/fuzz/release
# No allocation for an input that has at most 64 KiB comes near to the first; the sanitizer's own memory is in the second.
limits=(-max_len=65536 -malloc_limit_mb=32 -rss_limit_mb=1024 -timeout=20)

build() {
    say "Building the fuzzers; the first time this takes some minutes."
    swift build -c release --package-path Fuzz --scratch-path .build/fuzz 2>&1 | scripts/lib/quiet-build.sh
}

# The images that no code here makes: mke2fs and mkfs.xfs, one of each layout.
make_images() {
    local layout=0 options image
    mkdir -p "$folder/images/ext4" "$folder/images/xfs"
    while read -r options; do
        image=$folder/images/ext4/$((++layout))
        truncate -s 2M "$image"
        # shellcheck disable=SC2086  # options are words
        mke2fs -q -F -b 1024 $options "$image" 2>/dev/null
    done <<'TEXT'
-O none,sparse_super
-g 256 -O none,meta_bg,sparse_super2
-t ext4 -O ^has_journal,^metadata_csum,^uninit_bg,64bit
-t ext4 -O ^has_journal,^metadata_csum,uninit_bg -g 1024 -N 64
-t ext4 -O ^has_journal,^metadata_csum,bigalloc
-t ext4 -O ^has_journal,metadata_csum
TEXT
    while read -r options; do
        image=$folder/images/xfs/$((++layout))
        truncate -s 300M "$image"
        # shellcheck disable=SC2086  # as above
        mkfs.xfs -q -f $options "$image" >/dev/null
    done <<'TEXT'
-b size=4096
-b size=1024 -m crc=0
TEXT
}

# seed TARGET
seed() {
    mkdir -p "$folder/seeds/$1" "$folder/corpus/$1" "$folder/failures"
    local images=()
    [[ ! -d $folder/images/$1 ]] || images=("$folder/images/$1"/*)
    "$programs/fuzz-$1" seed "$folder/seeds/$1" "${images[@]}"
}

# number_in LOG EXPRESSION: the last number that the sed expression leaves.
number_in() {
    sed -nE "s/.*$2.*/\\1/p" "$1" | tail -n 1
}

# fuzz TARGET
fuzz() {
    local log=$folder/$1.log status=0 before=$SECONDS
    "$programs/fuzz-$1" "$folder/corpus/$1" "$folder/seeds/$1" "${limits[@]}" -max_total_time="$seconds" \
        -print_final_stats=1 -artifact_prefix="$folder/failures/$1-" >"$log" 2>&1 || status=$?
    printf '%-18s %9s executions in %s s, %s branches covered, %s inputs kept\n' "$1" \
        "$(number_in "$log" 'stat::number_of_executed_units: ([0-9]+)')" $((SECONDS - before)) \
        "$(number_in "$log" ' cov: ([0-9]+)')" "$(number_in "$log" ' corp: ([0-9]+)')"
    ((status == 0)) && return
    grep -vE '^#[0-9]+[[:space:]]+(NEW|REDUCE|pulse)' "$log" | tail -n 60
    say "$1 failed; the input is kept: $(number_in "$log" 'Test unit written to (.*)')"
    say "To see it again: scripts/fuzz.sh $1 INPUT"
    return 1
}

build
if (($# == 2)); then
    exec "$programs/fuzz-$1" "${limits[@]}" "$2"
fi
(($# == 0)) || targets=("$1")
rm -rf "$folder/seeds" "$folder/images"
make_images
for target in "${targets[@]}"; do seed "$target"; done
say "Fuzzing ${#targets[@]} targets for $seconds s each, $(nproc) at a time."
failed=0
running=0
for target in "${targets[@]}"; do
    if ((running == $(nproc))); then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
while ((running > 0)); do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
