#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The bodies for ECP5 and for the SPRAM of iCE40 of the wrappers that a port replaces (memory, multiplier, adder with a
# choice, shift, activations with codebooks) do in every cycle what the generic bodies do, and the comparison notices when they do not.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/tech_equal.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

compare() { # compare [FILE]: FILE takes the place of the one of its name in rtl/; succeeds when the bench ran to its
  # end without a difference; output in $tmp/log
  local name files=()
  for name in eie_pkg eie_ram_1r1w eie_ram_ecp5 eie_ram_spram eie_ram_1rw1r_ecp5 eie_act_book eie_mul \
      eie_mul_ecp5 eie_select_add eie_shift eie_shift_ecp5; do
    if [ "${1:-}" = "$tmp/$name.sv" ]; then files+=("$1"); else files+=("rtl/$name.sv"); fi
  done
  iverilog -g2012 -Irtl -s tech_equal_tb -o "$tmp/tb.vvp" "${files[@]}" tb/ecp5_cells.sv tb/ice40_cells.sv tb/tech_equal_tb.sv \
    > "$tmp/log" 2>&1 || { echo "Icarus refused it" >> "$tmp/log"; return 2; }
  vvp -N "$tmp/tb.vvp" >> "$tmp/log" 2>&1 && grep -qE '^TECH_EQUAL [0-9]+ cycles 0 differences$' "$tmp/log"
}

if compare; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  echo "FAILED: the bodies for a device are equal to the generic ones"
  cat "$tmp/log"
fi

found() { # found WHAT NAME SED_SCRIPT: the bench must count differences with NAME so edited, not merely fail
  sed -E "$3" "rtl/$2.sv" > "$tmp/$2.sv"
  compare "$tmp/$2.sv"
  if ! cmp -s "rtl/$2.sv" "$tmp/$2.sv" && grep -qE '^TECH_EQUAL [0-9]+ cycles [1-9][0-9]* differences$' "$tmp/log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
    cat "$tmp/log"
  fi
}
found "two address bits of ECP5's memory that changed places are found" eie_ram_ecp5 \
  's/\.ADB9\(read_addr\[9\]\)/.ADB9(read_addr[10])/; s/\.ADB10\(read_addr\[10\]\)/.ADB10(read_addr[9])/'
found "an output register of ECP5's memory that is not cleared is found" eie_ram_ecp5 "s/\.RSTB\(clear_i\)/.RSTB(1'b0)/"
found "a sum of ECP5 that takes the wrong summand is found" eie_select_add 's/\.D1\(!other_i\)/.D1(1)/'
found "a lowest carry of ECP5 that depends on what comes in is found" eie_select_add "s/00AA/96AA/"
found "a shift of ECP5 by one too many is found" eie_shift_ecp5 "s/18'h10000/18'h08000/"
found "a shift of ECP5 that takes the low product's sign is found" eie_shift_ecp5 "s/2'b00, twice/{2{twice[15]}}, twice/"
found "a shift of ECP5 that sees one bit less of what is above is found" eie_shift_ecp5 "s/high\[32:17\] != \{16/high[32:18] != {15/"
found "a carry of ECP5 that is not the summands' is found" eie_select_add "s/665A/6659/"
found "codebooks that lie on the activations are found" eie_act_book "s/\{1'b1, AddrW'/{1'b0, AddrW'/"
found "a codebook read where the activations are is found" eie_act_book 's/\{book_i, cmd_addr_i\}/{1'"'"'b0, cmd_addr_i}/'
found "an SPRAM written where it is read is found" eie_ram_spram "s/we_i \? 14'\(waddr_i\) : //"
found "an SPRAM of which one half word is written is found" eie_ram_spram "s/4'b1111/4'b0011/"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
