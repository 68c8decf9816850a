# shellcheck shell=bash
# The Pulumi CLI with its language host for Node.
# shellcheck disable=SC2154 # cache and state come from scripts/setup and parts.sh

setup_pulumi() {
  local cli
  for cli in "$(on_host pulumi)" "$HOME/.pulumi/bin/pulumi"; do
    if [ -x "$cli" ] && at_least "$(cli_version "$cli")" "$PULUMI_VERSION"; then
      rm -f "$cache"/bin/pulumi*
      # ~/.pulumi/bin may not be on PATH, or an older CLI may be before it.
      if [ "$cli" != "$(on_host pulumi)" ]; then ln -sf "$(dirname "$cli")"/* "$cache/bin/"; fi
      found "$(cli_version "$cli")" "$cli"
      return
    fi
  done

  local home=$cache/pulumi-$PULUMI_VERSION
  if [ -x "$home/bin/pulumi" ]; then
    found "$PULUMI_VERSION" "$home"
  elif download_pulumi "$home"; then
    found "$PULUMI_VERSION" "Pulumi's installer into $home"
  else
    build_pulumi "$home"
    found "$PULUMI_VERSION" "built from Go modules into $home"
  fi
  ln -sf "$home"/bin/* "$cache/bin/"
}

cli_version() { PULUMI_SKIP_UPDATE_CHECK=true "$1" version | sed 's/^v//'; }

# Fails at once where Pulumi's downloads are out of reach.
download_pulumi() {
  step "downloading"
  curl -fsSL --connect-timeout 3 --max-time 30 -o "$state/install-pulumi" "$PULUMI_INSTALLER" &&
    sh "$state/install-pulumi" --version "$PULUMI_VERSION" --install-root "$1" --no-edit-path &&
    [ -x "$1/bin/pulumi" ]
}

build_pulumi() {
  local home=$1 pulumi=github.com/pulumi/pulumi
  PATH=$PATH:/usr/local/go/bin
  command -v go || give_up "no download of Pulumi is reachable; install Pulumi $PULUMI_VERSION or newer, or Go to build it"
  rm -rf "$home"
  step "building from Go modules (3 to 5 minutes)"
  # Two modules, because they need different versions of the same sdk (newer ones have no language host in them).
  # The CLI comes last: it marks a complete build.
  go_build scripts/pulumi-language-nodejs "$home" -ldflags "-s -w" $pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs
  go_build scripts/pulumi-cli "$home" -tags osusergo,grpcnotrace \
    -ldflags "-s -w -X $pulumi/sdk/v3/go/common/version.Version=v$PULUMI_VERSION" $pulumi/pkg/v3/cmd/pulumi
}

# go_build <folder of go.mod> <home> <argument>...
go_build() {
  local module=$1 out=$2/bin/
  shift 2
  (cd "$module" && GOWORK=off CGO_ENABLED=0 go build -trimpath -o "$out" "$@")
}

# Pulumi's releases have beside the CLI a script of the npm package that starts dynamic providers; our build gets it too.
# (On PATH elsewhere it works as well, but with a warning in each preview.)
finish_pulumi() {
  local bin=$cache/pulumi-$PULUMI_VERSION/bin script=pulumi-resource-pulumi-nodejs
  if [ -x "$bin/pulumi" ] && [ ! -x "$bin/$script" ]; then
    cp "node_modules/@pulumi/pulumi/$script" "$bin/"
    ln -sf "$bin/$script" "$cache/bin/"
  fi
}
