package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

type object = map[string]any

var errRefused = errors.New("these bytes are not what they should be")

// reader takes parts from the front of bytes, and never goes past their end. What it makes is what JSON gives when it is decoded: numbers are
// float64.
type reader struct {
	data   []byte
	strict bool
}

func refuse(format string, a ...any) {
	panic(fmt.Errorf("%w: "+format, append([]any{errRefused}, a...)...))
}

func (r *reader) take(size uint64) []byte {
	if size > uint64(len(r.data)) {
		refuse("needs %d bytes, %d left", size, len(r.data))
	}
	taken := r.data[:size]
	r.data = r.data[size:]
	return taken
}

func (r *reader) hex(size uint64) string { return hex.EncodeToString(r.take(size)) }
func (r *reader) rest() string           { return r.hex(uint64(len(r.data))) }

// part is a reader of the next bytes alone; whoever reads it says when it must be used up.
func (r *reader) part(size uint64) *reader { return &reader{r.take(size), r.strict} }

func (r *reader) end() {
	if len(r.data) > 0 {
		refuse("%d bytes too many", len(r.data))
	}
}

// fixed reads a structure of one size into `of`, and gives its JSON.
func (r *reader) fixed(of any) object {
	if err := binary.Read(bytes.NewReader(r.take(uint64(binary.Size(of)))), binary.LittleEndian, of); err != nil {
		panic(err)
	}
	made := object{}
	r.fields(reflect.ValueOf(of).Elem(), made)
	return made
}

func (r *reader) fields(of reflect.Value, into object) {
	for i := 0; i < of.NumField(); i++ {
		field, it := of.Type().Field(i), of.Field(i)
		if field.Anonymous {
			r.fields(it, into)
			continue
		}
		name := strings.ToLower(field.Name[:1]) + field.Name[1:]
		isReserved := strings.HasPrefix(name, "reserved") || strings.HasPrefix(name, "padding")
		if r.strict && isReserved && !it.IsZero() {
			refuse("%s is not zero", name)
		}
		into[name] = r.value(it)
	}
}

func (r *reader) value(it reflect.Value) any {
	if named, ok := it.Interface().(flags); ok {
		return r.flags(it.Uint(), it.Type().Size(), named.names())
	}
	switch v := it.Interface().(type) {
	case bigEndian:
		return float64(binary.BigEndian.Uint32(v[:]))
	case uint64:
		return fmt.Sprintf("0x%016x", v)
	}
	switch it.Kind() {
	case reflect.Struct:
		made := object{}
		r.fields(it, made)
		return made
	case reflect.Array:
		if it.Type().Elem().Kind() != reflect.Uint8 {
			list := make([]any, it.Len())
			for i := range list {
				list[i] = r.value(it.Index(i))
			}
			return list
		}
		return fmt.Sprintf("%x", it.Interface())
	default:
		return float64(it.Uint())
	}
}

func (r *reader) flags(value uint64, size uintptr, names map[int]string) object {
	set := []any{}
	bits := make([]int, 0, len(names))
	for bit := range names {
		bits = append(bits, bit)
	}
	sort.Ints(bits)
	unknown := value
	for _, bit := range bits {
		if value>>bit&1 == 1 {
			set = append(set, names[bit])
			unknown &^= 1 << bit
		}
	}
	if r.strict && unknown != 0 {
		refuse("bits without a name: %#x", unknown)
	}
	return object{"raw": fmt.Sprintf("0x%0*x", int(size)*2, value), "flags": set}
}

func (r *reader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

/* ---- what varies ---- */

func isOne[T comparable](it T, of ...T) bool {
	for _, each := range of {
		if it == each {
			return true
		}
	}
	return false
}

func (r *reader) certificationData() object {
	kind, size := r.u16(), r.u32()
	if kind == 6 || r.strict && !isOne(kind, 1, 2, 3, 4, 5, 7) {
		refuse("certification data of type %d", kind)
	}
	part := r.part(uint64(size))
	var data any
	switch kind {
	case 1:
		if size == 34 {
			data = part.fixed(new(ppidClearTextShort))
		} else {
			data = part.fixed(new(ppidClearText))
		}
	case 2:
		data = part.fixed(new(ppidRsa2048))
	case 3:
		data = part.fixed(new(ppidRsa3072))
	case 5:
		chain := part.take(uint64(size))
		if bytes.IndexFunc(chain, func(c rune) bool { return c > 127 }) < 0 {
			data = object{"pem": string(chain)}
		} else {
			data = object{"hex": hex.EncodeToString(chain)}
		}
	default:
		data = part.rest()
	}
	part.end()
	return object{"certificationDataType": float64(kind), "size": float64(size), "certificationData": data}
}

func (r *reader) authenticationData() object {
	size := r.u16()
	return object{"size": float64(size), "data": r.hex(uint64(size))}
}

func (r *reader) qeReportCertificationData() object {
	return object{
		"qeReport":             r.fixed(new(sgxReportBody)),
		"qeReportSignature":    r.hex(64),
		"qeAuthenticationData": r.authenticationData(),
		"qeCertificationData":  r.certificationData(),
	}
}

func (r *reader) quoteCertificationData() object {
	kind, size := r.u16(), r.u32()
	if isOne(kind, 1, 2, 3, 4, 5, 7) || r.strict && kind != 6 {
		refuse("outer certification data of type %d", kind)
	}
	part := r.part(uint64(size))
	var data any
	if kind == 6 {
		data = part.qeReportCertificationData()
	} else {
		data = part.rest()
	}
	part.end()
	return object{"certificationDataType": float64(kind), "size": float64(size), "certificationData": data}
}

func (r *reader) signatureData() object {
	return object{
		"quoteSignature":      r.hex(64),
		"ecdsaAttestationKey": r.hex(64),
		"qeCertificationData": r.quoteCertificationData(),
	}
}

func (r *reader) signatureDataV3() object {
	made := object{"isvEnclaveReportSignature": r.hex(64), "ecdsaAttestationKey": r.hex(64)}
	for name, it := range r.qeReportCertificationData() {
		made[name] = it
	}
	return made
}

func (r *reader) quote(versions ...uint16) object {
	made := object{}
	if len(r.data) < 2 || !isOne(binary.LittleEndian.Uint16(r.data), versions...) {
		refuse("version")
	}
	version := binary.LittleEndian.Uint16(r.data)
	var key uint16
	var tee uint32
	if version == 3 {
		var header quoteHeaderV3
		made["header"] = r.fixed(&header)
		key = header.AttestationKeyType
	} else {
		var header quoteHeader
		made["header"] = r.fixed(&header)
		key, tee = header.AttestationKeyType, header.TeeType
		if version == 4 && !isOne(tee, 0, 0x81) || r.strict && !isOne(tee, 0, 0x81) {
			refuse("TEE type %#x", tee)
		}
	}
	switch {
	case version == 5:
		var descriptor bodyDescriptor
		made["bodyDescriptor"] = r.fixed(&descriptor)
		bodies := map[uint16]any{1: new(sgxReportBody), 2: new(tdReportBody10), 3: new(tdReportBody15), 4: new(tdReportBody15Ex)}
		body, known := bodies[descriptor.QuoteBodyType]
		part := r.part(uint64(descriptor.Size))
		if known {
			made["body"] = part.fixed(body)
			part.end()
		} else {
			made["body"] = part.rest()
		}
		if r.strict && (!known || (descriptor.QuoteBodyType == 1) != (tee == 0)) {
			refuse("body type %d, TEE type %#x", descriptor.QuoteBodyType, tee)
		}
	case tee == 0x81:
		made["body"] = r.fixed(new(tdReportBody10))
	default:
		made["body"] = r.fixed(new(sgxReportBody))
	}
	size := r.u32()
	made["signatureDataLen"] = float64(size)
	part := r.part(uint64(size))
	switch {
	case key != 2 && r.strict:
		refuse("attestation key type %d", key)
	case key != 2:
		made["signatureData"] = part.rest()
	case version == 3:
		made["signatureData"] = part.signatureDataV3()
	default:
		made["signatureData"] = part.signatureData()
	}
	part.end()
	made["trailing"] = r.rest()
	return made
}

func (r *reader) teeTcbInfo() object {
	if len(r.data) >= 8 && binary.LittleEndian.Uint64(r.data) == 0x1ff {
		return r.fixed(new(teeTcbInfo10))
	}
	var info teeTcbInfo15
	made := r.fixed(&info)
	if info.Valid != 0x301ff {
		refuse("VALID is %#x", info.Valid)
	}
	return made
}

func (r *reader) tdReport() object {
	var mac reportMac
	made := object{"reportmacstruct": r.fixed(&mac)}
	kind := mac.Reporttype
	if kind.Type != 0x81 || !isOne(kind.Version, 0, 1, 3) || r.strict && kind.Subtype != 0 {
		refuse("kind of report %v", kind)
	}
	made["teeTcbInfo"] = r.teeTcbInfo()
	between := r.take(17)
	if r.strict && bytes.Count(between, []byte{0}) != 17 {
		refuse("bytes behind TEE_TCB_INFO are not zero")
	}
	made["reserved"] = hex.EncodeToString(between)
	if kind.Version == 3 {
		made["tdinfo"] = r.fixed(new(tdInfoEx))
	} else {
		made["tdinfo"] = r.fixed(new(tdInfo))
	}
	return made
}

// The messages of the quote generation service, by their type.
var messages = []struct {
	name    string
	numbers func() any
	parts   []string
	surplus bool
}{
	{"QgsGetQuoteReq", func() any { return new(qgsGetQuoteReq) }, []string{"report", "idList"}, false},
	{"QgsGetQuoteResp", func() any { return new(qgsGetQuoteResp) }, []string{"selectedId", "quote"}, false},
	{"QgsGetCollateralReq", func() any { return new(qgsGetCollateralReq) }, []string{"fsmpc", "pckca"}, false},
	{"QgsGetCollateralResp", func() any { return new(qgsGetCollateralResp) }, []string{
		"pckCrlIssuerChain", "rootCaCrl", "pckCrl", "tcbInfoIssuerChain", "tcbInfo", "qeIdentityIssuerChain", "qeIdentity",
	}, true},
	{"QgsGetPlatformInfoReq", func() any { return new(qgsGetPlatformInfoReq) }, nil, false},
	{"QgsGetPlatformInfoResp", func() any { return new(qgsGetPlatformInfoResp) }, []string{"platformId", "cpusvn"}, true},
}

// message reads one of a type, or of any type where `wanted` is negative.
func (r *reader) message(wanted int) object {
	all := r.data
	var header qgsMsgHeader
	made := object{"header": r.fixed(&header)}
	if header.MajorVersion != 1 || int(header.Type) >= len(messages) || wanted >= 0 && int(header.Type) != wanted {
		refuse("version %d, type %d", header.MajorVersion, header.Type)
	}
	isRequest := header.Type%2 == 0
	if header.Size < 16 || isRequest && header.ErrorCode != 0 {
		refuse("size %d, error %d", header.Size, header.ErrorCode)
	}
	whole := (&reader{all, r.strict}).part(uint64(header.Size))
	if int(header.Size) != len(all) {
		refuse("%d bytes, %d there", header.Size, len(all))
	}
	whole.take(16)
	of := messages[header.Type]
	for name, it := range whole.fixed(of.numbers()) {
		made[name] = it
	}
	for _, name := range of.parts {
		size := uint64(made[name+"Size"].(float64))
		switch name {
		case "report":
			if size == 0 {
				refuse("no report")
			}
			made[name] = whole.hex(size)
		case "idList":
			part, list := whole.part(size), []any{}
			for len(part.data) > 0 {
				list = append(list, part.hex(16))
			}
			made[name] = list
		default:
			made[name] = whole.hex(size)
		}
	}
	if of.surplus {
		surplus := whole.rest()
		if !isOne(len(surplus), 0, 8) || r.strict && strings.Trim(surplus, "0") != "" {
			refuse("surplus %s", surplus)
		}
		made["surplus"] = surplus
	}
	whole.end()
	r.data = nil
	return made
}

func (r *reader) frame() object {
	length := binary.BigEndian.Uint32(r.take(4))
	part := r.part(uint64(length))
	return object{"length": float64(length), "message": part.message(-1)}
}

func (r *reader) rtmrEvent() object {
	var event tdxRtmrEvent
	made := r.fixed(&event)
	if event.Version != 1 {
		refuse("version %d", event.Version)
	}
	made["eventData"] = r.hex(uint64(event.EventDataSize))
	return made
}

func (r *reader) quoteBuf() object {
	made := r.fixed(new(tdxQuoteHdr))
	made["data"] = r.rest()
	return made
}

func fixed[T any]() func(*reader) object { return func(r *reader) object { return r.fixed(new(T)) } }
func message(kind int) func(*reader) object {
	return func(r *reader) object { return r.message(kind) }
}
func quote(versions ...uint16) func(*reader) object {
	return func(r *reader) object { return r.quote(versions...) }
}

var structs = map[string]func(*reader) object{
	"CertificationData":            (*reader).certificationData,
	"Dcap114GetQuoteBlob":          fixed[dcap114GetQuoteBlob](),
	"EcdsaSignatureData":           (*reader).signatureData,
	"EcdsaSignatureDataV3":         (*reader).signatureDataV3,
	"GetQuoteIn":                   fixed[registers](),
	"GetQuoteOut":                  fixed[registers](),
	"PpidClearText":                fixed[ppidClearText](),
	"PpidClearTextShort":           fixed[ppidClearTextShort](),
	"PpidRsa2048":                  fixed[ppidRsa2048](),
	"PpidRsa3072":                  fixed[ppidRsa3072](),
	"QeAuthenticationData":         (*reader).authenticationData,
	"QeReportCertificationData":    (*reader).qeReportCertificationData,
	"QgsFrame":                     (*reader).frame,
	"QgsGetCollateralReq":          message(2),
	"QgsGetCollateralResp":         message(3),
	"QgsGetPlatformInfoReq":        message(4),
	"QgsGetPlatformInfoResp":       message(5),
	"QgsGetQuoteReq":               message(0),
	"QgsGetQuoteResp":              message(1),
	"QgsMessage":                   message(-1),
	"QgsMsgHeader":                 fixed[qgsMsgHeader](),
	"Quote":                        quote(3, 4, 5),
	"QuoteBodyDescriptor":          fixed[bodyDescriptor](),
	"QuoteCertificationData":       (*reader).quoteCertificationData,
	"QuoteHeader":                  fixed[quoteHeader](),
	"QuoteHeaderV3":                fixed[quoteHeaderV3](),
	"QuoteV3":                      quote(3),
	"QuoteV4":                      quote(4),
	"QuoteV5":                      quote(5),
	"ReportMac":                    fixed[reportMac](),
	"ReportType":                   fixed[reportType](),
	"ServtdHashElement":            fixed[servtdHashElement](),
	"SetupEventNotifyInterruptIn":  fixed[registers](),
	"SetupEventNotifyInterruptOut": fixed[registers](),
	"SgxReportBody":                fixed[sgxReportBody](),
	"TdInfo":                       fixed[tdInfo](),
	"TdInfoEx":                     fixed[tdInfoEx](),
	"TdReport":                     (*reader).tdReport,
	"TdReportBody10":               fixed[tdReportBody10](),
	"TdReportBody15":               fixed[tdReportBody15](),
	"TdReportBody15Ex":             fixed[tdReportBody15Ex](),
	"TdxExtendRtmrReq":             fixed[tdxExtendRtmrReq](),
	"TdxKeyGetReq":                 fixed[tdxKeyGetReq](),
	"TdxQuoteBuf":                  (*reader).quoteBuf,
	"TdxQuoteHdr":                  fixed[tdxQuoteHdr](),
	"TdxQuoteReq":                  fixed[tdxQuoteReq](),
	"TdxReportReq":                 fixed[tdxReportReq](),
	"TdxReportReq2022":             fixed[tdxReportReq2022](),
	"TdxReportReqDcap116":          fixed[tdxReportReqDcap116](),
	"TdxRtmrEvent":                 (*reader).rtmrEvent,
	"TdxVerifyReportReq":           fixed[tdxVerifyReportReq](),
	"TdxVerifyreportReq2022":       fixed[tdxVerifyreportReq2022](),
	"TeeTcbInfo":                   (*reader).teeTcbInfo,
	"TeeTcbInfo10":                 fixed[teeTcbInfo10](),
	"TeeTcbInfo15":                 fixed[teeTcbInfo15](),
}

// read gives the value of a structure that fills the bytes, or why it does not.
func read(name string, data []byte, strict bool) (value object, err error) {
	defer func() {
		if it := recover(); it != nil {
			refused, ok := it.(error)
			if !ok || !errors.Is(refused, errRefused) {
				panic(it)
			}
			value, err = nil, refused
		}
	}()
	r := &reader{data, strict}
	value = structs[name](r)
	r.end()
	return value, nil
}
