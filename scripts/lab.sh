#!/usr/bin/env bash
# Shows one diagnosis: a network of namespaces is drawn and built, the cloud in it begins to block the source server, and Ferry
# finds out who does it, with a ticket and a report. Half a minute, without root.
# Wants ferry, ferry-agent and ferry-lab in PATH; "make lab" builds them first. FERRY_LAB_OUT is another folder for what stays.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib/say.sh

lab=show-$$
out=${FERRY_LAB_OUT:-$PWD/.build/lab}
# Sockets want a short path.
work=$(mktemp -d /tmp/ferry-show.XXXXXX)
vantages=()
cleanup() {
    # The lab ends whatever runs in it.
    ferry-lab down --lab "$lab" >"$work/down.log" 2>&1 || true
    for process in "${vantages[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

rm -rf "$out" && mkdir -p "$out"

step "A network: a data centre, three carriers, a cloud"
cat <<'DRAWING'

  source1 ─┐                                                      ┌─ mobile ──┐               ┌─ staging1 203.0.113.11
  source2 ─┼─ lan ─ ids ─ balancer ─ cleaner ─ firewall ─ edge ───┼─ unicom ──┼─ cloud-edge ──┼─ staging2 203.0.113.12
  source3 ─┘                                                      └─ telecom ─┘       │       └─ in-region
                                                                                      └─ other-cloud, outside, unrelated
DRAWING
ferry-lab up Lab/topologies/case.yaml --name "$lab"

step "The cloud gets a policy that nobody at the site knows of; the source server sets it off"
ferry-lab arm B51 --lab "$lab"
ferry-lab draw --lab "$lab" >"$out/network.svg"
# What a mover meets: a daemon that greets, at first.
ferry-lab exec --lab "$lab" source1 -- bash -c '
    for number in $(seq 21); do
        answer=$(timeout 3 bash -c "exec 3<>/dev/tcp/203.0.113.11/8703 && head -n 1 <&3" 2>&1 | tail -n 1 | sed "s/^bash: .*: //") || true
        [[ $answer == "$before" ]] || echo "  connection $number: $answer"
        before=$answer
    done'

# What an operator writes down of such a site, with the vantages at hand.
place() { echo "  - { name: $1, position: $2, reach: \"unix:$work/$1.sock\" }"; }
{
    cat <<'SITE'
suspect:  { host: 203.0.113.11, port: 8703, protocol: rsync }
controls: [ { host: 203.0.113.11, port: 8080, protocol: http } ]
alternatePorts: [ 8702 ]
otherDestinations:
  - { name: same-region, host: 203.0.113.12, port: 8703, relation: same-region }
  - { name: other-cloud, host: 192.0.2.40, port: 8703, relation: other-cloud }
  - { name: unrelated, host: 192.0.2.70, port: 80, relation: unrelated }
sourceAddresses:
  - { address: 198.18.2.60, via: neighbour }
  - { address: 198.18.2.70, via: edge }
path: [ lan, ids, balancer, cleaner, firewall, edge, carrier, cloud-edge, cloud-network ]
allow: [ source-address-swap, rate-test, silence ]
vantages:
SITE
    place source source-host
    place neighbour source-host
    place edge source-egress
    place elsewhere other-public
    place in-region cloud-network
    place staging service
} >"$out/site.yaml"
for vantage in source:source1 neighbour:source2 edge:edge elsewhere:outside in-region:in-region staging:staging1; do
    ferry-lab exec --lab "$lab" "${vantage#*:}" -- ferry-agent vantage --listen "unix:$work/${vantage%:*}.sock" \
        --site "$out/site.yaml" >>"$out/vantages.log" 2>&1 &
    vantages+=($!)
done
ready() { (($(find "$work" -name '*.sock' | wc -l) == ${#vantages[@]})); }
for _ in $(seq 100); do
    ready && break
    sleep 0.1
done
ready || fail 1 "not all of ${#vantages[@]} vantages listen after 10 s; they said: $(cat "$out/vantages.log")"

step "ferry diagnose, with a vantage at six places (a minute of its waits takes 3 s here)"
# 3 says that there is no verdict, or several that cannot be told apart.
ferry-lab exec --lab "$lab" source1 -- ferry diagnose --site "$out/site.yaml" --time-scale 0.05 --tier 2 \
    --incident "$out/incident" || (($? == 3))

step "The ticket, as it stands in the report"
ferry report "$out/incident" >"$out/incident.md"
sed -n '/^## Ticket/,/^```$/p' "$out/incident.md" | sed -e 1,2d -e '/^```/d'

step "What stays"
ferry report "$out/incident" --format html --output "$out/incident.html"
ferry report "$out/incident" --format html --lang zh --output "$out/incident.zh-CN.html"
echo "The network, with what is broken in red: $out/network.svg"
echo "The report:                              $out/incident.html"
echo "It in Chinese:                           $out/incident.zh-CN.html"
echo "What was measured:                       $out/incident"
