#!/bin/sh
# The browser tests need a Chromium. On Debian as root its headless shell is installed; elsewhere the one that is there is used.
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell poppler-utils >/dev/null
fi
exit 0
