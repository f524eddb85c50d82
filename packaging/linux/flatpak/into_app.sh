#!/bin/sh
# Put the frozen program and what desktops read into an app's folder.
#
#   packaging/linux/flatpak/into_app.sh dist/bimaco-gui /app
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1
app=$2
mkdir -p "$app/bin" "$app/lib"
cp -a "$program" "$app/lib/bimaco-gui"
ln -s ../lib/bimaco-gui/bimaco-gui "$app/bin/bimaco-gui"
# With DESTDIR no caches are made, which have no place in a package.
DESTDIR=$(dirname "$app") PREFIX=/$(basename "$app") "$here/../install.sh" bimaco-gui
