package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-tdx-guest/abi"
	pb "github.com/google/go-tdx-guest/proto/tdx"
)

// at finds what JSON holds under a path.
func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		if list, ok := value.([]any); ok {
			value = list[must(strconv.Atoi(name))]
		} else {
			value = value.(object)[name]
		}
	}
	return value
}

// wire gives the bytes that a leaf of canonical JSON stands for; a number has as many as it is compared with.
func wire(it any, size int) []byte {
	switch v := it.(type) {
	case string:
		return must(hex.DecodeString(v))
	case float64:
		return binary.LittleEndian.AppendUint64(nil, uint64(v))[:size]
	case object:
		if pem, ok := v["pem"].(string); ok {
			return []byte(pem)
		}
		if raw, ok := v["raw"].(string); ok {
			number := must(strconv.ParseUint(raw, 0, 64))
			return binary.LittleEndian.AppendUint64(nil, number)[:(len(raw)-2)/2]
		}
		return must(hex.DecodeString(v["hex"].(string)))
	}
	panic(fmt.Sprintf("no leaf: %v", it))
}

// A field of the library, and the paths of ours that cover the same bytes, one behind the other.
type field struct {
	theirs any
	ours   []string
}

func u16(value uint32) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(value)) }
func u32(value uint32) []byte { return binary.LittleEndian.AppendUint32(nil, value) }

func fieldsOf(q *pb.QuoteV4) []field {
	h, b, s := q.GetHeader(), q.GetTdQuoteBody(), q.GetSignedData()
	outer := s.GetCertificationData()
	inner := outer.GetQeReportCertificationData()
	r, a, p := inner.GetQeReport(), inner.GetQeAuthData(), inner.GetPckCertificateChainData()
	const (
		sig  = "signatureData."
		cert = sig + "qeCertificationData."
		data = cert + "certificationData."
		qe   = data + "qeReport."
		pck  = data + "qeCertificationData."
	)
	fields := []field{
		{u16(h.GetVersion()), []string{"header.version"}},
		{u16(h.GetAttestationKeyType()), []string{"header.attestationKeyType"}},
		{u32(h.GetTeeType()), []string{"header.teeType"}},
		// It reads the reserved bytes as version 3 has them: SVNs of PCE and quoting enclave.
		{append(append([]byte{}, h.GetPceSvn()...), h.GetQeSvn()...), []string{"header.reserved"}},
		{h.GetQeVendorId(), []string{"header.qeVendorId"}},
		{h.GetUserData(), []string{"header.userData"}},
		{b.GetTeeTcbSvn(), []string{"body.teeTcbSvn"}},
		{b.GetMrSeam(), []string{"body.mrseam"}},
		{b.GetMrSignerSeam(), []string{"body.mrsignerseam"}},
		{b.GetSeamAttributes(), []string{"body.seamattributes"}},
		{b.GetTdAttributes(), []string{"body.tdattributes"}},
		{b.GetXfam(), []string{"body.xfam"}},
		{b.GetMrTd(), []string{"body.mrtd"}},
		{b.GetMrConfigId(), []string{"body.mrconfigid"}},
		{b.GetMrOwner(), []string{"body.mrowner"}},
		{b.GetMrOwnerConfig(), []string{"body.mrownerconfig"}},
		{b.GetReportData(), []string{"body.reportdata"}},
		{u32(q.GetSignedDataSize()), []string{"signatureDataLen"}},
		{s.GetSignature(), []string{sig + "quoteSignature"}},
		{s.GetEcdsaAttestationKey(), []string{sig + "ecdsaAttestationKey"}},
		{u16(outer.GetCertificateDataType()), []string{cert + "certificationDataType"}},
		{u32(outer.GetSize()), []string{cert + "size"}},
		{r.GetCpuSvn(), []string{qe + "cpusvn"}},
		{u32(r.GetMiscSelect()), []string{qe + "miscselect"}},
		{r.GetReserved1(), []string{qe + "reserved1", qe + "isvextprodid"}},
		{r.GetAttributes(), []string{qe + "attributesFlags", qe + "attributesXfrm"}},
		{r.GetMrEnclave(), []string{qe + "mrenclave"}},
		{r.GetReserved2(), []string{qe + "reserved2"}},
		{r.GetMrSigner(), []string{qe + "mrsigner"}},
		{r.GetReserved3(), []string{qe + "reserved3", qe + "configid"}},
		{u16(r.GetIsvProdId()), []string{qe + "isvprodid"}},
		{u16(r.GetIsvSvn()), []string{qe + "isvsvn"}},
		{r.GetReserved4(), []string{qe + "configsvn", qe + "reserved4", qe + "isvfamilyid"}},
		{r.GetReportData(), []string{qe + "reportdata"}},
		{inner.GetQeReportSignature(), []string{data + "qeReportSignature"}},
		{u16(a.GetParsedDataSize()), []string{data + "qeAuthenticationData.size"}},
		{a.GetData(), []string{data + "qeAuthenticationData.data"}},
		{u16(p.GetCertificateDataType()), []string{pck + "certificationDataType"}},
		{u32(p.GetSize()), []string{pck + "size"}},
		{p.GetPckCertChain(), []string{pck + "certificationData"}},
		{q.GetExtraBytes(), []string{"trailing"}},
	}
	for i, rtmr := range b.GetRtmrs() {
		fields = append(fields, field{rtmr, []string{fmt.Sprintf("body.rtmr.%d", i)}})
	}
	return fields
}

// parse reads a quote with the library. It panics on some malformed ones, which is as bad as it sounds.
func parse(data []byte) (quote *pb.QuoteV4, panicked bool, err error) {
	defer func() {
		if it := recover(); it != nil {
			quote, panicked, err = nil, true, fmt.Errorf("panic: %v", it)
		}
	}()
	made, err := abi.QuoteToProto(data)
	if err != nil {
		return nil, false, err
	}
	return made.(*pb.QuoteV4), false, nil
}

// compareQuote holds every field that the library reads against our JSON; `value` is nil where we refuse the quote.
func compareQuote(report *report, name string, data []byte, value object) {
	if value != nil {
		ours, err := read("Quote", data, false)
		if err != nil {
			report.disagree("quote %s: this program refuses it: %v", name, err)
		} else if path := firstDifference("", ours, value); path != "" {
			report.disagree("quote %s: %s differs between this program and our JSON", name, path)
		}
	}
	quote, panicked, err := parse(data)
	switch {
	case panicked:
		report.panics++
	case err != nil:
	case value == nil:
		report.theirs++
	default:
		for _, f := range fieldsOf(quote) {
			theirs, ours := f.theirs.([]byte), []byte{}
			for _, path := range f.ours {
				size := len(theirs)
				if len(f.ours) > 1 {
					size = 2
				}
				ours = append(ours, wire(at(value, path), size)...)
			}
			if !bytes.Equal(theirs, ours) {
				report.disagree("quote %s: %s is %x in go-tdx-guest, %x in our JSON", name, strings.Join(f.ours, "+"), theirs, ours)
			}
		}
		report.quotes++
	}
}

// firstDifference is the path of the first leaf that differs, or "".
func firstDifference(path string, a, b any) string {
	left, isObject := a.(object)
	right, alsoObject := b.(object)
	if isObject && alsoObject && len(left) == len(right) {
		for name := range left {
			if found := firstDifference(path+"."+name, left[name], right[name]); found != "" {
				return found
			}
		}
		return ""
	}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		return path
	}
	return ""
}
