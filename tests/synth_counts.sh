#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One PE synthesises for ECP5 and iCE40: no latch, block RAMs and the multiplier inferred, no memory fallen
# apart into flip-flops (synth/count.sh holds the bounds). The numbers themselves depend on Yosys' version.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
for target in ecp5 ecp5_tech1 ice40; do
  if [ $target = ecp5_tech1 ] && [ ! -e rtl/eie_ram_ecp5.sv ]; then continue; fi
  if synth/count.sh "$target"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $target"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
