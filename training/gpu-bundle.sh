#!/usr/bin/env bash
# Packs what training needs on a machine with a CUDA PyTorch but neither .NET nor internet: a self-contained build, the shim's
# source (built there against that PyTorch's libtorch), icons, typefaces and the libraries that draw them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
out=$root/artifacts/m3-gpu-bundle.tar.xz

usage() {
  cat <<END
Usage: training/gpu-bundle.sh [--out FILE]
Writes FILE (default artifacts/m3-gpu-bundle.tar.xz). On the other machine, which needs Linux x86-64, g++ and PyTorch:

  tar xJf m3-gpu-bundle.tar.xz && m3-gpu-bundle/train.sh      # as ./m3 train --device cuda; takes the same arguments
END
}
fail() { echo "gpu-bundle: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --out) [ $# -ge 2 ] || { usage >&2; exit 2; }; out=$(realpath -m "$2"); shift 2 ;;
    *) echo "gpu-bundle: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
  esac
done

command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
"$here/install-data-assets.sh" --quiet || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/m3-gpu-bundle
mkdir -p "$bundle"/{lib,typefaces,icons,shim}

echo "gpu-bundle: building" >&2
dotnet publish "$here/M3.Adaptive.Training" --configuration Release --runtime linux-x64 --self-contained -p:SatelliteResourceLanguages=en --nologo --verbosity quiet \
  -clp:ErrorsOnly --output "$bundle/bin" >&2 || fail "the build failed"
rm -f "$bundle"/bin/{libm3torch,libmscordaccore,libmscordbi,libclrgcexp}.so "$bundle"/bin/*.pdb "$bundle"/bin/*.xml          # the shim fits one libtorch only
cp -r "$root"/src/standins/m3torch/{include,src} "$bundle/shim"
cp "$here/gpu-bundle/train.sh" "$bundle"

# Libraries that the program loads by name and all that they need, but for those that every system has in versions of its own.
libraries=(librsvg-2.so.2 libgobject-2.0.so.0 libglib-2.0.so.0 libcairo.so.2 libwebp.so.7 libspng.so.0 libturbojpeg.so.0 libsentencepiece.so.0)
for library in "${libraries[@]}"; do
  file=$(ldconfig -p | awk -v name="$library" '$1 == name && !seen++ { print $NF }')        # reads to the end: a closed pipe would stop ldconfig, and this script
  [ -n "$file" ] || fail "$library is not installed: run ./m3 train --help once, which installs it"
  { echo "$file"; ldd "$file" | awk '$3 ~ /^\// { print $3 }'; }
done | sort -u | grep -Ev '/(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s))\.so' | xargs -I '{}' cp -L '{}' "$bundle/lib"

awk -F'; *' '!/^#/ && NF { print $5 }' "$here/assets/lists/fonts.txt" | sort -u | xargs -I '{}' cp '{}' "$bundle/typefaces"
# Of each package what the lists name, and what stands behind an alias: a tenth of it.
awk -F'; *' '!/^#/ && NF { print $1 }' "$here/assets/lists/styles.txt" | while read -r package; do
  mkdir -p "$bundle/icons/$package"
  cp "$here/assets/node_modules/$package/info.json" "$bundle/icons/$package"
  node -e '
    const { readFileSync, writeFileSync } = require("fs");
    const [lists, from, to] = process.argv.slice(1);
    const wanted = new Set(readFileSync(lists, "utf8").split("\n").flatMap(line => line.split("#")[0].split(/[\s;,=]+/)).flatMap(name => [name, `${name}-face`]));
    const { icons, ...rest } = JSON.parse(readFileSync(from));
    for (const name of wanted) if (rest.aliases?.[name]) wanted.add(rest.aliases[name].parent);
    writeFileSync(to, JSON.stringify({ ...rest, icons: Object.fromEntries(Object.entries(icons).filter(([name]) => wanted.has(name))) }));
  ' "$here/assets/lists/concepts.txt" "$here/assets/node_modules/$package/icons.json" "$bundle/icons/$package/icons.json"
done

mkdir -p "$(dirname "$out")"
XZ_OPT=-T0 tar -C "$work" -cJf "$out.partial" m3-gpu-bundle
mv "$out.partial" "$out"
echo "gpu-bundle: $out, $(du -h "$out" | cut -f1)" >&2
