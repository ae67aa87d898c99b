#!/usr/bin/env bash
# Plays the case, with real agents in it and Ferry's diagnosis of it, and then scenarios, each in a network of its own, which
# show what they claim. Wants ferry, ferry-agent and ferry-lab in PATH; "make story" builds them first.
set -euo pipefail
cd "$(dirname "$0")/.."

ferry-lab replay case
echo
ferry-lab run B01 B11 B15 B19 B23 B31 B35 B38 B41 B44 B45 B47 B51 B53 B57 B60 B63 B67 B71 B80 |
    grep -vE '^  (before|after) '
