//go:build linux || darwin || freebsd

package main

import "syscall"

// freeSpace is how many bytes this user may still write in a folder.
func freeSpace(folder string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true //nolint:unconvert // the types differ from system to system
}
