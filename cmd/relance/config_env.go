package main

import "os"

// variable is a setting that only the environment gives.
type variable struct {
	name   string
	secret bool
	what   string // key of the sentence that says what it is for
}

// variables is the one list of them; a test finds whatever the program reads besides.
var variables = []variable{
	{"RELANCE_KEY", true, "cmd.config.key"},
	{"RELANCE_KEY_FILE", false, "cmd.config.key-file"},
	{"RELANCE_USER", false, "cmd.config.user"},
	{"USER", false, "cmd.config.user"},
	{"USERNAME", false, "cmd.config.user"},
	{"LOGNAME", false, "cmd.config.user"},
	{"XDG_DATA_HOME", false, "cmd.config.data"},
	{"LOCALAPPDATA", false, "cmd.config.data"},
	{"LC_ALL", false, "cmd.config.lang"},
	{"LC_MESSAGES", false, "cmd.config.lang"},
	{"LANG", false, "cmd.config.lang"},
	{"OTEL_EXPORTER_OTLP_ENDPOINT", false, "cmd.config.traces"},
	{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", false, "cmd.config.traces"},
	{"OTEL_EXPORTER_OTLP_HEADERS", true, "cmd.config.traces"},
	{"OTEL_SERVICE_NAME", false, "cmd.config.traces"},
	{"OTEL_SDK_DISABLED", false, "cmd.config.traces"},
	{"NOTIFY_SOCKET", false, "cmd.config.systemd"},
	{"CREDENTIALS_DIRECTORY", false, "cmd.config.systemd"},
}

// setting is what the environment gives, "" when it gives nothing.
func setting(name string) string { return os.Getenv(name) }
