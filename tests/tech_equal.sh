#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The ECP5 bodies of the two wrappers that a port replaces (memory, multiplier) do in every cycle what the
# generic bodies do, and the comparison notices when they do not.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/tech_equal.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

compare() { # compare RAM_FILE: succeeds when the bench ran to its end without a difference; output in $tmp/log
  iverilog -g2012 -s tech_equal_tb -o "$tmp/tb.vvp" rtl/eie_pkg.sv rtl/eie_ram_1r1w.sv "$1" rtl/eie_mul.sv \
    rtl/eie_mul_ecp5.sv tb/ecp5_cells.sv tb/tech_equal_tb.sv > "$tmp/log" 2>&1 || { echo "Icarus refused it" >> "$tmp/log"; return 2; }
  vvp -N "$tmp/tb.vvp" >> "$tmp/log" 2>&1 && grep -qE '^TECH_EQUAL [0-9]+ cycles 0 differences$' "$tmp/log"
}

if compare rtl/eie_ram_ecp5.sv; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: the ECP5 bodies are equal to the generic ones"
  cat "$tmp/log"
fi

# Two bits of the read address change places: the bench must count differences, not merely fail.
sed -E 's/\.ADB9\(read_addr\[9\]\)/.ADB9(read_addr[10])/; s/\.ADB10\(read_addr\[10\]\)/.ADB10(read_addr[9])/' rtl/eie_ram_ecp5.sv > "$tmp/swapped.sv"
compare "$tmp/swapped.sv"
if ! cmp -s rtl/eie_ram_ecp5.sv "$tmp/swapped.sv" && grep -qE '^TECH_EQUAL [0-9]+ cycles [1-9][0-9]* differences$' "$tmp/log"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: two address bits that changed places are found"
  cat "$tmp/log"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
