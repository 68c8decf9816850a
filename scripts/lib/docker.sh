# shellcheck shell=bash
# The Docker Engine, the base image of the bundled runtimes, and what tests use on the host.
# shellcheck disable=SC2154 # cache and state come from scripts/setup and parts.sh

setup_docker() {
  local how="already running"
  if ! engine_version; then
    start_engine
    how="started"
  fi
  found "$(engine_version)" "$how"
}

engine_version() { docker version --format '{{.Server.Version}}'; }

start_engine() {
  if [ -n "${DOCKER_HOST:-}" ]; then give_up "the Docker Engine at DOCKER_HOST=$DOCKER_HOST does not answer"; fi
  if ! is_root; then
    if [ -z "$(on_host docker)" ]; then give_up "install the Docker Engine (Debian, Ubuntu: sudo apt-get install docker.io)"; fi
    if [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
      give_up "you may not use the Docker Engine: sudo usermod -aG docker $(id -un), then log in again"
    fi
    give_up "the Docker Engine does not answer: start it (sudo systemctl start docker, or Docker Desktop)"
  fi

  if ! command -v dockerd; then
    command -v apt-get || give_up "install the Docker Engine"
    apt_install docker.io
  fi
  # Newer Debians have the client in a package of its own.
  command -v docker || apt_install docker-cli
  step "starting"
  if [ -d /run/systemd/system ]; then
    systemctl start docker
  else
    # It must outlive this script, and not keep its lock.
    setsid nohup dockerd >"$cache/log/dockerd.log" 2>&1 </dev/null 9>&- &
  fi
  for _ in $(seq 60); do
    if engine_version; then return; fi
    sleep 0.5
  done
  give_up "dockerd does not answer; $cache/log/dockerd.log ends with
$(tail -n 20 "$cache/log/dockerd.log")"
}

setup_base_image() {
  local tag=${BASE_IMAGE#*:}
  if docker image inspect "$BASE_IMAGE" >/dev/null; then
    found "$tag" "present"
    return
  fi
  step "docker pull $BASE_IMAGE"
  if docker pull --quiet "$BASE_IMAGE"; then
    found "$tag" "pulled"
    return
  fi
  make_base_image "${tag%-slim}"
  found "$tag" "made with mmdebstrap"
}

# make_base_image <Debian release>: what the registry's image has, from Debian packages.
make_base_image() {
  local options=() line
  if ! command -v mmdebstrap; then
    if ! is_root || ! command -v apt-get; then give_up "$BASE_IMAGE cannot be pulled; load it with docker load, or install mmdebstrap"; fi
    apt_install mmdebstrap debian-archive-keyring
  fi
  # apt-get in a container reaches its mirror the way that apt on this machine does.
  while IFS= read -r line; do options+=("--aptopt=$line"); done < <(
    apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-)')
  for line in man locale doc info; do options+=("--dpkgopt=path-exclude=/usr/share/$line/*"); done
  step "mmdebstrap $1"
  mmdebstrap --variant=minbase --include=ca-certificates "${options[@]}" "$1" - |
    docker import --change 'CMD ["bash"]' - "$BASE_IMAGE"
}

# What tests use on the host, each command with its Debian package, and what the benchmarks use beside it.
TEST_TOOLS="ip:iproute2 nft:nftables conntrack:conntrack gdnsd:gdnsd curl:curl git:git openssl:openssl sshd:openssh-server docker-registry:docker-registry shellcheck:shellcheck"
BENCH_TOOLS="wrk:wrk iperf3:iperf3 h2load:nghttp2-client haproxy:haproxy ipvsadm:ipvsadm nginx:nginx nginx-stream:libnginx-mod-stream dnsperf:dnsperf knotd:knot knot-geoip:knot-module-geoip pdns_server:pdns-server pdns-bind:pdns-backend-bind"

setup_test_tools() { setup_tools "$TEST_TOOLS"; }
setup_bench_tools() { setup_tools "$BENCH_TOOLS"; }

# setup_tools <command:package ...>
setup_tools() {
  local missing
  missing=$(
    PATH=$PATH:/usr/sbin:/sbin
    for pair in $1; do
      has_tool "${pair%:*}" >/dev/null || echo "${pair#*:}"
    done
  )
  if [ -z "$missing" ]; then
    found apt "present"
    return
  fi
  # shellcheck disable=SC2086 # words
  set -- $missing
  if ! is_root || ! command -v apt-get; then give_up "install $*"; fi
  # Tests and benchmarks start their own; Debian's services would answer on ports of this machine (53, 22, 80, 5000, 5201).
  if [ -d /run/systemd/system ]; then
    case " $* " in *" gdnsd "*) systemctl mask gdnsd.service ;; esac
    case " $* " in *" openssh-server "*) systemctl mask ssh.service ssh.socket ;; esac
    for service in docker-registry haproxy nginx iperf3 ipvsadm knot pdns; do
      case " $* " in *" $service"[\ -]*) systemctl mask "$service.service" ;; esac
    done
  fi
  apt_install "$@"
  found apt "installed $*"
}

# Modules are no commands.
has_tool() {
  case $1 in
    nginx-stream) [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] ;;
    knot-geoip) compgen -G "/usr/lib/*/knot/modules-*/geoip.so" ;;
    pdns-bind) compgen -G "/usr/lib/*/pdns/libbindbackend.so" ;;
    *) command -v "$1" ;;
  esac
}
