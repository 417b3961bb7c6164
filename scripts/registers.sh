#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# registers.sh GENERATOR ROOT: prints the three generated register files into ROOT. A file that does not
# change keeps its time, so that nothing is built again for it.
set -euo pipefail
generator=$1 root=$2

emit() { # emit VIEW FILE
  local file=$root/$2
  mkdir -p "$(dirname "$file")"
  "$generator" "$1" > "$file.new"
  if cmp -s "$file.new" "$file"; then rm "$file.new"; else mv "$file.new" "$file"; fi
}

emit sv rtl/eie_regs_pkg.sv
emit h firmware/eie_registers.h
emit md docs/registers.md
