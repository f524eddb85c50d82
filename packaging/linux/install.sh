#!/bin/sh
# Add the app to the menus of this desktop: desktop file, metadata, icons.
#
#   PREFIX=~/.local packaging/linux/install.sh [PROGRAM]
#
# PROGRAM is what the menu starts (default: bimaco-gui, found on the PATH). DESTDIR is put in front
# of all paths, for those who build packages. Remove it again with --remove.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
icons=$here/../../resources/icons
id=io.github.bimaco.BiMaCo
share=${DESTDIR:-}${PREFIX:-$HOME/.local}/share
desktop=$share/applications/$id.desktop
metainfo=$share/metainfo/$id.metainfo.xml
icon=$share/icons/hicolor/scalable/apps/$id.svg

if [ "${1:-}" = --remove ]; then
  rm -f "$desktop" "$metainfo" "$icon"
else
  program=${1:-bimaco-gui}
  mkdir -p "$(dirname "$desktop")" "$(dirname "$metainfo")" "$(dirname "$icon")"
  # In Exec, a path with odd characters is quoted, and a % is doubled.
  quoted=$(printf '%s' "$program" | sed 's/[\\"`$]/\\&/g; s/%/%%/g; s/[&|\\]/\\&/g')
  case $program in
    *[!A-Za-z0-9/._-]*) exec_=\"$quoted\" ;;
    *) exec_=$quoted ;;
  esac
  sed -e "s|^Exec=bimaco-gui|Exec=$exec_|" -e "s|^TryExec=.*|TryExec=$program|" \
    "$here/$id.desktop" >"$desktop"
  install -m 644 "$here/$id.metainfo.xml" "$metainfo"
  install -m 644 "$icons/app.svg" "$icon"
fi
if [ -z "${DESTDIR:-}" ]; then
  update-desktop-database -q "$share/applications" 2>/dev/null || true
  gtk-update-icon-cache -q -t "$share/icons/hicolor" 2>/dev/null || true
fi
