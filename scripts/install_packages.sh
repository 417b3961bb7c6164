#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages of scripts/packages.txt that are missing: silent, quick and without network
# when none is. Where it cannot install (no apt, not root and no sudo, no network) it names them, and goes
# on if the tools themselves are found. EIE_INSTALL=no never installs. Log: build/packages.log.
set -uo pipefail
cd "$(dirname "$0")/.."
list=${EIE_PACKAGES:-scripts/packages.txt}
log=${EIE_PACKAGES_LOG:-build/packages.log}

missing_packages() {
  local wanted
  wanted=$(awk '/^[^#]/ { print $1 }' "$list")
  if ! command -v dpkg-query > /dev/null; then
    echo "$wanted"
    return
  fi
  # "name status"; a package of this machine's architecture or of all. Unknown names go to stderr.
  comm -23 <(sort <<< "$wanted") \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2> /dev/null | awk '$2 == "installed" { print $1 }' | sort)
}

is_there() { # is_there PROBE: the tool itself, wherever it came from
  case $1 in
    '<'*) echo "#include $1" | "${CC:-cc}" -E -x c - > /dev/null 2>&1 ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

without_tool() { # without_tool PACKAGE...: those whose tool is not found either
  local package
  for package; do
    is_there "$(awk -v p="$package" '$1 == p { print $2 }' "$list")" || echo "$package"
  done
}

# Takes what apt-get prints: its machine-readable progress ("dlstatus:1:25.0:...", "pmstatus:gcc:50.1:...")
# becomes one line a quarter.
quarters() {
  awk -F: '
    $1 != "dlstatus" && $1 != "pmstatus" { next }
    { kind = $1 == "dlstatus" ? "downloaded" : "installed"; step = int($3 / 25) * 25 }
    step > last[kind] { last[kind] = step; printf "  %s %d %%\n", kind, step; fflush() }'
}

apt() { # apt ARGUMENTS: as root, asking nothing, waiting for another apt to end, everything into the log
  local root=()
  if [ "$(id -u)" != 0 ]; then
    root=(sudo)
    [ -t 0 ] || root=(sudo -n)
  fi
  # The progress has a descriptor of its own: on 1 apt would take it away from the packages' scripts. It
  # is opened behind sudo, which closes all above 2. Use-Pty=0: a chroot may have no /dev/pts.
  ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    sh -c 'exec apt-get -y -q -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 \
           -o Acquire::Retries=3 "$@" 3>&1 1>&2' apt "$@" < /dev/null 2>> "$log" | quarters
  return "${PIPESTATUS[0]}"
}

install() { # install PACKAGE...
  [ "${EIE_INSTALL:-}" != no ] && command -v apt-get > /dev/null || return
  [ "$(id -u)" = 0 ] || command -v sudo > /dev/null || return
  mkdir -p "$(dirname "$log")"
  : > "$log"
  echo "installing $# Debian packages: $*"
  apt update > /dev/null || echo "  apt-get update did not succeed; going on with the lists that are here"
  apt install --no-install-recommends "$@"
}

missing=$(missing_packages)
[ -n "$missing" ] || exit 0
rm -f "$log"
started=$SECONDS
if install $missing; then
  echo "  done in $((SECONDS - started)) s"
  exit 0
fi
needed=$(without_tool $missing)
if [ -z "$needed" ]; then
  [ ! -e "$log" ] || echo "  that did not succeed ($log), but the tools are here: going on"
  exit 0
fi
[ ! -s "$log" ] || tail -n 5 "$log" >&2
echo "These are missing and could not be installed: $(echo $needed)" >&2
echo "On Debian 12, as root: apt-get update && apt-get install --no-install-recommends $(echo $needed)" >&2
exit 1
