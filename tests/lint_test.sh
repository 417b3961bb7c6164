#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make lint` can fail: modules with one known fault each turn it red, in the tool that has to see it.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tmp
tmp=$(mktemp -d build/tmp/lint.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
cp rtl/lint.vlt rtl/eie_regs_pkg.sv "$tmp/"
printf '%s\n' 'module good (input logic [3:0] a_i, output logic [3:0] y_o);' '  assign y_o = ~a_i;' 'endmodule' \
  > "$tmp/good.sv"

expect() { # expect NAME WANTED_TOOLS: module fault.sv (from stdin) fails in exactly those tools, at least
  local name=$1 tool ok=1 out
  cat > "$tmp/fault.sv"
  out=$(RTL_DIR=$tmp LINT_CONFIGS='' LINT_LOGS=$tmp/logs scripts/lint.sh fault 2>&1) && ok=0
  for tool in $2; do grep -q "^FAILED: fault-$tool\$" <<< "$out" || ok=0; done
  [[ ${out##*$'\n'} =~ ^[0-9]+\ passed,\ [1-9][0-9]*\ failed$ ]] || ok=0
  if [ $ok = 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name: $out"; fi
}

if out=$(RTL_DIR=$tmp LINT_CONFIGS='' LINT_LOGS=$tmp/logs scripts/lint.sh 2>&1) && [ "$out" = "3 passed, 0 failed" ]; then
  passed=$((passed + 1))
else
  failed=$((failed + 1)) && echo "FAILED: a good module passes in three tools: $out"
fi

expect "a latch" "verilator yosys" <<'SV'
module fault (input logic en_i, input logic d_i, output logic q_o);
  always @* if (en_i) q_o = d_i;
endmodule
SV
expect "a latch in always_comb" "verilator yosys" <<'SV'
module fault (input logic en_i, input logic d_i, output logic q_o);
  always_comb if (en_i) q_o = d_i;
endmodule
SV
expect "a width that does not fit" "verilator" <<'SV'
module fault (input logic [4:0] a_i, output logic [3:0] y_o);
  assign y_o = a_i;
endmodule
SV
expect "two drivers" "yosys" <<'SV'
module fault (input logic a_i, input logic b_i, output logic y_o);
  good u_a (.a_i({4{a_i}}), .y_o({y_o, y_o, y_o, y_o}));
  assign y_o = b_i;
endmodule
SV
expect "a signal without a driver" "verilator yosys" <<'SV'
module fault (output logic y_o);
  logic nothing;
  assign y_o = nothing;
endmodule
SV
expect "a combinational loop" "yosys" <<'SV'
module fault (input logic a_i, output logic y_o);
  logic b;
  assign b = ~(b & a_i);
  assign y_o = b;
endmodule
SV
expect "a module that is not there" "verilator yosys icarus" <<'SV'
module fault (input logic a_i, output logic y_o);
  nowhere u_nowhere (.a_i, .y_o);
endmodule
SV
expect "a port that is not there" "verilator yosys icarus" <<'SV'
module fault (input logic [3:0] a_i, output logic [3:0] y_o);
  good u_good (.a_i, .y_o, .z_i(1'b0));
endmodule
SV
expect "a port left open" "verilator" <<'SV'
module fault (output logic [3:0] y_o);
  good u_good (.y_o);
endmodule
SV
expect "a syntax error" "verilator yosys icarus" <<'SV'
module fault (input logic a_i, output logic y_o);
  assign y_o = a_i
endmodule
SV
expect "a construct that Icarus 11 refuses" "icarus" <<'SV'
module fault #(parameter int unsigned Width = 4) (input logic [Width-1:0] a_i, output logic [Width-1:0] y_o);
  assign y_o = a_i;
endmodule
SV
expect "a file named unlike its module" "verilator yosys icarus" <<'SV'
module default_of_another_name (input logic a_i, output logic y_o);
  assign y_o = a_i;
endmodule
SV

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
