#!/usr/bin/env bash
# Builds the packages' assemblies in two copies of the sources, in folders of different names, and compares them byte by byte.
# usage: tests/Packages/reproduce.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

cd "$root"
for copy in "$copies/one" "$copies/two/with a longer name"; do
  mkdir -p "$copy"
  # The working tree with git's own folder, whose commit goes into the assemblies, and the choice of TorchSharp; no build output.
  { git ls-files -z; printf '%s\0' .git; for file in TorchSource.props compat/native/build; do [ ! -e "$file" ] || printf '%s\0' "$file"; done; } |
    tar -c --null -T - | tar -x -C "$copy"
  dotnet build "$copy/src/AdaQat" -c Release --nologo -v quiet -tl:off
done
for project in AdaQat.Core AdaQat.Quantizers; do
  for type in dll pdb xml; do
    file=src/$project/bin/Release/net10.0/$project.$type
    cmp "$copies/one/$file" "$copies/two/with a longer name/$file"
  done
  if grep -qF "$copies" "$copies/one/src/$project/bin/Release/net10.0/$project".{dll,pdb}; then
    echo "reproduce.sh: $project names the folder it was built in" >&2
    exit 1
  fi
done
echo "Two builds in two folders are the same, byte by byte."
