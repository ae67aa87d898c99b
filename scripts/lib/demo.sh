# shellcheck shell=bash
# What lies on the demo's disk and where: make-demo-disk.sh writes it, change-demo-disk.sh finds it again.

# Read by the scripts that source this.
# shellcheck disable=SC2034
demo_database=/var/lib/shop/orders.db \
    demo_log=/var/log/shop/orders.log \
    demo_sessions=/var/lib/shop/sessions

# made_text SEED BYTES: log lines, which compress well.
made_text() {
    random_bytes "$1" $(($2 / 5)) | od -A n -v -t u4 -w8 | awk '
        { printf "2026-03-%02d %02d:%02d:%02d shop order=%010d status=%s amount=%d.%02d EUR\n", NR / 86400 % 28 + 1,
          NR / 3600 % 24, NR / 60 % 60, NR % 60, $1 % 1000000000, $2 % 7 ? "paid" : "refused", $2 % 997, $2 % 100 }' |
        limit_bytes "$2"
}

# made_pages SEED BYTES: database pages, no two alike, that compress to about half.
made_pages() {
    random_bytes "$1" $(($2 / 2)) | od -A n -v -t x8 -w32 | limit_bytes "$2"
}

# limit_bytes COUNT: that many; reads the rest too, so that the writer is not killed, which would look like a failure.
limit_bytes() {
    head -c "$1"
    cat >/dev/null
}

# demo_offset IMAGE: where its root file system begins, in bytes; nothing when there is no such partition.
demo_offset() {
    local start
    start=$(sfdisk --dump "$1" 2>/dev/null | sed -n 's/.*start= *\([0-9]*\),.*name="root".*/\1/p')
    [[ -z $start ]] || echo $((start * 512))
}

# say_marker IMAGE OFFSET MARKER: what the guest will print of the disk as it is now.
say_marker() {
    printf 'marker: %s db=%s log=%s\n' "$3" \
        "$(ext4_file_sum "$1" "$2" "$demo_database")" "$(ext4_file_sum "$1" "$2" "$demo_log")"
}
