package main

import (
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/go-tdx-guest/verify"
)

const verifier = "go-tdx-guest"

type manifest struct {
	Now              int64
	Expect, Versions map[string]string
}

type collateral map[string]string

// Get stands in for Intel's provisioning service: it answers with the collateral of a fixture. (The interface of verify.Options.Getter.)
func (c collateral) Get(address string) (map[string][]string, []byte, error) {
	chain := func(header, key string) map[string][]string {
		return map[string][]string{header: {url.QueryEscape(c[key])}}
	}
	document := func(name, key string) []byte {
		return []byte(fmt.Sprintf(`{"%s":%s,"signature":"%s"}`, name, c[key], c[key+"_signature"]))
	}
	list := func(key string) []byte {
		der, _ := hex.DecodeString(c[key])
		return der
	}
	switch {
	case strings.Contains(address, "/pckcrl"):
		return chain("Sgx-Pck-Crl-Issuer-Chain", "pck_crl_issuer_chain"), list("pck_crl"), nil
	case strings.Contains(address, "/tcb?"):
		return chain("Tcb-Info-Issuer-Chain", "tcb_info_issuer_chain"), document("tcbInfo", "tcb_info"), nil
	case strings.Contains(address, "/qe/identity"):
		return chain("Sgx-Enclave-Identity-Issuer-Chain", "qe_identity_issuer_chain"), document("enclaveIdentity", "qe_identity"), nil
	case strings.HasSuffix(address, "/root.crl"):
		return nil, list("root_ca_crl"), nil
	}
	return nil, nil, fmt.Errorf("nothing is known of %s", address)
}

var errPanic = errors.New("panic")

func verdict(data []byte, c collateral, root *x509.Certificate, now time.Time) (err error) {
	defer func() {
		if it := recover(); it != nil {
			err = fmt.Errorf("%w: %v", errPanic, it)
		}
	}()
	roots := x509.NewCertPool()
	roots.AddCert(root)
	return verify.RawTdxQuote(data, &verify.Options{
		GetCollateral: true, CheckRevocations: true, Getter: c, Now: now, TrustedRoots: roots,
	})
}

// versionOf is the version of the library that this program was built with.
func versionOf(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, dependency := range info.Deps {
		if strings.HasSuffix(dependency.Path, module) {
			return dependency.Version
		}
	}
	return "unknown"
}

func readJSON(file string, into any) {
	if err := json.Unmarshal(must(os.ReadFile(file)), into); err != nil {
		panic(fmt.Errorf("%s: %w", file, err))
	}
}

// judge lets the library verify a fixture, with revocation and collateral, and holds its verdict against the catalogue.
func judge(report *report, folder string) {
	name := filepath.Base(folder)
	var m manifest
	readJSON(filepath.Join(folder, "manifest.json"), &m)
	if strings.HasPrefix(name, "report-") {
		return
	}
	data := must(os.ReadFile(filepath.Join(folder, "quote.bin")))
	var ours struct{ Value object }
	if _, err := os.Stat(filepath.Join(folder, "quote.json")); err == nil {
		readJSON(filepath.Join(folder, "quote.json"), &ours)
	}
	compareQuote(report, name, data, ours.Value)

	var c collateral
	readJSON(filepath.Join(folder, "collateral.json"), &c)
	root := must(x509.ParseCertificate(must(os.ReadFile(filepath.Join(folder, "root.der")))))
	err := verdict(data, c, root, time.Unix(m.Now, 0))
	is := "accepts"
	if err != nil {
		is = "refuses"
	}
	wanted, isRead := m.Expect[verifier]
	if !isRead {
		wanted = "refuses"
	}
	if errors.Is(err, errPanic) {
		report.panics++
	}
	if _, ok := os.LookupEnv("VERDICTS"); ok {
		fmt.Println("VERDICT", name, is, err)
	}
	if is != wanted {
		report.disagree("fixture %s: the catalogue says that %s %s %s it, it %s it (%v); %s", name, verifier, m.Versions[verifier], wanted, is, err,
			changed(m.Versions[verifier]))
	}
	if isRead {
		report.fixtures++
	} else {
		report.unread++
	}
}

// changed says which side of a disagreement is not what it was.
func changed(recorded string) string {
	if now := versionOf(verifier); recorded != "" && recorded != now {
		return fmt.Sprintf("the verifier changed: this is %s", now)
	}
	return "the verifier is the same: the fixture changed, or the catalogue is wrong"
}
