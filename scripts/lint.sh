#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh [MODULE ...]: every module of rtl/ as top, alone, with each of the three tools; then eie_top in
# several configurations, NAME or NAME:TECH. Siblings are found by file name in rtl/; the packages are read first.
# A warning is a failure; what is waived stands in rtl/lint.vlt (Verilator) or below, with its reason.
# RTL_DIR, LINT_CONFIGS and LINT_LOGS (build/lint) may be given. Last line: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
export RTL_DIR=${RTL_DIR:-rtl}
export LOGS=${LINT_LOGS:-build/lint}
CONFIGS=${LINT_CONFIGS-pe1 pe4 pe16c8 tiny pe4:1 tiny:2 pe4:3}  # NAME, or NAME:TECH

# What Icarus 11 says that is no fault of the source: it cannot narrow the sensitivity of always_comb to
# a slice and takes the whole vector (more evaluations, same values); "unique" is not checked.
ICARUS_HARMLESS='sorry: constant selects in always_\* processes are not currently supported|unique.* (are|is) ignored'
# Pins of a vendor's cell that are left open: its tools tie them off.
ICARUS_HARMLESS+='|Instantiating module (DP16KD|MULT18X18D) with dangling input port'
export ICARUS_HARMLESS

# The vendors' cells that the bodies for their devices instantiate, as empty modules out of Yosys' own libraries.
export CELLS=$LOGS/vendor_cells.v
vendor_cells() {
  local cell library
  library=$(yosys-config --datdir 2> /dev/null || echo /usr/share/yosys)
  for cell in ecp5/DP16KD ecp5/MULT18X18D; do
    cat "$library"/ecp5/cells_sim.v "$library"/ecp5/cells_bb.v | sed -n "/^module ${cell#*/} *(/,/^endmodule/p"
  done
  # These have bodies; their headers are all that lint needs.
  sed -n '/^module CCU2C *(/,/INJECT1_1/p' "$library/ecp5/cells_sim.v"
  echo endmodule
  sed -n '/^module SB_SPRAM256KA *(/,/^);/p' "$library/ice40/cells_sim.v"
  echo endmodule
}

fail() { # fail LOG: shows it and records the failure
  printf 'FAILED: %s\n%s\n' "$(basename "$1" .log)" "$(head -n 40 "$1")"
}

verilator_check() { # verilator_check LOG MODULE KEY=VALUE...
  local log=$1 module=$2 settings
  shift 2
  settings=("${@/#/-G}")
  verilator --lint-only -Wall -y "$RTL_DIR" --top-module "$module" ${settings[@]+"${settings[@]}"} \
    -v "$CELLS" "$RTL_DIR/lint.vlt" "$RTL_DIR"/*_pkg.sv "$RTL_DIR/$module.sv" > "$log" 2>&1 || return
  ! [ -s "$log" ]
}

with_siblings() { # with_siblings MODULE: its file and those of all modules below it
  local found=$1 more name
  while :; do
    more=$found
    for name in $(for m in $found; do cat "$RTL_DIR/$m.sv"; done | grep -owE '[a-z][a-z0-9_]*' | sort -u); do
      case $name in *_pkg) ;; *) [ -e "$RTL_DIR/$name.sv" ] && more+=" $name" ;; esac
    done
    more=$(printf '%s\n' $more | sort -u)
    [ "$more" != "$found" ] || break
    found=$more
  done
  printf "$RTL_DIR/%s.sv\n" $found
}

# Icarus gets the files by name: its own library search (-y) ends in a segmentation fault of the
# preprocessor when a file found so includes a guarded file that was included before.
icarus_check() {
  local log=$1 module=$2 settings=()
  shift 2
  for setting; do settings+=("-P$module.$setting"); done
  iverilog -g2012 -Wall -t null -I "$RTL_DIR" -s "$module" ${settings[@]+"${settings[@]}"} \
    "$RTL_DIR"/*_pkg.sv $(with_siblings "$module") "$CELLS" > "$log" 2>&1 || return
  ! grep -Evq "$ICARUS_HARMLESS" "$log"
}

yosys_check() {
  local log=$1 module=$2 settings=''
  shift 2
  for setting; do settings+=" -chparam ${setting%%=*} ${setting#*=}"; done
  yosys -q -p "
    read_verilog -lib $CELLS
    read_verilog -sv -I$RTL_DIR $(echo "$RTL_DIR"/*_pkg.sv)
    read_verilog -sv -defer -I$RTL_DIR $RTL_DIR/$module.sv
    hierarchy -check -libdir $RTL_DIR -top $module$settings
    proc
    select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr t:\$sr
    check -assert" > "$log" 2>&1 || return
  ! grep -Eiq '^warning' "$log"
}

one() { # one TOOL NAME MODULE KEY=VALUE...: NAME names the log
  local tool=$1 log=$LOGS/$2-$1.log
  shift 2
  if "${tool}_check" "$log" "$@"; then echo pass; else fail "$log"; fi
}
export -f fail one with_siblings verilator_check icarus_check yosys_check

settings_of() { # settings_of FILE.cfg: KEY=VALUE words; TECH is a string for a board, not for a check
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -e '/^TECH=/d' "$1" | paste -sd ' '
}

jobs_of() { # one line a job, for xargs: tool name module settings; no blank at the end, it would continue the line
  local module config cfg tool tech
  for tool in yosys verilator icarus; do
    if [ $# = 0 ] && [ -e "$RTL_DIR/eie_top.sv" ]; then
      for config in $CONFIGS; do
        cfg=$RTL_DIR/configs/${config%:*}.cfg tech=
        case $config in *:*) tech=" TECH=${config#*:}" ;; esac
        if [ -e "$cfg" ]; then echo "$tool eie_top@$config eie_top $(settings_of "$cfg")$tech"; fi
      done
    fi
  done
  for module in "${@:-$RTL_DIR/*.sv}"; do
    for module in $module; do
      module=$(basename "$module" .sv)
      case $module in *_pkg) continue ;; esac
      for tool in yosys verilator icarus; do echo "$tool $module $module"; done
    done
  done
}

rm -rf "$LOGS"
mkdir -p "$LOGS"
vendor_cells > "$CELLS"
for cfg in $CONFIGS; do
  if [ -e "$RTL_DIR/eie_top.sv" ] && ! [ -e "$RTL_DIR/configs/${cfg%:*}.cfg" ]; then
    echo "FAILED: no configuration $RTL_DIR/configs/${cfg%:*}.cfg" >> "$LOGS/outcomes"
  fi
done
jobs_of "$@" > "$LOGS/jobs"
xargs < "$LOGS/jobs" -r -P "$(nproc)" -L 1 bash -c 'one "$@"' lint >> "$LOGS/outcomes"
if [ "$(grep -Ec '^(pass$|FAILED: [^ ]*$)' "$LOGS/outcomes")" != "$(wc -l < "$LOGS/jobs")" ]; then
  echo "FAILED: not every check of $LOGS/jobs has an outcome in $LOGS/outcomes" >> "$LOGS/outcomes"
fi
grep -v '^pass$' "$LOGS/outcomes"
passed=$(grep -c '^pass$' "$LOGS/outcomes")
failed=$(grep -c '^FAILED: ' "$LOGS/outcomes")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
