#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# format.sh [--check]: clang-format over all C and C++ that a person writes. Only version 14 (Debian 12)
# is asked: other versions break lines elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
for clang_format in clang-format-14 clang-format; do
  if [[ $("$clang_format" --version 2> /dev/null) == *"version 14."* ]]; then
    files=$(git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.cpp' | grep -v '^firmware/eie_registers.h$')
    if [ "${1:-}" = --check ]; then set -- --dry-run --Werror; else set -- -i; fi
    # shellcheck disable=SC2086 # no file of ours has a space in its name
    exec "$clang_format" "$@" $files
  fi
done
echo "clang-format 14 is not here: apt-get install clang-format-14" >&2
exit 1
