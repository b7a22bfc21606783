#!/usr/bin/env bash
# Restores the packages in a folder into a new project outside the repository, as a user would, and trains the README's quick start there.
# usage: tests/Packages/quick-start.sh PACKAGES-FOLDER nuget|system
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
packages=$(cd "$1" && pwd)
source=$2
version=$(basename "$packages"/AdaQat.Core.*.nupkg .nupkg)
version=${version#AdaQat.Core.}
torch=$(sed -n 's/.*Include="TorchSharp" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")

user=$(mktemp -d)
trap 'rm -rf "$user"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
unset TorchSource

# The stand-in as a package, on a feed and in a cache of this run alone: nobody else's projects must ever find it.
pack_stand_in() {
  local machine
  case $(uname -m) in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) machine=$(uname -m) ;; esac
  cat >"$user/TorchSharp.nuspec" <<XML
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>TorchSharp</id>
    <version>$torch</version>
    <authors>AdaQat</authors>
    <description>The stand-in for TorchSharp over the system's libtorch, for this test alone.</description>
    <dependencies><group targetFramework="net10.0" /></dependencies>
  </metadata>
  <files>
    <file src="$root/compat/TorchSharp/bin/Release/net10.0/TorchSharp.dll" target="lib/net10.0" />
    <file src="$root/compat/native/build/libadaqat_torch.so" target="runtimes/linux-$machine/native" />
  </files>
</package>
XML
  dotnet pack "$root/compat/TorchSharp" -c Release --no-build --nologo -v quiet -tl:off -p:IsPackable=true -p:IncludeSymbols=false \
    -p:NuspecFile="$user/TorchSharp.nuspec" -o "$user/feed"
}

mkdir "$user/feed" "$user/app"
backend= fallback= clear=
case $source in
  system) pack_stand_in; clear="<clear />" ;;
  nuget)
    backend="<PackageReference Include=\"TorchSharp-cpu\" Version=\"$torch\" />"
    # What is on the machine already need not be fetched again; only read, never written.
    fallback=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //') ;;
  *) echo "quick-start.sh: '$source' is no TorchSharp source; allowed are nuget and system" >&2; exit 2 ;;
esac
export NUGET_PACKAGES=$user/cache

cat >"$user/nuget.config" <<XML
<configuration>
  <packageSources>
    $clear
    <add key="adaqat" value="$packages" />
    <add key="stand-in" value="$user/feed" />
  </packageSources>
</configuration>
XML

cat >"$user/app/QuickStart.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <NuGetAudit>false</NuGetAudit>
    <UseAppHost>false</UseAppHost>
    <RestoreFallbackFolders>$fallback</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="AdaQat" Version="$version" />
    $backend
  </ItemGroup>
</Project>
XML

# The first C# block of the README, word for word, after what it takes for granted: a model, its loss, an example and batches.
awk '/^```csharp$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$root/README.md" >"$user/quick-start.txt"
grep -q 'QuantizedModel.Attach' "$user/quick-start.txt"
{
  grep -E '^using [A-Z][A-Za-z.]*;' "$user/quick-start.txt"
  cat <<'CS'
using TorchSharp;
using static TorchSharp.torch;

manual_seed(1);
var model = nn.Sequential(
    ("conv1", nn.Conv2d(3, 8, 3, padding: 1)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(8, 8, 3, padding: 1)), ("relu2", nn.ReLU()),
    ("flatten", nn.Flatten()), ("fc", nn.Linear(512, 10)));
var criterion = nn.CrossEntropyLoss();
var batches = Enumerable.Range(0, 20).Select(_ => (randn(8, 3, 8, 8), randint(0, 10, 8))).ToList();
var exampleInput = batches[0].Item1;

CS
  grep -vE '^using [A-Z][A-Za-z.]*;' "$user/quick-start.txt"
  echo 'if (!quantized.Widths.All(w => w.Value < 8)) throw new Exception("The widths did not move.");'
} >"$user/app/Program.cs"

dotnet build "$user/app" -c Release --nologo -v quiet -tl:off
dotnet "$user/app/bin/Release/net10.0/QuickStart.dll" | tee "$user/output.txt"
grep -q '^conv2 .*Conv2d' "$user/output.txt"
for name in adaqat adaqat.core adaqat.quantizers; do
  [ -d "$user/cache/$name/$version" ] || { echo "quick-start.sh: the package $name was not restored" >&2; exit 1; }
done
echo "The quick start ran from the packages $version."
