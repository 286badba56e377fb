package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"reflect"

	"tdx-codec/vectors"
)

type patch struct {
	At       *int
	Hex      string
	Truncate *int
	Append   string
}

type vector struct {
	Struct, From, Bin, Bytes string
	Patch                    []patch
	Strict                   bool
	Value                    object
}

type entry struct{ Path, Struct, Kind, Sha256 string }

func must[T any](it T, err error) T {
	if err != nil {
		panic(err)
	}
	return it
}

func vectorAt(file string) (it vector) {
	if err := json.Unmarshal(must(vectors.Files.ReadFile(file)), &it); err != nil {
		panic(err)
	}
	return it
}

// bytesOf gives the bytes of a vector; of a negative one, patched.
func bytesOf(file string, it vector) []byte {
	if it.Bin != "" {
		return must(vectors.Files.ReadFile(path.Join(path.Dir(file), it.Bin)))
	}
	if it.From == "" {
		return must(hex.DecodeString(it.Bytes))
	}
	origin := path.Join(path.Dir(file), it.From)
	data := append([]byte{}, bytesOf(origin, vectorAt(origin))...)
	for _, p := range it.Patch {
		switch {
		case p.Truncate != nil:
			data = data[:*p.Truncate]
		case p.At != nil:
			copy(data[*p.At:], must(hex.DecodeString(p.Hex)))
		default:
			data = append(data, must(hex.DecodeString(p.Append))...)
		}
	}
	return data
}

func checkVector(e entry) (isRead bool, problem string) {
	it := vectorAt(e.Path)
	data := bytesOf(e.Path, it)
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.Sha256 {
		return false, "another hash than the manifest says"
	}
	if structs[e.Struct] == nil {
		return false, ""
	}
	value, err := read(e.Struct, data, it.Strict)
	switch {
	case e.Kind == "negative" && err == nil:
		return true, "must be refused, and is not"
	case e.Kind == "positive" && err != nil:
		return true, err.Error()
	case e.Kind == "positive" && !reflect.DeepEqual(value, it.Value):
		return true, fmt.Sprintf("another value: %v", value)
	}
	return true, ""
}

// readVectors reads every vector of the pack with the structures of this program.
func readVectors(report *report) {
	var manifest struct{ Vectors []entry }
	if err := json.Unmarshal(must(vectors.Files.ReadFile("manifest.json")), &manifest); err != nil {
		panic(err)
	}
	if len(manifest.Vectors) == 0 {
		report.disagree("the manifest lists no vectors")
	}
	for _, e := range manifest.Vectors {
		isRead, problem := checkVector(e)
		if problem != "" {
			report.disagree("vector %s: %s", e.Path, problem)
		}
		if isRead {
			report.vectors++
		} else {
			report.note("vector of a structure that this program does not know: " + e.Struct)
		}
	}
}
