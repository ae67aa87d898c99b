#!/usr/bin/env bash
# Changes a share of the demo disk's used blocks as a live server does, in place; the file system stays clean.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/lib/say.sh
. "$here/lib/say.sh"
# shellcheck source=scripts/lib/ext4.sh
. "$here/lib/ext4.sh"
# shellcheck source=scripts/lib/demo.sh
. "$here/lib/demo.sh"

usage() {
    cat <<'TEXT'
usage: scripts/change-demo-disk.sh IMG [--percent 1] [--seed TEXT]

Changes about that share (0.1 to 10 percent) of the used blocks of a disk from make-demo-disk.sh: rewrites single
4 KiB pages all over its database (70 % of the change), appends to its log (15 %), adds session files (15 %) and
deletes one. Prints what changed and, after "marker: ", what the guest now prints. The same --seed on the same disk
gives the same change; without it, it is random. IMG must not be in use by a guest meanwhile.

exit status: 0 changed; 1 it could not be changed; 2 wrong usage or something to install first
TEXT
}

image='' percent=1 seed=$(cat /proc/sys/kernel/random/uuid)
while (($# > 0)); do
    case $1 in
    --percent) value_of "$1" $# && percent=$2 && shift ;;
    --seed) value_of "$1" $# && seed=$2 && shift ;;
    -h | --help) usage && exit 0 ;;
    -*) fail 2 "no such option: $1; see --help" ;;
    *) [[ -z $image ]] || fail 2 "one image at a time, there are two: '$image' and '$1'" && image=$1 ;;
    esac
    shift
done
[[ -n $image ]] || fail 2 "say which disk to change; see --help"
[[ $percent =~ ^([0-9]{1,2})(\.([0-9]))?$ ]] || fail 2 "not a share: '$percent'; write percent as 1 or 0.5"
thousandths=$((10#${BASH_REMATCH[1]} * 10 + 10#${BASH_REMATCH[3]:-0}))
((thousandths >= 1 && thousandths <= 100)) || fail 2 "$percent percent is not between 0.1 and 10"
[[ -w $image ]] || fail 2 "cannot change $image: it is not there, or there is no permission to write it"
need_tools debugfs=e2fsprogs dumpe2fs=e2fsprogs sfdisk=fdisk openssl=openssl

image=$(realpath "$image")
offset=$(demo_offset "$image")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# look COMMAND...: what debugfs says without changing anything.
look() {
    debugfs -R "$*" "$image?offset=$offset" 2>/dev/null
}

# size_of PATH: nothing when there is no such file.
size_of() {
    look stat "$1" | sed -n '/^User:/s/.* Size: \([0-9]*\)$/\1/p'
}

database_bytes='' log_bytes=''
if [[ -n $offset ]]; then
    database_bytes=$(size_of "$demo_database")
    log_bytes=$(size_of "$demo_log")
fi
[[ -n $database_bytes && -n $log_bytes ]] ||
    fail 1 "$image is not a disk from make-demo-disk.sh: no $demo_database on it"

used=$(dumpe2fs -h "$image?offset=$offset" 2>/dev/null |
    awk '/^Block count:/ { all = $3 } /^Free blocks:/ { free = $3 } END { print all - free }')
budget=$((used * thousandths / 1000))
pages=$((budget * 70 / 100)) log_blocks=$((budget * 15 / 100)) session_blocks=$((budget * 15 / 100))
((pages <= database_bytes / 4096)) || pages=$((database_bytes / 4096))
((log_blocks >= 1)) || log_blocks=1
((session_blocks >= 1)) || session_blocks=1

# write_blocks FILE LIST: the n-th 4 KiB of FILE to the disk block that is the n-th word of LIST.
write_blocks() {
    local number=0 first='' count=0 block
    # Neighbours are written at once; the word after the last ends the last run.
    for block in $2 end; do
        if [[ -n $first && $block == $((first + count)) ]]; then
            count=$((count + 1))
        else
            [[ -z $first ]] ||
                dd if="$1" of="$image" bs=4096 skip=$((number - count)) seek=$((offset / 4096 + first)) \
                    count="$count" conv=notrunc status=none
            first=$block count=1
        fi
        number=$((number + 1))
    done
}

rewrite_pages() {
    random_bytes "$seed/pick" $((1 << 20)) >"$work/pick"
    shuf -i 0-$((database_bytes / 4096 - 1)) -n "$pages" --random-source="$work/pick" | sort -n >"$work/chosen"
    sed "s|.*|bmap $demo_database &|" "$work/chosen" >"$work/asking"
    debugfs -f "$work/asking" "$image?offset=$offset" 2>/dev/null | grep -v '^debugfs:' >"$work/blocks"
    made_pages "$seed/pages" $((pages * 4096)) >"$work/pages"
    write_blocks "$work/pages" "$(tr '\n' ' ' <"$work/blocks")"
}

# The log, always whole blocks long, grows by blocks that are first reserved, then written, then declared written: debugfs has no append.
append_log() {
    local first=$((log_bytes / 4096)) extents
    edit_ext4 "$image" "$offset" 3600 <<COMMANDS
fallocate $demo_log $first $((first + log_blocks - 1))
COMMANDS
    # Level, its entries, first and last logical block, first and last disk block, length, flag.
    extents=$(look dump_extents -n -l "$demo_log" | tr -c '0-9A-Za-z\n' ' ' | awk '$NF == "Uninit" { print $5, $9, $7 }')
    {
        echo "extent_open $demo_log"
        awk '{ print "goto_block " $1; print "replace_node " $1, $2, $3 }' <<<"$extents"
        echo extent_close
        echo "set_inode_field $demo_log size $(((first + log_blocks) * 4096))"
        echo "set_inode_field $demo_log mtime @$((ext4_time + 3600))"
        echo "set_inode_field $demo_database mtime @$((ext4_time + 3600))"
    } | edit_ext4 "$image" "$offset" 3600
    made_text "$seed/log" $((log_blocks * 4096)) >"$work/log"
    write_blocks "$work/log" "$(awk '{ for (n = 0; n < $2; n++) printf "%d ", $3 + n }' <<<"$extents")"
}

add_sessions() {
    local name=0 left=$session_blocks blocks stamp victim
    stamp=$(printf '%s' "$seed" | sha256sum | cut -c1-8)
    victim=$(look ls -p "$demo_sessions" | awk -F/ '$6 != "." && $6 != ".." && $6 != "" { print $6 }' | head -n 1)
    cd "$work"
    [[ -z $victim ]] || echo "rm $demo_sessions/$victim" >sessions
    while ((left > 0)); do
        blocks=$((left < 16 ? left : 16)) left=$((left - 16)) name=$((name + 1))
        made_text "$seed/session/$name" $((blocks * 4096)) >"session$name"
        echo "write session$name $demo_sessions/$stamp-$name" >>sessions
    done
    edit_ext4 "$image" "$offset" 3600 <sessions
    echo "$name ${victim:+and deleted $victim}" >added
}

run_slowly "rewriting $pages database pages" rewrite_pages
run_slowly "appending $log_blocks blocks to the log" append_log
run_slowly "adding session files" add_sessions

printf 'changed %s: rewrote %d database pages of 4 KiB, appended %s to %s, added %s; %s of %s used\n' "$image" "$pages" \
    "$(show_mib $((log_blocks * 4096)))" "$demo_log" "$(sed 's/ / session files /' "$work/added")" \
    "$(show_mib $(((pages + log_blocks + session_blocks) * 4096)))" "$(show_mib $((used * 4096)))"
say_marker "$image" "$offset" "$(look cat /etc/ferry-marker)"
