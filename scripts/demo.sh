#!/usr/bin/env bash
# A move from end to end on this machine, without root and without a network: a real disk, a connection that is cut
# three times, both processes killed once, proof of equality, a delta, and the image booted.
# Wants ferry and ferry-agent in PATH; "make demo" builds them first.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/say.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/ferry-demo.XXXXXX")
staging=0
relay=0
agent=0
cleanup() {
    for process in $staging $relay $agent; do
        # The shell says of no job that it disowned that it was killed.
        ((process)) && { disown "$process" && kill -9 "$process"; } 2>/dev/null
    done
    [[ -n ${FERRY_DEMO_KEEP:-} ]] || rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# A port that nobody uses: the kernel gives one to a server that asks for port 0.
start_staging() {
    ferry staging serve --data "$work/data" --listen "127.0.0.1:${port:-0}" --http '' --identity "$work/staging" \
        >>"$work/staging.log" 2>&1 &
    staging=$!
    for _ in $(seq 100); do
        if listening=$(grep -o 'receiving on 127.0.0.1:[0-9]*' "$work/staging.log" | tail -n 1) && [[ $listening ]] &&
            (($(grep -c 'receiving on' "$work/staging.log") == starts + 1)); then
            starts=$((starts + 1))
            port=${listening##*:}
            return
        fi
        sleep 0.05
    done
    echo "demo: the staging server did not start; it said:" >&2
    cat "$work/staging.log" >&2
    exit 1
}
starts=0

# The relay stands for the network: cutting it resets every connection through it.
start_relay() {
    socat "TCP-LISTEN:${relay_port},bind=127.0.0.1,reuseaddr,fork" "TCP:127.0.0.1:$port" 2>/dev/null &
    relay=$!
}
cut_connection() { pkill -9 -P "$relay" 2>/dev/null || true; }

start_agent() {
    ferry-agent replicate --disk "$work/sda" --to "127.0.0.1:$relay_port" --job web01 --identity "$work/agent" \
        --state "$work/state" --rate "$rate" --json >>"$work/events.$runs.json" 2>&1 &
    agent=$!
}
runs=0

# The last value of a member of an event in this run's events.
value() { grep "\"event\":\"$1\"" "$work/events.$runs.json" | tail -n 1 | grep -o "\"$2\":[0-9.]*" | cut -d: -f2; }
mib() { awk -v bytes="${1:-0}" 'BEGIN { printf "%.1f MiB", bytes / 1048576 }'; }

# Waits until so much of the disk is durable, in per cent, and shows how it goes meanwhile.
until_percent() {
    local total scanned
    while kill -0 "$agent" 2>/dev/null; do
        total=$(value progress totalBytes)
        scanned=$(value progress scannedBytes)
        if [[ $total && $scanned ]]; then
            printf '\r  %3d %%, sent %s in this run    ' $((scanned * 100 / total)) "$(mib "$(value progress sentBytes)")"
            if ((scanned * 100 / total >= $1)); then
                echo
                return
            fi
        fi
        sleep 0.1
    done
    echo
}

until_done() {
    while kill -0 "$agent" 2>/dev/null; do
        printf '\r  %3d %%, sent %s in this run    ' \
            $(($(value progress scannedBytes || echo 0) * 100 / $(value progress totalBytes || echo 1))) \
            "$(mib "$(value progress sentBytes)")"
        sleep 0.2
    done
    echo
    if ! wait "$agent"; then
        echo "demo: the agent failed; it said:" >&2
        tail -n 5 "$work/events.$runs.json" >&2
        exit 1
    fi
    agent=0
}

begun=$SECONDS
step "A source server's disk: GPT, ext4 with a Debian, swap, and 80 MiB of deleted files"
marker=$(scripts/make-demo-disk.sh "$work/sda" --seed "$$" | sed -n 's/^marker: //p')
ferry-agent inspect "$work/sda"

step "Identities: an authority, a staging server, an agent"
ferry pki init "$work/ca" >/dev/null
ferry pki issue "$work/ca" --staging staging --out "$work/staging" >/dev/null
ferry pki issue "$work/ca" --agent web01 --out "$work/agent" >/dev/null
echo "issued"

step "How many bytes an undisturbed move sends"
rate=100Gbit/s
port=
start_staging
relay_port=$((20000 + RANDOM % 10000))
start_relay
runs=1
start_agent
until_done
undisturbed=$(value progress sentBytes)
echo "$(mib "$undisturbed")"
kill -9 "$staging" "$relay"
wait "$staging" "$relay" 2>/dev/null || true
rm -rf "$work/data" "$work/state"

step "The move, at 400 Mbit/s, with three cut connections and both processes killed once"
rate=400Mbit/s
start_staging
start_relay
move_begun=$SECONDS
runs=2
start_agent
until_percent 15 && cut_connection && echo "  cut the connection"
until_percent 30 && cut_connection && echo "  cut the connection"
until_percent 45
kill -9 "$agent" && wait "$agent" 2>/dev/null || true
echo "  killed the agent"
runs=3
start_agent
until_percent 60 && cut_connection && echo "  cut the connection"
until_percent 75
kill -9 "$staging" && wait "$staging" 2>/dev/null || true
echo "  killed the staging server"
start_staging
until_done
move_seconds=$((SECONDS - move_begun))
sent=$(($(runs=2 && value progress sentBytes) + $(runs=3 && value progress sentBytes)))
interruptions=$(($(runs=2 && value progress interruptions) + $(runs=3 && value progress interruptions) + 1))
runs=3
first_generation=$(value verified generation)

step "Proof: every used block equal, every other zero, signed"
ferry staging prove web01/sda --data "$work/data" --identity "$work/staging" --out "$work/sda.proof" >/dev/null
ferry proof check "$work/sda.proof" --image "$work/data/volumes/web01/sda.raw" --ca "$work/ca/ca.pem"

step "1 % of the disk changes; a delta pass"
marker=$(scripts/change-demo-disk.sh "$work/sda" --percent 1 --seed "$$" | sed -n 's/^marker: //p')
runs=4
rate=100Gbit/s
delta_begun=$(date +%s%N)
start_agent
until_done
delta_ms=$((($(date +%s%N) - delta_begun) / 1000000))

step "Export as qcow2, and boot it"
ferry staging export web01/sda --data "$work/data" --format qcow2 --out "$work/sda.qcow2"
booted="not tried: QEMU is not here"
if command -v qemu-system-x86_64 >/dev/null; then
    boot_begun=$SECONDS
    scripts/boot-image.sh "$work/sda.qcow2" --format qcow2 --marker "$marker"
    booted="to its own marker in $((SECONDS - boot_begun)) s: $marker"
fi

runs=3
twice=$((sent > undisturbed ? sent - undisturbed : 0))
step "Summary"
cat <<TEXT
  time             $move_seconds s for the move, $(awk -v ms=$delta_ms 'BEGIN { printf "%.1f", ms / 1000 }') s for the delta, $((SECONDS - begun)) s in all
  disk             $(mib "$(value progress totalBytes)")
  undisturbed      $(mib "$undisturbed") on the wire
  with faults      $(mib "$sent") sent, of them about $(mib $twice) a second time (the last second before a kill is not counted)
  interruptions    $interruptions survived: 3 cut connections, the agent and the staging server killed
  delta            $(runs=4 && mib "$(value progress sentBytes)") sent for $(runs=4 && mib "$(value progress contentBytes)") of changed blocks
  saved            $(runs=1 && mib "$(value progress unusedBytes)") not in use, $(runs=1 && mib "$(value progress zeroBytes)") zeros,
                   $(runs=1 && mib "$(value progress alreadyThereBytes)") already there, $(runs=1 && mib $(($(value progress contentBytes) - $(value progress packedBytes)))) by packing
  generations      $first_generation, then $(runs=4 && value verified generation); both read back and verified
  proof            signed, and checked against the image
  booted           $booted
TEXT
