#!/usr/bin/env bash
# Installs what is missing, builds what is stale, runs the right program. `./m3 --help` lists the commands.
# Everything this script itself says goes to standard error, so that `--json` leaves standard output to the program.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
configuration=Release
setup="$root ${TorchBackend:-cpu}"                 # what build output depends on beside the sources

# The product needs the .NET SDK and NuGet alone. Debian packages serve tests: other languages' clients, a database server, a checker of units, a browser.
test_packages=(python3-grpcio python3-protobuf postgresql systemd chromium)

product_projects=(src/M3.Adaptive.Service src/M3.Adaptive.Cli)
training_projects=(training/M3.Adaptive.Training)
benchmark_projects=(tests/M3.Adaptive.Benchmarks)

usage() {
  cat <<'END'
M3.Adaptive spends the right number of visual tokens on every question about a picture.

  ./m3 demo                      start the service, ask the test questions, show routes, costs and savings
  ./m3 demo retrain              traffic shifts: drift, audits, retraining, gate, promotion; a poisoned update is refused
  ./m3 test [--filter TEXT]      run every test, or those whose full name contains TEXT
  ./m3 format [--fix]            check the format of every C# file, or repair it

  ./m3 serve                     answer over gRPC until stopped
  ./m3 playground                the same, and open its page to ask in
  ./m3 ask IMAGE QUESTION        ask a running service; without one, a private one for this call
  ./m3 status                    what a running service is doing
  ./m3 load                      send questions at a stated rate; throughput, latency, scales, charges
  ./m3 outcome ID VERDICT        tell it what became of an answer: right, wrong or unknown
  ./m3 budget                    set, show and audit what tenants may be charged
  ./m3 key                       make, list and revoke callers' keys
  ./m3 decisions                 write decisions to a file; read those of earlier versions

  ./m3 data                      generate pictures with questions (Granular VQA)
  ./m3 train                     train a model on them
  ./m3 label                     label a data set: is the answer right at each scale
  ./m3 predictor train|retrain|eval
                                 train the predictor that chooses scales, retrain it on what traffic shows, judge it
  ./m3 predictor list|show|diff|shadow|canary|promote|rollback
                                 which version of it serves, is tried, or is taken back
  ./m3 eval                      accuracy of a model at every scale, per family, against the oracle
  ./m3 inspect DIR               what a checkpoint folder holds
  ./m3 bench NAME                measure this machine: model, memory, store, peers

Every command has --help, most have --json, and ./m3 --version tells the version. Exit codes: 0 success, 1 a failure of ours,
2 wrong use or input, 130 interrupted. Run-time state lies under $M3_STATE (default ~/.local/state/m3). What tests and drawing
pictures need of Debian's packages is installed by apt where it is missing; M3_SKIP_APT=1 leaves that to you.
END
}

say() { printf '%s\n' "$*" >&2; }
fail() { say "m3: $*"; exit 1; }
misuse() { say "m3: $*"; exit 2; }

# --- system packages ---------------------------------------------------------------------------------------------------

install_packages() {
  [ "${M3_SKIP_APT:-}" != 1 ] || return 0
  command -v dpkg-query > /dev/null ||
    fail "this is no Debian system; install what these packages hold, then set M3_SKIP_APT=1: $*"

  local installed package missing=()
  installed=" $(dpkg-query --show --showformat '${db:Status-Status}:${Package} ' "$@" 2> /dev/null || true)"
  for package in "$@"; do
    [[ $installed == *" installed:$package "* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null ||
      fail "these packages are missing, and this user is neither root nor has sudo; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "m3: installing ${missing[*]}"
  "${as_root[@]}" apt-get -qq update >&2 || fail "apt-get update failed; repair it and try again"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install: ${missing[*]}"
}

# Node.js may come from anywhere; Debian's is taken only where there is none.
install_node() {
  command -v npm > /dev/null && command -v node > /dev/null || install_packages nodejs npm
}

# What drawing pictures needs: typefaces, icons. Its own script also serves those who only make data.
install_drawing() {
  install_node
  "$root/training/install-data-assets.sh" >&2 || fail "what drawing pictures needs could not be installed"
}

# --- build -------------------------------------------------------------------------------------------------------------

# Up to date while nothing below the source folders is newer than the stamp. Folders count as well, as their time changes
# when a file is added or removed; so do the place of the checkout, as build output holds absolute paths, and the backend.
is_fresh() {
  local stamp="$root/artifacts/$1.stamp"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$setup" ] && [ -z "$(cd "$root" && find src training tests protos Directory.* \
    .editorconfig BannedSymbols.txt global.json M3.Adaptive.sln \
    \( -name node_modules -o -name bin -o -name obj -o -name __pycache__ \) -prune -o -newer "$stamp" -print -quit)" ]
}

# build TARGET PROJECT...: builds the projects unless TARGET, or everything, is up to date.
build() {
  local target=$1 project
  shift
  [[ ${TorchBackend:-cpu} =~ ^(cpu|cuda)$ ]] || misuse "TorchBackend is cpu or cuda, not '$TorchBackend'"
  mkdir -p "$root/artifacts"
  exec 9> "$root/artifacts/build.lock"
  flock 9
  if ! is_fresh all && ! is_fresh "$target"; then
    say "m3: building $target"
    local stamp begun="$root/artifacts/$target.begun"
    # Targets share projects: what was built with another backend, or elsewhere, is no longer what its stamp says.
    for stamp in "$root"/artifacts/*.stamp; do
      [ ! -f "$stamp" ] || [ "$(cat "$stamp")" = "$setup" ] || rm "$stamp"
    done
    printf '%s' "$setup" > "$begun"           # older than any file that changes while the build runs
    for project in "$@"; do
      # "dotnet build" would add a summary of warnings that are none of the user's.
      dotnet msbuild "$root/$project" -restore "-property:Configuration=$configuration" -nologo -verbosity:quiet -terminalLogger:off \
        -consoleLoggerParameters:ErrorsOnly >&2 9>&- ||
        fail "the build failed"
    done
    mv "$begun" "$root/artifacts/$target.stamp"
  fi
  exec 9>&-
}

program() { printf '%s' "$root/artifacts/bin/$1/${configuration,,}/$1.dll"; }

# --- commands ----------------------------------------------------------------------------------------------------------

prepare_environment() {
  # The SDK's installer script puts it under the home folder, which is not on every PATH.
  if ! command -v dotnet > /dev/null && [ -x "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet" ]; then
    PATH="${DOTNET_ROOT:-$HOME/.dotnet}:$PATH"
  fi
  command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK=1
  export MSBUILDDISABLENODEREUSE=1
  # A bare Debian has no ICU; no part of the product uses a culture.
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}

  # Operators' threads sleep while they wait. Spinning ones are 15 % quicker on idle cores, and take twice to seven times as long as
  # sleeping ones where another process wants a core, too (tests/M3.Adaptive.Benchmarks/Model/README.md).
  export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
}

run_tests() {
  local filter=
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        echo "Usage: ./m3 test [--filter TEXT]"
        echo "Runs every test, or those whose full name contains TEXT. The last line is: N passed, N failed."
        return 0 ;;
      --filter)
        [ $# -ge 2 ] && [ -n "$2" ] || misuse "--filter needs a text, as in: ./m3 test --filter Tokenizer"
        filter=$2
        shift 2 ;;
      --filter=?*) filter=${1#--filter=}; shift ;;
      *) misuse "unknown argument '$1'; usage: ./m3 test [--filter TEXT]" ;;
    esac
  done

  install_packages "${test_packages[@]}"
  install_drawing
  build all M3.Adaptive.sln

  local passed=0 failed=0
  run_assemblies
  if [ $((passed + failed)) = 0 ]; then
    echo "0 passed, 0 failed"
    misuse "no test's full name contains '$filter'"
  fi
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# No project is evaluated, so the first test starts at once. The trainings' tests are half of the work and wait for nothing, the others wait for servers,
# processes and browsers: they share the cores, and the others come first.
run_assemblies() {
  local project trainings=M3.Adaptive.Training.Tests others=() arguments=() status=0
  local output="$root/artifacts/test-output.txt" trainings_output="$root/artifacts/test-output-trainings.txt"
  for project in "$root"/tests/*.Tests/*.csproj; do
    project=$(basename "$project" .csproj)
    [ "$project" = $trainings ] || others+=("$(program "$project")")
  done
  if [ -n "$filter" ]; then
    local text
    text=$(sed 's/[\\()&|=!~]/\\&/g' <<< "$filter")
    arguments=(--filter "FullyQualifiedName~$text|DisplayName~$text")
  fi
  arguments+=(--nologo --logger "console;verbosity=minimal")

  set -m                                           # a process group of its own, which ends with this script
  nice -n 10 dotnet test "$(program $trainings)" "${arguments[@]}" > "$trainings_output" 2>&1 < /dev/null &
  trainings_run=$!
  set +m
  trap 'kill -TERM -- "-$trainings_run" 2> /dev/null || true' EXIT
  dotnet test "${others[@]}" "${arguments[@]}" | tee "$output" || status=$?
  wait "$trainings_run" || status=$?
  trap - EXIT
  tee -a "$output" < "$trainings_output"

  # One line an assembly: "Passed!  - Failed:     0, Passed:   835, Skipped:     0, Total:   835, ...".
  read -r passed failed < <(awk '/ - Failed: .*, Passed: .*, Total: / { gsub(",", ""); for (i = 1; i < NF; i++) count[$i] += $(i + 1) }
    END { print count["Passed:"] + 0, count["Failed:"] + 0 }' "$output")
  if [ $status != 0 ] && [ "$failed" = 0 ]; then
    say "m3: the test run ended with exit code $status and no failed test: a test process died, or an assembly was not found"
    failed=1
  fi
}

# Works on the text alone: nothing is restored or built for it.
check_format() {
  local arguments=(--verify-no-changes)
  case ${1:-} in
    '') ;;
    --fix) arguments=() ;;
    -h | --help)
      echo "Usage: ./m3 format [--fix]"
      echo "Checks the white space of every C# file against .editorconfig; --fix repairs it."
      return 0 ;;
    *) misuse "unknown argument '$1'; usage: ./m3 format [--fix]" ;;
  esac
  dotnet format whitespace "$root" --folder --exclude "$root/artifacts" "${arguments[@]}" >&2 ||
    fail "some files are not formatted; repair them with: ./m3 format --fix"
}

# The version that builds carry, and the commit where this is a checkout.
show_version() {
  local version commit
  version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
  commit=$(git -C "$root" describe --always --dirty --abbrev=12 2> /dev/null) || commit='no git checkout'
  echo "m3 $version ($commit)"
}

main() {
  # A child that was interrupted says so with an exit code of its own; ours is what shells expect.
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [ $# -gt 0 ] || { usage >&2; exit 2; }
  local command=$1
  shift
  case $command in
    -h | --help | help)
      usage
      return 0 ;;
    --version)
      show_version ;;
    test)
      prepare_environment
      run_tests "$@" ;;
    format)
      prepare_environment
      check_format "$@" ;;
    serve)
      prepare_environment
      build product "${product_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Service)" "$@" ;;
    playground)
      prepare_environment
      build product "${product_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Service)" serve --open "$@" ;;
    budget | key | decisions)
      prepare_environment
      build product "${product_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Service)" "$command" "$@" ;;
    demo)
      prepare_environment
      if [ "${1:-}" = retrain ]; then
        build training "${training_projects[@]}"
        exec dotnet "$(program M3.Adaptive.Training)" demo "$@"
      fi
      build product "${product_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Cli)" demo "$@" ;;
    ask | load | outcome | status)
      prepare_environment
      build product "${product_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Cli)" "$command" "$@" ;;
    predictor)
      prepare_environment
      local argument
      for argument in "$@"; do
        [[ $argument = --server || $argument = --server=* ]] || continue
        build product "${product_projects[@]}"       # the registry of a service, wherever that runs, instead of this machine's
        exec dotnet "$(program M3.Adaptive.Cli)" "$command" "$@"
      done
      # Training and judging need labels and the network; what serves is the service's affair.
      case ${1:-} in
        list | show | diff | shadow | canary | promote | rollback)
          build product "${product_projects[@]}"
          exec dotnet "$(program M3.Adaptive.Service)" "$command" "$@" ;;
        retrain)
          build training "${training_projects[@]}"
          # Beside a service: on one processor unless told otherwise, and only what others leave of it.
          local behind=(nice -n 19)
          ! command -v chrt > /dev/null || behind+=(chrt --idle 0)
          exec env DOTNET_PROCESSOR_COUNT="${DOTNET_PROCESSOR_COUNT:-1}" "${behind[@]}" dotnet "$(program M3.Adaptive.Training)" "$command" "$@" ;;
        *)
          build training "${training_projects[@]}"
          exec dotnet "$(program M3.Adaptive.Training)" "$command" "$@" ;;
      esac ;;
    label | eval | inspect)
      prepare_environment
      build training "${training_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Training)" "$command" "$@" ;;
    data | train)
      prepare_environment
      install_drawing
      build training "${training_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Training)" "$command" "$@" ;;
    bench)
      prepare_environment
      build benchmarks "${benchmark_projects[@]}"
      exec dotnet "$(program M3.Adaptive.Benchmarks)" "$@" ;;
    *)
      misuse "there is no command '$command'; ./m3 --help lists them" ;;
  esac
}

main "$@"
