//! The structures of the vectors: offset, size, name and kind of each field, typed in from the specifications.

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Kind {
    Bytes,
    /// Little-endian.
    Number,
    BigEndian,
    /// Zero, for a strict reader.
    Reserved,
    /// A number whose bits have names.
    Flags(&'static [(u32, &'static str)]),
    /// Byte strings of one size, so many.
    List(usize),
    Struct(Table),
}
use Kind::*;

pub type Table = &'static [(usize, usize, &'static str, Kind)];

/// Where the last field ends.
pub fn size_of(table: Table) -> usize {
    table.last().map_or(0, |(at, size, ..)| at + size)
}

const TD_ATTRIBUTES: &[(u32, &str)] = &[
    (0, "DEBUG"), (4, "HGS_PLUS_PROF"), (5, "PERF_PROF"), (6, "PMT_PROF"), (16, "ICSSD"), (17, "SERVTD_EXT"), (27, "LASS"),
    (28, "SEPT_VE_DISABLE"), (29, "MIGRATABLE"), (30, "PKS"), (31, "KL"), (62, "TPA"), (63, "PERFMON"),
];
const XFAM: &[(u32, &str)] = &[
    (0, "X87"), (1, "SSE"), (2, "AVX"), (3, "BNDREGS"), (4, "BNDCSR"), (5, "OPMASK"), (6, "ZMM_HI256"), (7, "HI16_ZMM"), (8, "PT"),
    (9, "PKU"), (10, "PASID"), (11, "CET_U"), (12, "CET_S"), (13, "HDC"), (14, "UINTR"), (15, "LBR"), (16, "HWP"), (17, "XTILECFG"),
    (18, "XTILEDATA"),
];
const SGX_FLAGS: &[(u32, &str)] = &[
    (0, "INIT"), (1, "DEBUG"), (2, "MODE64BIT"), (4, "PROVISIONKEY"), (5, "EINITTOKENKEY"), (6, "CET"), (7, "KSS"), (10, "AEXNOTIFY"),
];
const SGX_XFRM: &[(u32, &str)] = &[
    (0, "X87"), (1, "SSE"), (2, "AVX"), (3, "BNDREGS"), (4, "BNDCSR"), (5, "OPMASK"), (6, "ZMM_HI256"), (7, "HI16_ZMM"), (9, "PKRU"),
    (17, "XTILECFG"), (18, "XTILEDATA"),
];
const SERVTD_ATTR: &[(u32, &str)] = &[
    (0, "INSTANCE_BINDING"), (32, "IGNORE_ATTRIBUTES"), (33, "IGNORE_XFAM"), (34, "IGNORE_MRTD"), (35, "IGNORE_MRCONFIGID"),
    (36, "IGNORE_MROWNER"), (37, "IGNORE_MROWNERCONFIG"), (38, "IGNORE_RTMR0"), (39, "IGNORE_RTMR1"), (40, "IGNORE_RTMR2"),
    (41, "IGNORE_RTMR3"), (42, "IGNORE_SERVTD_HASH"),
];

pub const QUOTE_HEADER: Table = &[
    (0, 2, "version", Number), (2, 2, "attestationKeyType", Number), (4, 4, "teeType", Number), (8, 4, "reserved", Reserved),
    (12, 16, "qeVendorId", Bytes), (28, 20, "userData", Bytes),
];
pub const QUOTE_HEADER_V3: Table = &[
    (0, 2, "version", Number), (2, 2, "attestationKeyType", Number), (4, 4, "reserved", Reserved), (8, 2, "qeSvn", Number),
    (10, 2, "pceSvn", Number), (12, 16, "qeVendorId", Bytes), (28, 20, "userData", Bytes),
];
pub const BODY_DESCRIPTOR: Table = &[(0, 2, "quoteBodyType", Number), (2, 4, "size", Number)];
pub const SGX_REPORT_BODY: Table = &[
    (0, 16, "cpusvn", Bytes), (16, 4, "miscselect", Flags(&[(0, "EXINFO")])), (20, 12, "reserved1", Reserved),
    (32, 16, "isvextprodid", Bytes), (48, 8, "attributesFlags", Flags(SGX_FLAGS)), (56, 8, "attributesXfrm", Flags(SGX_XFRM)),
    (64, 32, "mrenclave", Bytes), (96, 32, "reserved2", Reserved), (128, 32, "mrsigner", Bytes), (160, 32, "reserved3", Reserved),
    (192, 64, "configid", Bytes), (256, 2, "isvprodid", Number), (258, 2, "isvsvn", Number), (260, 2, "configsvn", Number),
    (262, 42, "reserved4", Reserved), (304, 16, "isvfamilyid", Bytes), (320, 64, "reportdata", Bytes),
];
pub const TD_REPORT_BODY_10: Table = &[
    (0, 16, "teeTcbSvn", Bytes), (16, 48, "mrseam", Bytes), (64, 48, "mrsignerseam", Bytes), (112, 8, "seamattributes", Flags(&[])),
    (120, 8, "tdattributes", Flags(TD_ATTRIBUTES)), (128, 8, "xfam", Flags(XFAM)), (136, 48, "mrtd", Bytes),
    (184, 48, "mrconfigid", Bytes), (232, 48, "mrowner", Bytes), (280, 48, "mrownerconfig", Bytes), (328, 192, "rtmr", List(4)),
    (520, 64, "reportdata", Bytes),
];
pub const TD_REPORT_BODY_15: Table = &[
    (0, 584, "", Struct(TD_REPORT_BODY_10)), (584, 16, "teeTcbSvn2", Bytes), (600, 48, "mrservicetd", Bytes),
];
pub const TD_REPORT_BODY_15_EX: Table = &[
    (0, 648, "", Struct(TD_REPORT_BODY_15)), (648, 1, "vmid", Number), (649, 32, "tdId", Bytes), (681, 48, "devinfo", Bytes),
    (729, 48, "initServtdHash", Bytes), (777, 8, "initServtdAttr", Flags(SERVTD_ATTR)), (785, 16, "initCpusvn", Bytes),
    (801, 16, "initTeeTcbSvn", Bytes), (817, 12, "initTeeFmspc", Bytes), (829, 48, "currServtdHash", Bytes),
    (877, 8, "currServtdAttr", Flags(SERVTD_ATTR)),
];
pub const PPID_CLEAR_TEXT_SHORT: Table = &[(0, 16, "ppid", Bytes), (16, 16, "cpusvn", Bytes), (32, 2, "pcesvn", Number)];
pub const PPID_CLEAR_TEXT: Table = &[(0, 34, "", Struct(PPID_CLEAR_TEXT_SHORT)), (34, 2, "pceid", Number)];
pub const PPID_RSA2048: Table =
    &[(0, 256, "encPpid", Bytes), (256, 16, "cpusvn", Bytes), (272, 2, "pcesvn", Number), (274, 2, "pceid", Number)];
pub const PPID_RSA3072: Table =
    &[(0, 384, "encPpid", Bytes), (384, 16, "cpusvn", Bytes), (400, 2, "pcesvn", Number), (402, 2, "pceid", Number)];

pub const REPORT_TYPE: Table = &[(0, 1, "type", Number), (1, 1, "subtype", Number), (2, 1, "version", Number), (3, 1, "reserved", Reserved)];
pub const REPORT_MAC: Table = &[
    (0, 4, "reporttype", Struct(REPORT_TYPE)), (4, 12, "reserved1", Reserved), (16, 16, "cpusvn", Bytes),
    (32, 48, "teeTcbInfoHash", Bytes), (80, 48, "teeInfoHash", Bytes), (128, 64, "reportdata", Bytes), (192, 32, "reserved2", Reserved),
    (224, 32, "mac", Bytes),
];
const TEE_TCB_INFO_START: Table = &[
    (0, 8, "valid", Number), (8, 16, "teeTcbSvn", Bytes), (24, 48, "mrseam", Bytes), (72, 48, "mrsignerseam", Bytes),
    (120, 8, "attributes", Flags(&[])),
];
pub const TEE_TCB_INFO_10: Table = &[(0, 128, "", Struct(TEE_TCB_INFO_START)), (128, 111, "reserved", Reserved)];
pub const TEE_TCB_INFO_15: Table =
    &[(0, 128, "", Struct(TEE_TCB_INFO_START)), (128, 16, "teeTcbSvn2", Bytes), (144, 95, "reserved", Reserved)];
const TD_INFO_START: Table = &[
    (0, 8, "attributes", Flags(TD_ATTRIBUTES)), (8, 8, "xfam", Flags(XFAM)), (16, 48, "mrtd", Bytes), (64, 48, "mrconfigid", Bytes),
    (112, 48, "mrowner", Bytes), (160, 48, "mrownerconfig", Bytes), (208, 192, "rtmr", List(4)), (400, 48, "servtdHash", Bytes),
];
pub const TD_INFO: Table = &[(0, 448, "", Struct(TD_INFO_START)), (448, 64, "reserved", Reserved)];
pub const TD_INFO_EX: Table = &[
    (0, 448, "", Struct(TD_INFO_START)), (448, 32, "tdId", Bytes), (480, 24, "reserved1", Reserved), (504, 1, "vmid", Number),
    (505, 3, "reserved2", Reserved), (508, 4, "valid", Flags(&[(0, "SERVTD_HASH"), (8, "TD_ID"), (9, "VMID")])),
];
pub const SERVTD_HASH_ELEMENT: Table =
    &[(0, 48, "servtdInfoHash", Bytes), (48, 2, "servtdType", Number), (50, 8, "servtdAttr", Flags(SERVTD_ATTR))];

pub const QGS_MSG_HEADER: Table = &[
    (0, 2, "majorVersion", Number), (2, 2, "minorVersion", Number), (4, 4, "type", Number), (8, 4, "size", Number), (12, 4, "errorCode", Number),
];
/// The messages of the quote generation service by their type: numbers behind the header, and the parts whose sizes are among them.
pub const QGS_MESSAGES: [(Table, &[&str], bool); 6] = [
    (&[(0, 4, "reportSize", Number), (4, 4, "idListSize", Number)], &["report", "idList"], false),
    (&[(0, 4, "selectedIdSize", Number), (4, 4, "quoteSize", Number)], &["selectedId", "quote"], false),
    (&[(0, 4, "fsmpcSize", Number), (4, 4, "pckcaSize", Number)], &["fsmpc", "pckca"], false),
    (
        &[
            (0, 2, "majorVersion", Number), (2, 2, "minorVersion", Number), (4, 4, "pckCrlIssuerChainSize", Number),
            (8, 4, "rootCaCrlSize", Number), (12, 4, "pckCrlSize", Number), (16, 4, "tcbInfoIssuerChainSize", Number),
            (20, 4, "tcbInfoSize", Number), (24, 4, "qeIdentityIssuerChainSize", Number), (28, 4, "qeIdentitySize", Number),
        ],
        &["pckCrlIssuerChain", "rootCaCrl", "pckCrl", "tcbInfoIssuerChain", "tcbInfo", "qeIdentityIssuerChain", "qeIdentity"],
        true,
    ),
    (&[], &[], false),
    (
        &[(0, 2, "tdqeIsvsvn", Number), (2, 2, "pceIsvsvn", Number), (4, 4, "platformIdSize", Number), (8, 4, "cpusvnSize", Number)],
        &["platformId", "cpusvn"],
        true,
    ),
];

pub const TDX_REPORT_REQ: Table = &[(0, 64, "reportdata", Bytes), (64, 1024, "tdreport", Bytes)];
pub const TDX_QUOTE_REQ: Table = &[(0, 8, "buf", Number), (8, 8, "len", Number)];
pub const TDX_QUOTE_HDR: Table = &[(0, 8, "version", Number), (8, 8, "status", Number), (16, 4, "inLen", Number), (20, 4, "outLen", Number)];
pub const TDX_REPORT_REQ_2022: Table = &[
    (0, 8, "reportdata", Number), (8, 8, "tdreport", Number), (16, 4, "rpdLen", Number), (20, 4, "tdrLen", Number),
    (24, 1, "subtype", Number), (25, 7, "reserved", Reserved),
];
pub const TDX_REPORT_REQ_DCAP116: Table = &[
    (0, 1, "subtype", Number), (1, 7, "padding1", Reserved), (8, 8, "reportdata", Number), (16, 4, "rpdLen", Number),
    (20, 4, "padding2", Reserved), (24, 8, "tdreport", Number), (32, 4, "tdrLen", Number), (36, 4, "padding3", Reserved),
];
pub const TDX_VERIFYREPORT_REQ_2022: Table = &[(0, 8, "reportmac", Number), (8, 4, "rpmLen", Number), (12, 4, "padding", Reserved)];
pub const DCAP114_GET_QUOTE_BLOB: Table =
    &[(0, 24, "", Struct(TDX_QUOTE_HDR)), (24, 4, "transLen", BigEndian), (28, 16356, "pBuf", Bytes)];
pub const TDX_VERIFY_REPORT_REQ: Table = &[(0, 256, "reportmac", Bytes), (256, 8, "errCode", Number)];
pub const TDX_EXTEND_RTMR_REQ: Table = &[(0, 48, "data", Bytes), (48, 1, "index", Number)];
pub const TDX_KEY_GET_REQ: Table = &[(0, 128, "tdkeyreq", Bytes), (128, 32, "outkey", Bytes), (160, 8, "errCode", Number)];
pub const TDX_RTMR_EVENT: Table = &[
    (0, 4, "version", Number), (4, 8, "rtmrIndex", Number), (12, 48, "extendData", Bytes), (60, 4, "eventType", Number),
    (64, 4, "eventDataSize", Number),
];
pub const REGISTERS: Table = &[
    (0, 8, "rax", Number), (8, 8, "rcx", Number), (16, 8, "r10", Number), (24, 8, "r11", Number), (32, 8, "r12", Number),
    (40, 8, "r13", Number), (48, 8, "r14", Number), (56, 8, "r15", Number),
];
