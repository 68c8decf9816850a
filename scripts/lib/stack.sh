# shellcheck shell=bash
# What the quickstart and the examples have alike: stacks of this checkout that come and go.
# shellcheck disable=SC2154 # switchyard_root comes from scripts/env

say() { printf '\n%s\n' "$*"; }
give_up() { printf '\n%s\n' "$*" >&2; exit 1; }

# remove_stack STACK WHAT
remove_stack() {
  if pulumi stack select "$1" >/dev/null 2>&1; then
    say "Removing what the $2 made"
    pulumi destroy --stack "$1" --yes --skip-preview --remove
  else
    say "There is no $2 on this machine"
  fi
}

# remove_images REPOSITORY: but for those that machines of another clone run
remove_images() {
  docker image ls --format "{{.Repository}}:{{.Tag}}" "$1" |
    xargs --no-run-if-empty --max-args 1 docker image rm >/dev/null 2>&1 || true
}

# Of the state nothing is left but an empty shell.
remove_empty_state() {
  local folder=$switchyard_root/.pulumi-state
  if [ -d "$folder" ] && [ "$PULUMI_BACKEND_URL" = "file://$folder" ] && [ "$(pulumi stack ls --all --json)" = "[]" ]; then
    rm -rf "$folder"
  fi
  echo "Tools that setup brought along stay for the next time: $switchyard_cache"
}
