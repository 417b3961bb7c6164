#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# synth/ecp5_carry.v: sums, differences and comparisons of every width and sign become cells that are equal to them, proven for all
# inputs and whatever comes into a chain; and synth/open_carries.awk opens exactly the ends that mean nothing. Both are noticed
# when they are spoiled. The cells are Yosys' own models.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/ecp5_carry.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() { # check SENTENCE COMMAND...
  if "${@:2}"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
  fi
}

design() { # design WIDTH: what Yosys makes adders of
  local w=$1 v=$(($1 > 2 ? $1 - 2 : 1))
  cat << END
module top (input [$((w - 1)):0] a, b, input [$((v - 1)):0] c, input signed [$((w - 1)):0] s, input signed [$((v - 1)):0] t, input way,
            output [$((w - 1)):0] sum, difference, more, less, either, output [$w:0] long, output signed [$w:0] mixed,
            output below, above, equal, signed_below, constant_below);
  assign sum = a + b, difference = a - b, more = a + 1'b1, less = a - 1'b1, long = a + c, mixed = s - t;
  assign either = way ? a + b : a - b;
  assign below = a < b, above = a >= c, equal = a == b, signed_below = s < t, constant_below = a < $((w > 1 ? 3 : 1));
endmodule
END
}

# What comes into a chain is anything, in each bit by itself; gold and gate are compared for all inputs.
equal() { # equal WIDTH MAP: proved (0), refuted (1), or no answer (2); with $tmp/cells, what became of it
  design "$1" > "$tmp/top.v"
  yosys -q -l "$tmp/log" -p "
    read_verilog +/ecp5/cells_sim.v
    read_verilog $tmp/top.v
    proc
    copy top gold
    opt top
    alumacc top
    select -assert-min 1 top/t:\$alu
    techmap -map $2 top
    select -assert-none top/t:\$alu
    tee -q -o $tmp/cells stat top
    setundef -anyseq top
    hierarchy
    proc
    flatten top gold
    opt_clean
    miter -equiv -flatten gold top miter
    sat -verify -prove trigger 0 miter" > "$tmp/out" 2>&1 && return 0
  grep -q 'proof did fail' "$tmp/log" && return 1
  return 2
}
refuted() { # refuted WIDTH SED-EXPRESSION: the map edited so must be found wrong
  sed -E "$2" synth/ecp5_carry.v > "$tmp/map.v"
  cmp -s synth/ecp5_carry.v "$tmp/map.v" && return 1
  equal "$1" "$tmp/map.v"
  [ $? = 1 ]
}
for width in 1 2 3 4 5 6 7 8 13; do
  check "adders of $width bits are the arithmetic" equal $width synth/ecp5_carry.v
done
check "wide adders become chains" grep -q CCU2C "$tmp/cells"
check "a carry in that goes further is found" refuted 8 "s/16'h00AA/16'hFFAA/"
check "a lost carry is found" refuted 8 "s/16'h96AA/16'h96A0/"
check "a carry out that is inverted with the operand is found" refuted 8 "s/- 1\)\{BI\}/- 1){1'b0}/"
check "an operand that is not inverted is found" refuted 6 's/C0\(BI\)/C0(1)/'
check "a sign that is not extended is found" refuted 8 's/B_SIGNED != 0/B_SIGNED == 2/'
check "a carry out of the wrong bit is found" refuted 8 's/Y \^ X\} >> 1/Y ^ X}/'
check "a narrow adder's lost carry is found" refuted 3 's/into\[k\] : a\[k\]/into[k] : 0/'

# ---- open ends ----

cat > "$tmp/chain.v" << 'END'
module chain (input [9:0] a, b, output [9:0] sum, output above);
  assign sum = a + b, above = a[7:0] > b[9:2];
endmodule
END
yosys -q -l "$tmp/log" -p "read_verilog $tmp/chain.v; $(synth/map_ecp5.sh chain "$tmp/chain.json")" > "$tmp/out" 2>&1
awk -f synth/open_carries.awk "$tmp/chain.json" "$tmp/chain.json" > "$tmp/open.json"
ends() { grep -c "^ *\"$1\": \[ $2 \]" "$tmp/$3.json"; }
check "there are two chains, each with a constant in front" eval '[ "$(ends CIN "\"0\"" chain)" = 2 ]'
check "both fronts are opened" eval '[ "$(ends CIN "\"x\"" open)" = 2 ] && [ "$(ends CIN "\"0\"" open)" = 0 ]'
check "both ends are opened, and no more" eval '[ "$(ends COUT "\"x\"" open)" = 2 ]'
check "nothing else is changed" eval '[ "$(diff "$tmp/chain.json" "$tmp/open.json" | grep "^[<>]" | grep -cvE "\"(CIN|COUT)\": \[")" = 0 ]'
sed -E 's/("INIT0": ")0000000010101010/\11001011010101010/' "$tmp/chain.json" > "$tmp/through.json"
awk -f synth/open_carries.awk "$tmp/through.json" "$tmp/through.json" > "$tmp/kept.json"
check "a front that a lowest bit lets through is kept" eval '[ "$(ends CIN "\"0\"" kept)" = 2 ]'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
