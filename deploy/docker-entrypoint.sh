#!/bin/sh
# Starts the server in a container. It listens on all addresses there, so it needs to know who may call: unless
# MILLRACE_CREDENTIALS names a file, one with a new access key is made in the data volume at the first start.
# Anything but flags is a command of its own: docker run … millrace stream list
set -eu
umask 077

main="${MILLRACE_HOME:-/app}/dist/main.js"

case "${1:-}" in
  '' | -*) ;;
  start) shift ;;
  *) exec node "$main" "$@" ;;
esac

export MILLRACE_DATA="${MILLRACE_DATA:-/data}"
export MILLRACE_HOST="${MILLRACE_HOST:-0.0.0.0}"

random() {
  od -An -v -N "$1" -t x1 /dev/urandom | tr -d ' \n'
}

if [ -z "${MILLRACE_CREDENTIALS:-}" ]; then
  MILLRACE_CREDENTIALS="$MILLRACE_DATA/credentials"
  export MILLRACE_CREDENTIALS
  if [ ! -e "$MILLRACE_CREDENTIALS" ]; then
    mkdir -p "$MILLRACE_DATA"
    {
      echo '[default]'
      echo "aws_access_key_id = MR$(random 9 | tr 'a-f' 'A-F')"
      echo "aws_secret_access_key = $(random 20)"
    } >"$MILLRACE_CREDENTIALS.new"
    mv "$MILLRACE_CREDENTIALS.new" "$MILLRACE_CREDENTIALS"
    echo "Made an access key in $MILLRACE_CREDENTIALS"
  fi
fi

# In place of this shell, so that signals reach the server.
exec node "$main" start "$@"
