# SPDX-License-Identifier: Apache-2.0
# device_bodies TECH LOGS: for tests that run the array with the bodies of a device (TECH) in place of the generic ones;
# sourced by tests/ecp5_bodies.sh and tests/short_pipeline.sh. Builds go to LOGS; `passed`, `failed` and `seeds` (SEEDS,
# or what is there already) are the script's.

device_bodies() {
  unset MAKEFLAGS MFLAGS MAKELEVEL
  logs=$2
  mkdir -p "$logs"
  export EIE_TECH=$1 EIE_BUILD_DIR=$2 EIE_ENGINE=verilator
  passed=0 failed=0
}

build() { # build NAME: once; what follows trusts it
  make -s -f tb/verilator.mk BUILD="$EIE_BUILD_DIR" RTL_DIR="${RTL_DIR:-rtl}" NAME="$1" VARIANT=fast lib
}

campaign() { # campaign NAME: each seed through both programs; the first that is red stops it
  local program seed
  build "$1" || return
  for program in rtl_random rtl_timing; do
    for seed in $seeds; do
      EIE_BUILD_TRUST=1 EIE_ONLY=$1 EIE_SEED=$seed build/tests/$program > "$logs/$1.log" 2>&1 || {
        echo "$program: EIE_TECH=$EIE_TECH EIE_ONLY=$1 EIE_SEED=$seed" && return 1
      }
    done
  done
}

campaigns() { # campaigns NAME...: each counts
  local config
  for config; do
    if campaign "$config"; then
      passed=$((passed + 1)) && echo "$config: equal for seeds $seeds"
    else
      failed=$((failed + 1)) && echo "FAILED: $config" && tail -n 20 "$logs/$config.log"
    fi
  done
}

# spoil NAME FILE SED-EXPRESSION: a copy of the RTL, edited so, in $spoilt, or the script has failed
spoil() {
  spoilt=$logs/rtl-$1
  rm -rf "$spoilt" && cp -r rtl "$spoilt" && sed -i "$3" "$spoilt/$2.sv"
  if ! cmp -s "rtl/$2.sv" "$spoilt/$2.sv"; then return; fi
  failed=$((failed + 1)) && echo "FAILED: nothing was spoiled for $1"
  return 1
}
