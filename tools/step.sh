#!/usr/bin/env bash
# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Run one step of `make test`. Print one line if it passes, and its whole output if it fails.
# Usage: tools/step.sh NAME COMMAND [ARGUMENT...]

set -uo pipefail

name=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

SECONDS=0
"$@" >"$log" 2>&1 </dev/null
code=$?
if [ "$code" -eq 0 ]; then
    printf 'ok      %-40s %4d s\n' "$name" "$SECONDS"
else
    printf '======= %s\n%s\nFAILED  %s: exit code %d of: %s\n' "$name" "$(cat "$log")" "$name" "$code" "$*"
fi
exit "$code"
