// Package trace tells a collector how long the parts of a piece of work took, as OpenTelemetry
// spans: a request or a job, the transactions, renderings and handings over that made it.
//
// It knows the SDK and one exporter of its own: OTLP as JSON over HTTP, a page of code where the
// usual one brings gRPC and twelve megabytes. It refuses to know whom: a span's attributes are the
// facts of package watch, and an error is its kind, never its text.
package trace
