#!/bin/sh
# Draws the pictures of docs/judge.md from the recordings in examples/judge, with the tool itself.
# `cargo build -p gantry-cli` comes first; GANTRY names another program than target/debug/gantry.
set -u
cd "$(dirname "$0")/../.." || exit 2
for recording in examples/judge/*.json; do
    name=$(basename "$recording" .json)
    "${GANTRY:-target/debug/gantry}" judge "$recording" --plot "docs/pictures/judge-$name.svg" > /dev/null
    # Failing and holding verdicts are what some of them show.
    [ $? -eq 2 ] && exit 2
done
exit 0
