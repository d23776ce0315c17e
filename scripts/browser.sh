#!/usr/bin/env bash
# The browser and the fonts that the tests of the widget need: does nothing where they are.
#
# On Debian they come by apt, as root or by sudo that asks for nothing; elsewhere Playwright downloads a browser of
# its own, and fonts are left as they are. Usage: scripts/browser.sh PYTHON
set -euo pipefail
python=${1:-python3}
shell=chromium-headless-shell  # the same browser without its windows
fonts=()
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || fonts+=(fonts-dejavu-core)
[ -d /usr/share/fonts/truetype/noto ] || fonts+=(fonts-noto-core)

root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
apt_possible() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
install() {
    [ $# = 0 ] || DEBIAN_FRONTEND=noninteractive root apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}
own() { "$python" -c 'from playwright.sync_api import sync_playwright as p
with p() as one: print(one.chromium.executable_path)'; }
found() {
    if [ -n "${CHROMIUM:-}" ]; then [ -x "$CHROMIUM" ]; else [ -x /usr/bin/$shell ] || [ -x /usr/bin/chromium ]; fi
}

found && [ ${#fonts[@]} = 0 ] && exit 0
if [ -z "${CHROMIUM:-}" ] && apt_possible; then
    echo "Installing $shell ${fonts[*]} …"
    # Ubuntu has no such package: there the fonts come alone.
    install $shell "${fonts[@]}" 2>/dev/null || { root apt-get update -qq && install $shell "${fonts[@]}"; } || install "${fonts[@]}"
fi
found || [ -x "$(own)" ] || "$python" -m playwright install chromium
