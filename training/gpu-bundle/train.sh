#!/usr/bin/env bash
# Trains on this machine's GPU: builds the shim against the libtorch of its PyTorch, once, then runs `train` with your arguments.
# M3_LIBTORCH names a libtorch (its folder with include/ and lib/) instead of python3's torch, M3_CXX11_ABI=0 says that it was built
# with the older of libstdc++'s two ABIs, M3_STATE names the folder for checkpoints.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "train: $*" >&2; exit 1; }

libtorch=${M3_LIBTORCH:-$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2> /dev/null)} ||
  fail "python3 has no torch here: install PyTorch or name a libtorch by M3_LIBTORCH"

compile() {  # language standard, ABI: one process a file
  local file pid pids=()
  for file in "$here"/shim/src/*.cpp; do
    g++ -c -fPIC -O1 -std=c++"$1" -fmax-errors=1 -D_GLIBCXX_USE_CXX11_ABI="$2" -fvisibility=hidden -fvisibility-inlines-hidden \
      -I "$here/shim/include" -I "$here/shim/src" -idirafter "$libtorch/include" -idirafter "$libtorch/include/torch/csrc/api/include" \
      "$file" -o "$here/shim/$(basename "$file" .cpp).o" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || return 1; done
}

build_shim() {
  command -v g++ > /dev/null || fail "g++ is missing: the shim over libtorch is built here"
  # PyTorch's wheels were long built with the older of libstdc++'s two ABIs; newer releases ask for C++20.
  local abi standard cuda=()
  abi=$(python3 -c 'import torch; print(int(torch._C._GLIBCXX_USE_CXX11_ABI))' 2> /dev/null || echo 1)
  [ -n "${M3_LIBTORCH:-}" ] && abi=${M3_CXX11_ABI:-1}
  # Nothing calls into the CUDA library by name, but without it libtorch has no CUDA.
  [ ! -e "$libtorch/lib/libtorch_cuda.so" ] || cuda=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda)
  echo "train: building the shim against $libtorch" >&2
  for standard in 17 20; do
    if compile "$standard" "$abi" 2> "$here/shim/build.log" &&
      g++ -shared "$here"/shim/*.o -L "$libtorch/lib" "${cuda[@]}" -ltorch -ltorch_cpu -lc10 -Wl,-rpath,"$libtorch/lib" \
        -o "$here/bin/libm3torch.so.partial" 2>> "$here/shim/build.log"; then
      mv "$here/bin/libm3torch.so.partial" "$here/bin/libm3torch.so"
      return
    fi
  done
  cat "$here/shim/build.log" >&2
  fail "the shim does not compile against $libtorch"
}

[ "$(cat "$here/shim/built-for" 2> /dev/null)" = "$libtorch" ] && [ -f "$here/bin/libm3torch.so" ] || build_shim
printf '%s' "$libtorch" > "$here/shim/built-for"

mkdir -p "$here/cache"
cat > "$here/typefaces/fonts.conf" << END
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$here/typefaces</dir><cachedir>$here/cache</cachedir></fontconfig>
END
export FONTCONFIG_FILE=$here/typefaces/fonts.conf M3_TYPEFACES=$here/typefaces M3_ICON_PACKAGES=$here/icons
export LD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# Pictures are drawn by many threads, each of which makes large arrays.
export DOTNET_gcServer=${DOTNET_gcServer:-1}
export M3_STATE=${M3_STATE:-$here/state}

device=(--device cuda)
case " $* " in *" --device "* | *" --device="*) device=() ;; esac
exec "$here/bin/M3.Adaptive.Training" train "${device[@]}" "$@"
