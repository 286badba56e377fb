package main

// The structures of the vectors, written down once more: encoding/binary knows their order and sizes, what varies is read by hand below. A
// field is called in JSON as it is here, with a small first letter.

type quoteHeader struct {
	Version, AttestationKeyType uint16
	TeeType                     uint32
	Reserved                    [4]byte
	QeVendorId                  [16]byte
	UserData                    [20]byte
}

type quoteHeaderV3 struct {
	Version, AttestationKeyType uint16
	Reserved                    [4]byte
	QeSvn, PceSvn               uint16
	QeVendorId                  [16]byte
	UserData                    [20]byte
}

type bodyDescriptor struct {
	QuoteBodyType uint16
	Size          uint32
}

type sgxReportBody struct {
	Cpusvn          [16]byte
	Miscselect      miscSelect
	Reserved1       [12]byte
	Isvextprodid    [16]byte
	AttributesFlags sgxFlags
	AttributesXfrm  sgxXfrm
	Mrenclave       [32]byte
	Reserved2       [32]byte
	Mrsigner        [32]byte
	Reserved3       [32]byte
	Configid        [64]byte
	Isvprodid       uint16
	Isvsvn          uint16
	Configsvn       uint16
	Reserved4       [42]byte
	Isvfamilyid     [16]byte
	Reportdata      [64]byte
}

type tdReportBody10 struct {
	TeeTcbSvn      [16]byte
	Mrseam         [48]byte
	Mrsignerseam   [48]byte
	Seamattributes noFlags
	Tdattributes   tdAttributes
	Xfam           xfam
	Mrtd           [48]byte
	Mrconfigid     [48]byte
	Mrowner        [48]byte
	Mrownerconfig  [48]byte
	Rtmr           [4][48]byte
	Reportdata     [64]byte
}

type tdReportBody15 struct {
	tdReportBody10
	TeeTcbSvn2  [16]byte
	Mrservicetd [48]byte
}

type tdReportBody15Ex struct {
	tdReportBody15
	Vmid           uint8
	TdId           [32]byte
	Devinfo        [48]byte
	InitServtdHash [48]byte
	InitServtdAttr servtdAttr
	InitCpusvn     [16]byte
	InitTeeTcbSvn  [16]byte
	InitTeeFmspc   [12]byte
	CurrServtdHash [48]byte
	CurrServtdAttr servtdAttr
}

type reportType struct {
	Type, Subtype, Version uint8
	Reserved               [1]byte
}

type reportMac struct {
	Reporttype     reportType
	Reserved1      [12]byte
	Cpusvn         [16]byte
	TeeTcbInfoHash [48]byte
	TeeInfoHash    [48]byte
	Reportdata     [64]byte
	Reserved2      [32]byte
	Mac            [32]byte
}

type teeTcbInfoStart struct {
	Valid        uint64
	TeeTcbSvn    [16]byte
	Mrseam       [48]byte
	Mrsignerseam [48]byte
	Attributes   noFlags
}

type teeTcbInfo10 struct {
	teeTcbInfoStart
	Reserved [111]byte
}

type teeTcbInfo15 struct {
	teeTcbInfoStart
	TeeTcbSvn2 [16]byte
	Reserved   [95]byte
}

type tdInfoStart struct {
	Attributes    tdAttributes
	Xfam          xfam
	Mrtd          [48]byte
	Mrconfigid    [48]byte
	Mrowner       [48]byte
	Mrownerconfig [48]byte
	Rtmr          [4][48]byte
	ServtdHash    [48]byte
}

type tdInfo struct {
	tdInfoStart
	Reserved [64]byte
}

type tdInfoEx struct {
	tdInfoStart
	TdId      [32]byte
	Reserved1 [24]byte
	Vmid      uint8
	Reserved2 [3]byte
	Valid     tdInfoValid
}

type servtdHashElement struct {
	ServtdInfoHash [48]byte
	ServtdType     uint16
	ServtdAttr     servtdAttr
}

type ppidClearTextShort struct {
	Ppid, Cpusvn [16]byte
	Pcesvn       uint16
}

type ppidClearText struct {
	ppidClearTextShort
	Pceid uint16
}

type ppidRsa2048 struct {
	EncPpid       [256]byte
	Cpusvn        [16]byte
	Pcesvn, Pceid uint16
}

type ppidRsa3072 struct {
	EncPpid       [384]byte
	Cpusvn        [16]byte
	Pcesvn, Pceid uint16
}

type qgsMsgHeader struct {
	MajorVersion, MinorVersion uint16
	Type, Size, ErrorCode      uint32
}

type qgsGetQuoteReq struct{ ReportSize, IdListSize uint32 }
type qgsGetQuoteResp struct{ SelectedIdSize, QuoteSize uint32 }
type qgsGetCollateralReq struct{ FsmpcSize, PckcaSize uint32 }
type qgsGetCollateralResp struct {
	MajorVersion, MinorVersion                                                                                                       uint16
	PckCrlIssuerChainSize, RootCaCrlSize, PckCrlSize, TcbInfoIssuerChainSize, TcbInfoSize, QeIdentityIssuerChainSize, QeIdentitySize uint32
}
type qgsGetPlatformInfoReq struct{}
type qgsGetPlatformInfoResp struct {
	TdqeIsvsvn, PceIsvsvn      uint16
	PlatformIdSize, CpusvnSize uint32
}

type tdxReportReq struct {
	Reportdata [64]byte
	Tdreport   [1024]byte
}

type tdxQuoteReq struct{ Buf, Len uint64 }

type tdxQuoteHdr struct {
	Version, Status uint64
	InLen, OutLen   uint32
}

type tdxReportReq2022 struct {
	Reportdata, Tdreport uint64
	RpdLen, TdrLen       uint32
	Subtype              uint8
	Reserved             [7]byte
}

type tdxReportReqDcap116 struct {
	Subtype    uint8
	Padding1   [7]byte
	Reportdata uint64
	RpdLen     uint32
	Padding2   [4]byte
	Tdreport   uint64
	TdrLen     uint32
	Padding3   [4]byte
}

type tdxVerifyreportReq2022 struct {
	Reportmac uint64
	RpmLen    uint32
	Padding   [4]byte
}

type dcap114GetQuoteBlob struct {
	tdxQuoteHdr
	TransLen bigEndian
	PBuf     [16356]byte
}

type tdxVerifyReportReq struct {
	Reportmac [256]byte
	ErrCode   uint64
}

type tdxExtendRtmrReq struct {
	Data  [48]byte
	Index uint8
}

type tdxKeyGetReq struct {
	Tdkeyreq [128]byte
	Outkey   [32]byte
	ErrCode  uint64
}

type tdxRtmrEvent struct {
	Version       uint32
	RtmrIndex     uint64
	ExtendData    [48]byte
	EventType     uint32
	EventDataSize uint32
}

type registers struct{ Rax, Rcx, R10, R11, R12, R13, R14, R15 uint64 }

// A number that stands in big-endian order among others that do not.
type bigEndian [4]byte

// Numbers whose bits have names.
type (
	noFlags      uint64
	tdAttributes uint64
	xfam         uint64
	sgxFlags     uint64
	sgxXfrm      uint64
	servtdAttr   uint64
	miscSelect   uint32
	tdInfoValid  uint32
)

type flags interface{ names() map[int]string }

func (noFlags) names() map[int]string    { return nil }
func (miscSelect) names() map[int]string { return map[int]string{0: "EXINFO"} }
func (tdInfoValid) names() map[int]string {
	return map[int]string{0: "SERVTD_HASH", 8: "TD_ID", 9: "VMID"}
}
func (tdAttributes) names() map[int]string {
	return map[int]string{
		0: "DEBUG", 4: "HGS_PLUS_PROF", 5: "PERF_PROF", 6: "PMT_PROF", 16: "ICSSD", 17: "SERVTD_EXT", 27: "LASS",
		28: "SEPT_VE_DISABLE", 29: "MIGRATABLE", 30: "PKS", 31: "KL", 62: "TPA", 63: "PERFMON",
	}
}
func (xfam) names() map[int]string {
	return map[int]string{
		0: "X87", 1: "SSE", 2: "AVX", 3: "BNDREGS", 4: "BNDCSR", 5: "OPMASK", 6: "ZMM_HI256", 7: "HI16_ZMM", 8: "PT", 9: "PKU",
		10: "PASID", 11: "CET_U", 12: "CET_S", 13: "HDC", 14: "UINTR", 15: "LBR", 16: "HWP", 17: "XTILECFG", 18: "XTILEDATA",
	}
}
func (sgxFlags) names() map[int]string {
	return map[int]string{
		0: "INIT", 1: "DEBUG", 2: "MODE64BIT", 4: "PROVISIONKEY", 5: "EINITTOKENKEY", 6: "CET", 7: "KSS", 10: "AEXNOTIFY",
	}
}
func (sgxXfrm) names() map[int]string {
	return map[int]string{
		0: "X87", 1: "SSE", 2: "AVX", 3: "BNDREGS", 4: "BNDCSR", 5: "OPMASK", 6: "ZMM_HI256", 7: "HI16_ZMM", 9: "PKRU",
		17: "XTILECFG", 18: "XTILEDATA",
	}
}
func (servtdAttr) names() map[int]string {
	return map[int]string{
		0: "INSTANCE_BINDING", 32: "IGNORE_ATTRIBUTES", 33: "IGNORE_XFAM", 34: "IGNORE_MRTD", 35: "IGNORE_MRCONFIGID",
		36: "IGNORE_MROWNER", 37: "IGNORE_MROWNERCONFIG", 38: "IGNORE_RTMR0", 39: "IGNORE_RTMR1", 40: "IGNORE_RTMR2",
		41: "IGNORE_RTMR3", 42: "IGNORE_SERVTD_HASH",
	}
}
