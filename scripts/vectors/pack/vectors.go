// Package vectors holds the golden vectors of tdx-codec: bytes of Intel TDX attestation structures, what they mean, and bytes that must be
// refused. README.md says how to read them.
package vectors

import "embed"

// Files holds manifest.json, which lists all vectors, and the vectors under the paths that it gives.
//
//go:embed manifest.json */*.json */*.bin
var Files embed.FS
