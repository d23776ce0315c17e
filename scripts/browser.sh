#!/usr/bin/env bash
# The browser and the fonts that the tests of the widget need: does nothing where they are.
#
# On Debian and Ubuntu they come by apt, as root or by sudo that asks for nothing; elsewhere Playwright downloads
# a browser of its own, and fonts are left as they are. Usage: scripts/browser.sh PYTHON
set -euo pipefail
python=${1:-python3}

root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
apt_possible() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
own() { "$python" -c 'from playwright.sync_api import sync_playwright as p
with p() as one: print(one.chromium.executable_path)'; }

missing=()
browser=${CHROMIUM:-/usr/bin/chromium}
[ -x "$browser" ] || missing+=(chromium)
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
[ -d /usr/share/fonts/truetype/noto ] || missing+=(fonts-noto-core)
[ ${#missing[@]} = 0 ] && exit 0

if [ -z "${CHROMIUM:-}" ] && apt_possible; then
    echo "Installing ${missing[*]} …"
    export DEBIAN_FRONTEND=noninteractive
    install() { root apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null; }
    if install || { root apt-get update -qq && install; }; then
        [ -x "$browser" ] && exit 0  # on Ubuntu the package may bring no more than a pointer to a snap
    fi
fi
[ -x "$browser" ] && exit 0
[ -x "$(own)" ] || "$python" -m playwright install chromium
