// Reads the golden vectors of tdx-codec in Go, holds google/go-tdx-guest against the JSON of quotes, and its verdicts against the catalogue.
//
//	go run . [FOLDER]    the folder that npm run interop writes; ../.cache/data unless told
//
// With VERDICTS in the environment it prints every verdict. Exits with 1 when anything disagrees.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

type report struct {
	vectors, quotes, fixtures, disagreements int
	// Fixtures of kinds that the verifier does not read, quotes that it reads and we refuse, calls that panicked.
	unread, theirs, panics int
	notes                  map[string]bool
}

func (r *report) disagree(format string, a ...any) {
	r.disagreements++
	fmt.Printf("DISAGREES "+format+"\n", a...)
}

func (r *report) note(text string) {
	if !r.notes[text] {
		r.notes[text] = true
		fmt.Println(text)
	}
}

func main() {
	folder := "../.cache/data"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	r := &report{notes: map[string]bool{}}
	readVectors(r)

	var corpus []struct {
		Name, Path string
		Value      object
	}
	readJSON(filepath.Join(folder, "corpus.json"), &corpus)
	if len(corpus) == 0 {
		fmt.Println("SKIPPED: quotes of the corpus, since there is none")
	}
	for _, each := range corpus {
		compareQuote(r, each.Name, must(os.ReadFile(each.Path)), each.Value)
	}
	for _, fixture := range must(filepath.Glob(filepath.Join(folder, "fixtures", "*"))) {
		judge(r, fixture)
	}
	fmt.Printf("%s %s: %d fixtures are of kinds that it does not read; it reads %d quotes that are malformed for us, and panicked in %d calls\n",
		verifier, versionOf(verifier), r.unread, r.theirs, r.panics)
	fmt.Printf("go: vectors read %d, quotes compared %d, fixtures judged %d, disagreements %d\n", r.vectors, r.quotes, r.fixtures, r.disagreements)
	if r.disagreements > 0 {
		os.Exit(1)
	}
}
