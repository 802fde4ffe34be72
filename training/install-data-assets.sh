#!/usr/bin/env bash
# Installs what drawing training pictures needs: typefaces by apt, icon packages by npm.
# Quick when nothing is missing. Usage: training/install-data-assets.sh [--quiet]; quiet when there is nothing to do.
# M3_SKIP_APT=1 leaves Debian packages to you.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
assets=$here/assets
quiet=${1:-}

say() { [ "$quiet" = --quiet ] || echo "$*" >&2; }
fail() { echo "install-data-assets: $*" >&2; exit 1; }

case "$quiet" in
  "" | --quiet) ;;
  *) echo "usage: training/install-data-assets.sh [--quiet]" >&2; exit 2 ;;
esac

# Debian packages: the typefaces that fonts.txt names.
mapfile -t wanted < <(awk -F'; *' '!/^#/ && NF { print $4 }' "$assets/lists/fonts.txt" | sort -u)
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ] && [ "${M3_SKIP_APT:-}" != 1 ]; then
  echo "Installing ${missing[*]}" >&2
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "these Debian packages are missing, and neither root nor sudo is at hand: ${missing[*]}"
    as_root=(sudo)
  fi
  install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
  "${install[@]}" >/dev/null || { "${as_root[@]}" apt-get update -q >/dev/null && "${install[@]}" >/dev/null; } ||
    fail "apt-get could not install ${missing[*]}"
fi

# Icon packages, at the versions of the lock file.
if ! cmp -s "$assets/package-lock.json" "$assets/node_modules/.m3-installed"; then
  command -v npm >/dev/null || fail "npm is missing: install Node.js (Debian: apt-get install npm)"
  echo "Installing the icon packages" >&2
  (cd "$assets" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || fail "npm could not install the icon packages of $assets/package.json"
  cp "$assets/package-lock.json" "$assets/node_modules/.m3-installed"
fi
say "Everything that pictures need is installed."
