#!/bin/sh
# Starts the demo Atlas: run_demo.sh BINARY ADDRESS. Its data lies in ./data/demo, or in $VESALIUS_DATA.
set -eu
cd "$(dirname "$0")/.."
binary=$1
address=$2
base=http://$address

cat <<EOF

  The demo Atlas starts on  $base      (Ctrl+C stops it)

  Try    $base/                                   the collections, in numbers
         $base/search?q=breast+MRI                words and facets
         $base/sparql                             queries, with examples that run
         curl -H 'Accept: text/turtle' $base/     the root as linked data

  To write, make a token in a second terminal:
         VESALIUS_DATA=${VESALIUS_DATA:-data/demo} $binary token new --role steward

EOF
VESALIUS_LISTEN=$address VESALIUS_DATA=${VESALIUS_DATA:-data/demo} exec "$binary" serve --demo
