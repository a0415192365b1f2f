package main

import (
	"log/slog"
	"net"
	"os"
)

// notify tells systemd how the service stands (sd_notify(3), Type=notify); without systemd it does
// nothing. A name that begins with @ is a socket of the abstract kind, which net knows.
func notify(state string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		slog.Warn("systemd", "err", err)
		return
	}
	defer c.Close()
	if _, err := c.Write([]byte(state)); err != nil {
		slog.Warn("systemd", "err", err)
	}
}
