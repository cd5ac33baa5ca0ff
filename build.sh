#!/usr/bin/env bash
# Prepares this machine (SDK check, C toolchain, tools) and hands over to build.cake.
# Usage: ./build.sh [run|test|publish|bench|bench-steps|fuzz|soak|screenshots|pack|format|clean] [--filter EXPRESSION] [...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf 'build.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

target=${1:-test}
[ $# -gt 0 ] && shift
case "${target,,}" in
  run | test | publish | bench | bench-steps | fuzz | soak | screenshots | pack | format | clean) ;;
  -h | --help | help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
  *) die "unknown target '$target'. Use one of run, test, publish, bench, bench-steps, fuzz, soak, screenshots, pack, format, clean." ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
# Without libicu a .NET process stops at start, unless it is told to do without cultures. Nothing here needs them.
if [ -z "${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-}" ] && ! compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null && ! compgen -G '/usr/lib*/libicuuc.so.*' >/dev/null; then
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
fi
# NuGet and the tools keep their caches below HOME.
[ -n "${HOME:-}" ] && [ -w "$HOME" ] || { HOME=$(mktemp -d); export HOME; say "HOME is not writable: using $HOME for caches."; }
[ -t 1 ] || export NO_COLOR=1

wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json)
command -v dotnet >/dev/null || die "the .NET SDK is not on PATH. Install SDK $wanted or a newer 10.0 one (https://dot.net/download) and put it on PATH."
if ! found=$(dotnet --version 2>/dev/null); then
  dotnet --list-sdks >&2 || true
  die "none of the .NET SDKs listed above satisfies global.json. Install SDK $wanted or a newer 10.0 one (https://dot.net/download)."
fi

updated=
# install PACKAGES... -- REASON: installs Debian packages, as root or through a sudo that asks nothing.
install() {
  local packages=() as_root=()
  while [ "$1" != -- ]; do packages+=("$1"); shift; done
  shift
  command -v apt-get >/dev/null || die "missing: ${packages[*]} ($*). There is no apt-get here: install them with this system's package manager."
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || die "missing: ${packages[*]} ($*). Run: sudo apt-get install ${packages[*]}"
    as_root=(sudo -n)
  fi
  say "installing ${packages[*]}: $*"
  local log; log=$(mktemp)
  if [ -z "$updated" ]; then
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 </dev/null || say "apt-get update failed, going on: $(tail -n 1 "$log")"
    updated=1
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}" >"$log" 2>&1 </dev/null ||
    { cat "$log" >&2; die "apt-get could not install ${packages[*]} ($*). Install them by hand and start again."; }
  rm -f "$log"
}

# unserved PACKAGES... -- REASON: installs them, and tells Debian to start none of their services while it does.
unserved() {
  local policy=/usr/sbin/policy-rc.d as_root=() mine=
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null 2>&1; then
    mine=1
    trap "${as_root[*]} rm -f $policy" EXIT # install ends this script when it fails
    "${as_root[@]}" chmod 755 "$policy"
  fi
  install "$@"
  [ -z "$mine" ] || { "${as_root[@]}" rm -f "$policy"; trap - EXIT; }
}

compiles() { printf '#include <stdlib.h>\n#include <pthread.h>\nint main(void){return 0;}\n' | "$1" -x "$2" - -pthread -o /dev/null 2>/dev/null; }

tools() { # tools REASON COMMAND=PACKAGE...: installs what is missing, all at once
  local reason=$1 missing=() pair; shift
  for pair in "$@"; do command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}"); done
  [ ${#missing[@]} -eq 0 ] || install "${missing[@]}" -- "$reason"
}

backends() { # Redis and PostgreSQL
  # Its redis-check-rdb is the server under another name; the package redis-server would start a service of the system.
  tools "the cache is tried on a real Redis" redis-check-rdb=redis-tools redis-cli=redis-tools
  # Their services would start by themselves; tests and benchmarks start one of their own, so nothing is to run beside it.
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || unserved postgresql -- "tests and benchmarks start PostgreSQL servers of their own"
}

browser() { [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || install chromium -- "the Admin UI is tried in it"; }

peers() { # servers of other makes, measured beside the gateway; no service of them is started
  command -v nginx >/dev/null && [ -e /usr/share/nginx/modules/ngx_http_lua_module.so ] || unserved nginx libnginx-mod-http-lua -- "the gateway is measured beside nginx, alone, with Lua and as a proxy"
  tools "the gateway is measured beside Kore" kore=kore
  if command -v cargo >/dev/null; then
    compgen -G '/usr/share/cargo/registry/hyper-0.14*' >/dev/null && compgen -G '/usr/share/cargo/registry/libloading-0.7*' >/dev/null && compgen -G '/usr/share/cargo/registry/tokio-1*' >/dev/null ||
      install librust-hyper-dev librust-tokio-dev librust-libloading-dev -- "the gateway is measured beside its architecture in Rust, from Debian's crates"
  else
    say "there is no cargo: the comparison with the architecture in Rust is left out"
  fi
}

case "${target,,}" in
  run | publish | test | bench | pack | fuzz | soak | screenshots)
    compiles gcc c || install gcc libc6-dev -- "NativeAOT links with them, and the C handlers are compiled with them"
    tools "the Admin UI is bundled with them" node=nodejs npm=npm ;;
esac
case "${target,,}" in
  test)
    compiles g++ c++ || install g++ -- "the header is checked as C++17"
    tools "the end-to-end tests use them" curl=curl wrk=wrk h2load=nghttp2-client openssl=openssl ps=procps
    tools "the Debian package is made with them" dpkg-deb=dpkg gzip=gzip strip=binutils
    tools "the package is tried in a systemd of its own, in namespaces" /lib/systemd/systemd=systemd systemd-analyze=systemd unshare=util-linux nsenter=util-linux
    tools "compilers are isolated with it" bwrap=bubblewrap
    tools "the defences are tried against a real attack tool" slowhttptest=slowhttptest
    browser
    backends
    [ -x /usr/bin/swift-proxy-server ] && [ -x /usr/bin/swift-object-server ] ||
      unserved swift-proxy swift-account swift-container swift-object python3-swift -- "the S3 server of the storage tests"
    tools "the completion scripts are tried in them" zsh=zsh fish=fish ;;
  bench-steps)
    compiles gcc c || install gcc libc6-dev -- "NativeAOT links with them, and the C handlers are compiled with them" ;;
  pack)
    tools "the Debian package is made with them" dpkg-deb=dpkg gzip=gzip strip=binutils ;;
  screenshots)
    tools "compilers are isolated with it" bwrap=bubblewrap
    tools "pictures are made small with it" pngquant=pngquant
    browser ;;
  fuzz)
    # Unpacked beside the build instead of installed: the package brings clang along, which NativeAOT would link with from then on.
    if ! command -v afl-fuzz >/dev/null && [ ! -x tools/afl/usr/bin/afl-fuzz ]; then
      say "unpacking AFL++ into tools/afl: the fuzz targets run under it"
      mkdir -p tools/afl && (cd tools/afl && apt-get download -q afl++ >/dev/null && dpkg -x afl++_*.deb .) || die "AFL++ could not be unpacked. Put afl-fuzz on PATH and start again."
    fi
    export PATH="$PATH:$PWD/tools/afl/usr/bin"
    (cd tests/Fuzz && dotnet tool restore >/dev/null) || die "SharpFuzz.CommandLine could not be restored. Check that NuGet's package source can be reached." ;;
  bench)
    tools "compilers are isolated with it" bwrap=bubblewrap
    tools "the load comes from them" wrk=wrk h2load=nghttp2-client
    tools "the defences are tried against a real attack tool" slowhttptest=slowhttptest
    peers
    backends ;;
esac

dotnet tool restore >/dev/null || die "the Cake tool could not be restored. Check that NuGet's package source can be reached: dotnet nuget list source"
# A script cache keeps the compiled build.cake below tools/: two seconds less per call.
cake=(dotnet cake build.cake --target="${target,,}" --settings_enablescriptcache=true "$@")
[ "${target,,}" = test ] || exec "${cake[@]}" </dev/null

summary=artifacts/test-results/summary.txt
rm -f "$summary"
"${cake[@]}" </dev/null && code=0 || code=$?
if [ -f "$summary" ]; then cat "$summary"; else say "the build failed before any test ran"; fi
exit "$code"
