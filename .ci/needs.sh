# What ./run and ./test need on this machine. Debian's packages are installed where that is allowed; otherwise a sentence
# says what is missing. Sourced, not run.

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

need_dotnet() {
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
  command -v dotnet >/dev/null || PATH="$PATH:$HOME/.dotnet"
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' ||
    fail "the .NET 10 SDK is missing; get it from https://dotnet.microsoft.com/download/dotnet/10.0, or by: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
}

has_postgres() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null
}

has_chromium() {
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ]
}

has_node() {
  command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ]
}

has_poppler() {
  command -v pdftotext >/dev/null && command -v pdftoppm >/dev/null
}

# need <test> <what> <package...>: installs the packages unless the test holds.
need() {
  local test=$1 what=$2
  shift 2
  "$test" && return
  command -v apt-get >/dev/null || fail "$what is missing; install it and try again."
  local as_root=()
  [ "$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && as_root=(sudo -n); } ||
    fail "$what is missing; install it with: sudo apt-get install $*"
  # Tender brings up a PostgreSQL of its own: the package's need not run.
  [ -d /etc/postgresql-common ] || "${as_root[@]}" sh -c 'mkdir -p /etc/postgresql-common/createcluster.d && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/tender.conf'
  local log
  log=$(mktemp)
  { "${as_root[@]}" apt-get update && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 ||
    { tail -5 "$log" >&2; fail "$what could not be installed (apt-get install $*; log: $log)."; }
  rm -f "$log"
  "$test" || fail "$what is still missing after apt-get install $*."
}
