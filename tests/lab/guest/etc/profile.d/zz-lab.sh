[ -n "$BASH" ] && [ "$(tty 2>/dev/null)" = /dev/hvc0 ] && [ -e /dev/virtio-ports/lab.out ] && exec /usr/lib/lab/session
