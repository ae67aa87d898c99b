#!/usr/bin/env bash
# Shows the network range: the case's network comes up, the cloud's policy is armed and provoked, and what plain probes see
# of it is printed.
set -euo pipefail
cd "$(dirname "$0")/.."

name="lab-$$"
topology=Lab/topologies/case.yaml
in_lab() { ferry-lab exec --lab "$name" "$1" -- "${@:2}"; }

probe() { in_lab "$1" timeout 3 scripts/lib/probe.sh "$2" "$3" || echo "no answer in 3 s"; }

table() {
    printf '  %-34s %s\n' \
        "source1 -> staging1:8703" "$(probe source1 203.0.113.11 8703)" \
        "source1 -> staging1:8702" "$(probe source1 203.0.113.11 8702)" \
        "source1 -> staging1:8080" "$(probe source1 203.0.113.11 8080)" \
        "outside -> staging1:8703" "$(probe outside 203.0.113.11 8703)" \
        "in-region -> staging1:8703" "$(probe in-region 203.0.113.11 8703)"
}

trap 'ferry-lab down --lab "$name" > /dev/null 2>&1 || true' EXIT
ferry-lab up "$topology" --name "$name"
# The switches need a second until they pass packets on.
sleep 1
echo "Healthy:"
table
for fault in firewall-reject carrier-port-block anti-abuse-block; do
    ferry-lab arm --lab "$name" "$fault" > /dev/null
    echo "$fault:"
    if [[ $fault == anti-abuse-block ]]; then
        for _ in {1..22}; do probe source1 203.0.113.11 8703 > /dev/null; done
    fi
    table
    ferry-lab disarm --lab "$name" "$fault" > /dev/null
done
echo "Mended:"
table

echo "Scenarios, each in a network of its own:"
ferry-lab run Lab/scenarios/b{01,12,31,38,43,51}-*.yaml | grep -vE '^  (before|after) '
