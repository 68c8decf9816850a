# shellcheck shell=bash
# How setup runs its parts: in lines of work side by side, one printed line for each part when it is done, a sign of
# life while it runs, and the end of its log when it fails.
# shellcheck disable=SC2154 # cache and host_path come from scripts/setup

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
printed=$state/printed # parts write here and only the foreground prints, so that nothing is torn
: >"$printed"
exec 8<"$printed"

# --- said by a part's function ---

# What it is doing now, for the sign of life.
step() {
  printf '%s %s\n' "$SECONDS" "$*" >"$state/$part.step"
  echo "== $*"
}

# What there is in the end: found <version> <words>
found() { printf '%-12s %s' "$1" "$2" >"$state/$part.found"; }

# Ends the part with words that help, instead of the end of its log.
give_up() {
  echo "$*" >"$state/$part.why"
  exit 1
}

# --- running ---

# part <name> <function>: a failure ends the line of work that it belongs to, not the others.
part() {
  local part=$1 begin=$SECONDS log=$cache/log/$1.log code=0 text
  # Not in a condition: bash would then ignore set -e inside the function.
  set +e
  (set -e; step looking; "$2") >"$log" 2>&1 </dev/null
  code=$?
  set -e
  if [ $code = 0 ]; then
    text=$(cat "$state/$part.found")
  else
    echo "$part" >>"$state/failed"
    text="FAILED: $(cat "$state/$part.why" 2>/dev/null || { echo "$log ends with"; tail -n 20 "$log"; })"
  fi
  rm "$state/$part.step"
  printf '%-11s %s (%d s)\n' "$part" "$text" $((SECONDS - begin)) >>"$printed"
  return $code
}

# start <line of work>: a process group of its own, so that Ctrl-C can end all that it runs.
start() {
  set -m
  "$@" 8<&- &
  set +m
  lines_of_work="${lines_of_work:-} $!"
}

stop() {
  local line
  for line in $lines_of_work; do kill -- "-$line" 2>/dev/null || true; done
  echo >&2
  exit 130
}

# Prints what the parts say until all are done. A terminal's last line is rewritten each second; elsewhere a line
# comes each 10 s.
watch() {
  local beat=$SECONDS every=10
  if [ -t 1 ]; then every=1; fi
  trap stop INT TERM
  while print_done; still_working; do
    if [ $((SECONDS - beat)) -ge $every ]; then
      beat=$SECONDS
      print_doing
    fi
    sleep 0.1
  done
  print_done
  if [ -e "$state/failed" ]; then
    echo "not ready: $(paste -sd ' ' "$state/failed"); logs are in $cache/log" >&2
    exit 1
  fi
}

still_working() {
  local line
  for line in $lines_of_work; do
    if kill -0 "$line" 2>/dev/null; then return; fi
  done
  return 1
}

print_done() {
  local text
  while IFS= read -r text <&8; do
    if [ -t 1 ]; then printf '\r\033[K'; fi
    printf '%s\n' "$text"
  done
}

print_doing() {
  local file name begin words all=""
  for file in "$state"/*.step; do
    # A part may end, and its file go, between the listing and the reading.
    read -r begin words 2>/dev/null <"$file" || continue
    name=$(basename "$file" .step)
    all="$all${all:+ | }$name: $words, $((SECONDS - begin)) s"
  done
  if [ -t 1 ]; then
    printf '\r\033[K%.*s' $(($(tput cols) - 1)) "... $all"
  else
    printf '... %s\n' "$all"
  fi
}

# The cache folder is shared by all clones: two setups at once would build the same thing into the same place.
only_one_setup() {
  if ! command -v flock >/dev/null; then return; fi
  exec 9>"$cache/lock"
  until flock -w 10 9; do echo "... waiting for another scripts/setup to finish"; done
}

# --- small words ---

# at_least <version> <minimum>
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# The path of a program as the user's own PATH has it, without what setup put into the cache; or nothing.
on_host() { PATH=$host_path command -v "$1" || true; }

is_root() { [ "$(id -u)" = 0 ]; }

# apt_install <package>...: the package lists are fetched only if the ones at hand do not do.
apt_install() {
  local apt="apt-get -o DPkg::Lock::Timeout=120"
  step "apt-get install $*"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # words
  $apt install -y --no-install-recommends "$@" || { $apt update && $apt install -y --no-install-recommends "$@"; }
}
