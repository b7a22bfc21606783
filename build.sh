#!/usr/bin/env bash
# Sets up, builds, tests and runs AdaQat. `./build.sh help` lists what it does; docs/torchsharp.md explains the set-up.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
called_from=$PWD
logs=$root/artifacts/logs
record=$root/TorchSource.props
native=$root/compat/native
bridge=$native/build/libadaqat_torch.so

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB [--torch auto|nuget|system] [-- OPTIONS]

  setup    find a TorchSharp that works on this machine, install what is missing
  build    setup, then build everything
  test     build, then run the tests             -- OPTIONS go to dotnet test
  sample   build, then run the ResNet-20 sample  -- OPTIONS go to the sample (-- --help lists them)
  bench    build, then run the benchmarks        -- OPTIONS go to the benchmarks
  soak     build, then train for 20,000 steps and watch memory; exit code 1 where it grows  -- OPTIONS: --steps N
  study    build, then run a study               -- its name and OPTIONS (-- --help lists them)
  pack     build, then write the NuGet packages to artifacts/packages
  try-packages  pack, then run the README's quick start from the packages in a new project outside the repository
  help     this text

  --torch  where TorchSharp comes from: nuget (the package), system (Debian's libtorch through compat/) or
           auto (ask the package feed). The choice is remembered. The variable TorchSource says the same.
TEXT
}

bad_usage() {
  echo "build.sh: $1" >&2
  usage >&2
  exit 2
}

fail() {
  printf 'build.sh: %s\n' "$@" >&2
  exit 1
}

# What a person needs of a log: its errors, or where it names none, its end.
show_log() {
  local errors='(: (fatal )?error[: ]|^E: )'
  if grep -qE "$errors" "$1"; then
    grep -E "$errors" "$1" | sort -u | head -n 20 | sed 's/^ */  /' >&2
  else
    tail -n 20 "$1" | sed 's/^/  /' >&2
  fi
}

# step LOG WHAT ADVICE COMMAND...: runs a command quietly; if it fails, says what failed, why, where to read on and what to do.
step() {
  local log=$logs/$1.log what=$2 advice=$3 code=0 started=$SECONDS
  shift 3
  echo "$what ..."
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [ "$code" -ne 0 ]; then
    echo "build.sh: $what failed (exit $code):" >&2
    show_log "$log"
    fail "The whole log: $log" "What to do: $advice"
  fi
  echo "$what: done in $((SECONDS - started)) s"
}

check_dotnet() {
  local version
  # Where Microsoft's install script puts it, which does not touch PATH.
  command -v dotnet >/dev/null || PATH=$PATH:${DOTNET_ROOT:-${HOME:-/root}/.dotnet}
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed and there is no 'dotnet' on the PATH." \
    "What to do: install it (https://dot.net/download, or on Ubuntu: apt-get install dotnet-sdk-10.0) and run this again."
  version=$(cd "$root" && dotnet --version 2>/dev/null) || version="none"
  case $version in
    [1-9][0-9].*) ;;
    *) fail "The .NET 10 SDK is needed; $(command -v dotnet) has SDK version: $version." \
      "What to do: install it (https://dot.net/download) and run this again." ;;
  esac
}

torch_version() {
  sed -n 's/.*Include="TorchSharp" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props"
}

# Asks whatever NuGet sources the user has for the two packages themselves, not for the libtorch they need, so that the answer is quick.
# Sets $answer to "yes" or "no"; an unreachable feed is neither.
ask_feed() {
  local folder=$root/artifacts/feed log=$logs/feed.log version code=0
  local -a limit=()
  version=$(torch_version)
  mkdir -p "$folder"
  cat >"$folder/feed.csproj" <<XML
<Project>
  <PropertyGroup>
    <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
    <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
    <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
  </PropertyGroup>
  <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="TorchSharp" Version="[$version]" />
    <PackageDownload Include="TorchSharp-cpu" Version="[$version]" />
  </ItemGroup>
  <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
</Project>
XML
  if command -v timeout >/dev/null; then limit=(timeout 90); fi
  echo "Asking the package feed for TorchSharp $version ..."
  ${limit[@]+"${limit[@]}"} dotnet restore "$folder/feed.csproj" --force -v minimal >"$log" 2>&1 </dev/null || code=$?
  if [ "$code" -eq 0 ]; then
    answer=yes
  elif ! grep -q 'NU1301' "$log" && grep -qE 'NU110[123]' "$log"; then
    answer=no
  else
    if [ "$code" -eq 124 ] || grep -q 'NU1301' "$log"; then
      echo "build.sh: the package feed could not be reached, so whether it carries TorchSharp is not known:" >&2
    else
      echo "build.sh: asking the package feed failed (exit $code):" >&2
    fi
    show_log "$log"
    fail "The whole log: $log" "What to do: check the network and the NuGet sources (dotnet nuget list source) and run this again," \
      "or choose without asking: --torch nuget, --torch system."
  fi
}

write_record() {
  cat >"$record.tmp" <<XML
<Project>
  <!-- Written by build.sh, which reads it too; without this file it chooses again. -->
  <PropertyGroup>
    <TorchSource Condition="'\$(TorchSource)' == ''">$1</TorchSource>
    <TorchSourceReason>$2</TorchSourceReason>
  </PropertyGroup>
</Project>
XML
  if ! cmp -s "$record.tmp" "$record"; then mv "$record.tmp" "$record"; else rm "$record.tmp"; fi
}

recorded() {
  if [ -f "$record" ]; then sed -n "s/.*<$1[^>]*>\\(.*\\)<\\/$1>.*/\\1/p" "$record"; fi
}

# Decides $source and $reason: what is asked for, else what is remembered for this version, else what the feed carries.
choose_source() {
  local version
  version=$(torch_version)
  source=$(recorded TorchSource)
  reason=$(recorded TorchSourceReason)
  case $wanted in
    nuget | system)
      if [ "$source" != "$wanted" ]; then
        source=$wanted
        reason="as asked"
        write_record "$source" "$reason"
      fi
      return ;;
    "")
      case "$source|$reason" in
        "nuget|as asked" | "system|as asked" | nuget\|*"TorchSharp $version" | system\|*"TorchSharp $version") return ;;
      esac ;;
  esac
  ask_feed
  if [ "$answer" = yes ] && feed_carries_libtorch; then
    source=nuget
    reason="the package feed carries TorchSharp $version"
  elif [ "$answer" = yes ]; then
    source=system
    reason="the package feed lacks the libtorch packages of TorchSharp $version"
  else
    source=system
    reason="the package feed does not carry TorchSharp $version"
  fi
  write_record "$source" "$reason"
}

# A mirror may hold TorchSharp without the large packages behind it; only fetching them tells.
feed_carries_libtorch() {
  local log=$logs/restore.log
  echo "Fetching TorchSharp and the libtorch packages (some hundred MB the first time) ..."
  if dotnet restore "$root/AdaQat.sln" -p:TorchSource=nuget >"$log" 2>&1 </dev/null; then return 0; fi
  if ! grep -q 'NU1301' "$log" && grep -E 'NU110[123]' "$log" | grep -qiE 'torch'; then return 1; fi
  echo "build.sh: fetching the packages failed:" >&2
  show_log "$log"
  fail "The whole log: $log" "What to do: check the network and the NuGet sources (dotnet nuget list source) and run this again."
}

# libtorch from somewhere else than Debian's package is the user's to name, in the variables CMake has for it.
own_libtorch() {
  [ -n "${Torch_DIR:-}${Torch_ROOT:-}${CMAKE_PREFIX_PATH:-}" ]
}

missing_packages() {
  command -v "${CXX:-g++}" >/dev/null || echo g++
  command -v cmake >/dev/null || echo cmake
  command -v make >/dev/null || echo make
  own_libtorch || [ "$(dpkg-query -W -f='${db:Status-Status}' libtorch-dev 2>/dev/null)" = installed ] || echo libtorch-dev
}

install_packages() {
  local -a install=(apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@") as_root=()
  if ! command -v apt-get >/dev/null; then
    fail "Missing on this machine: $*; and there is no apt-get to install them with." \
      "What to do: on Debian or Ubuntu nothing else is needed. Elsewhere install a C++17 compiler, make, cmake and libtorch" \
      "(unpacked anywhere; set CMAKE_PREFIX_PATH to its folder), or use a package feed that carries TorchSharp (--torch nuget)."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "Missing on this machine: $*; installing them needs root, and there is no sudo." \
      "What to do: as root, run: apt-get update && apt-get install -y $*; then run this again."
    as_root=(sudo)
    [ -t 0 ] && [ -t 2 ] || as_root=(sudo -n)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  apt_get() {
    # The lists on the machine may be absent or too old to install from; then, and only then, they are fetched.
    "${as_root[@]}" "${install[@]}" || { "${as_root[@]}" apt-get update && "${as_root[@]}" "${install[@]}"; }
  }
  step apt "Installing $* with apt" "run: apt-get update && apt-get install -y $* (as root), see what it says, then run this again." apt_get
}

bridge_inputs() {
  (
    cd "$native"
    find . -path ./build -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    echo "$native" "${CXX:-}" "${Torch_DIR:-}" "${Torch_ROOT:-}" "${CMAKE_PREFIX_PATH:-}"
    own_libtorch || dpkg-query -W libtorch-dev
  ) | sha256sum
}

compile_bridge() {
  local jobs
  jobs=$(nproc 2>/dev/null || echo 2)
  rm -rf "$native/build"
  # Each compilation of libtorch's headers takes about a gigabyte of memory.
  cmake -S "$native" -B "$native/build" -DCMAKE_BUILD_TYPE=Release && cmake --build "$native/build" --parallel "$((jobs < 4 ? jobs : 4))"
}

build_bridge() {
  local stamp=$native/build/inputs.sha256 inputs
  inputs=$(bridge_inputs)
  if [ -f "$bridge" ] && [ -d "$(cached_torch_dir)" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ]; then return; fi
  step bridge "Building the bridge to libtorch" \
    "if libtorch's headers or libraries are missing: apt-get install --reinstall libtorch-dev; then run this again." compile_bridge
  [ -f "$bridge" ] || fail "Building the bridge to libtorch left no $bridge." "The whole log: $logs/bridge.log"
  echo "$inputs" >"$stamp"
}

cached_torch_dir() {
  sed -n 's/^Torch_DIR:[A-Z]*=//p' "$native/build/CMakeCache.txt" 2>/dev/null || true
}

libtorch_version() {
  local version
  if own_libtorch; then
    version=$(sed -n 's/.*set(PACKAGE_VERSION "\(.*\)").*/\1/p' "$(cached_torch_dir)/TorchConfigVersion.cmake" 2>/dev/null || true)
  else
    version=$(dpkg-query -W -f='${Version}' libtorch-dev)
  fi
  echo "${version%%[+-]*}"
}

setup() {
  local -a missing
  if ! { mkdir -p "$logs" && [ -w "$root" ] && [ -w "$logs" ]; } 2>/dev/null; then
    fail "Cannot write to $root." "What to do: use a copy of the repository that you may write to."
  fi
  check_dotnet
  choose_source
  if [ "$source" = system ]; then
    read -r -d '' -a missing < <(missing_packages) || true
    if [ "${#missing[@]}" -gt 0 ]; then install_packages "${missing[@]}"; fi
    build_bridge
    echo "TorchSharp: system libtorch $(libtorch_version) through compat/ ($reason)"
  else
    echo "TorchSharp: package $(torch_version) ($reason)"
  fi
}

# build PROJECT: the solution, or the one project that a verb needs.
build() {
  local advice="fix the errors above; if a package could not be found, check the NuGet sources (dotnet nuget list source) and the network."
  if [ "$source" = nuget ]; then advice="$advice Where TorchSharp itself is missing: ./build.sh setup --torch auto"; fi
  step build "Building" "$advice" dotnet build "$root/$1" -c Release --nologo -v quiet -tl:off
}

# Sums one counter over the result files of all test assemblies.
count() {
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -oE " ($1)=\"[0-9]+\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }' || true
}

run_tests() {
  local code=0 passed failed
  results=$root/artifacts/test-results
  rm -rf "$results"
  echo "Testing ..."
  # A test host that hangs or crashes is ended, and the test that it was in is named.
  dotnet test "$root/AdaQat.sln" -c Release --no-build --nologo --results-directory "$results" --logger "console;verbosity=minimal" \
    --logger "trx;LogFilePrefix=tests" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" 2>&1 </dev/null | tee "$logs/test.log" || code=$?
  passed=$(count passed)
  failed=$(count 'failed|error|timeout|aborted')
  if [ "$code" -ne 0 ]; then
    # A crash of the test host ends the run without a count.
    if [ "$failed" -eq 0 ]; then failed=1; fi
    echo "build.sh: the tests failed (exit $code). The whole log: $logs/test.log; results: $results" >&2
  elif [ "$passed" -eq 0 ]; then
    echo "build.sh: no test ran." >&2
    code=1
  fi
  echo "$passed passed, $failed failed"
  return "$code"
}

# The program takes the place of this script, so that Ctrl-C and its exit code are its own; its paths are relative to the user's folder.
run_program() {
  local program=$root/$1/bin/Release/net10.0/${1##*/}.dll
  shift
  cd "$called_from"
  exec dotnet "$program" "$@"
}

pack() {
  local packages=$root/artifacts/packages
  rm -rf "$packages"
  step pack "Packing" "fix the errors above and run this again." dotnet pack "$root/AdaQat.sln" -c Release --no-build --nologo -v quiet -tl:off -o "$packages"
  find "$packages" -name '*.nupkg' | sort
}

try_packages() {
  step packages "Running the quick start from the packages" "see the log; docs/packages.md says what this does." \
    "$root/tests/Packages/quick-start.sh" "$root/artifacts/packages" "$source"
}

verb=
wanted=${TorchSource:-}
separated=no
while [ $# -gt 0 ]; do
  case $1 in
    --) separated=yes; shift; break ;;
    --torch) [ $# -gt 1 ] || bad_usage "--torch needs a value: auto, nuget or system"; wanted=$2; shift ;;
    --torch=*) wanted=${1#*=}; [ -n "$wanted" ] || bad_usage "--torch needs a value: auto, nuget or system" ;;
    -h | --help) verb=help ;;
    -*) bad_usage "unknown option '$1' (options for the program go behind --)" ;;
    *) [ -z "$verb" ] || bad_usage "one verb at a time: '$verb' or '$1'"; verb=$1 ;;
  esac
  shift
done
case $wanted in
  "" | auto | nuget | system) ;;
  *) bad_usage "unknown TorchSharp source '$wanted'; allowed: auto, nuget, system" ;;
esac
case $verb in
  help) usage; exit ;;
  setup | build | pack | try-packages) [ "$separated" = no ] || bad_usage "'$verb' takes no options behind --" ;;
  test | sample | bench | soak | study) ;;
  "") bad_usage "no verb given" ;;
  *) bad_usage "unknown verb '$verb'" ;;
esac

# MSBuild reads the environment too; from here on the record alone decides.
unset TorchSource
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
cd "$root"
setup
case $verb in
  setup) ;;
  build) build AdaQat.sln ;;
  test) build AdaQat.sln; run_tests "$@" ;;
  sample) build samples/ResNet20Cifar; run_program samples/ResNet20Cifar "$@" ;;
  bench) build benchmarks/AdaQat.Benchmarks; run_program benchmarks/AdaQat.Benchmarks "$@" ;;
  soak) build benchmarks/AdaQat.Benchmarks; run_program benchmarks/AdaQat.Benchmarks soak "$@" ;;
  study) build studies/AdaQat.Studies; run_program studies/AdaQat.Studies "$@" ;;
  pack) build AdaQat.sln; pack ;;
  try-packages) build AdaQat.sln; pack; try_packages ;;
esac
