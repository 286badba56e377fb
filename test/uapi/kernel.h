// The interface of the guest drivers as a C programmer sees it: natural alignment, and whatever padding the compiler adds.
// Where several generations share a name, a suffix or prefix tells them apart.
#pragma once
#include <linux/ioctl.h>
#include <linux/types.h>

#define TDX_REPORTDATA_LEN 64
#define TDX_REPORT_LEN 1024

// Mainline.
struct tdx_report_req {
  __u8 reportdata[TDX_REPORTDATA_LEN];
  __u8 tdreport[TDX_REPORT_LEN];
};

// The patch series of 2023: argument of the ioctl, then the memory that it points to.
struct tdx_quote_req {
  __u64 buf;
  __u64 len;
};

struct tdx_quote_hdr {
  __u64 version;
  __u64 status;
  __u32 in_len;
  __u32 out_len;
  __u64 data[];
};

// The same, as mainline has it inside the driver.
struct tdx_quote_buf {
  __u64 version;
  __u64 status;
  __u32 in_len;
  __u32 out_len;
  __u8 data[];
};

// Kernels of Intel, Anolis and Microsoft.
struct tdx_verify_report_req {
  __u8 reportmac[256];
  __u64 err_code;
};

struct tdx_extend_rtmr_req {
  __u8 data[48];
  __u8 index;
};

struct tdx_key_get_req {
  __u8 tdkeyreq[128];
  __u8 outkey[32];
  __u64 err_code;
};

// Out-of-tree kernels of 2022.
struct tdx_report_req_2022 {
  __u64 reportdata;
  __u64 tdreport;
  __u32 rpd_len;
  __u32 tdr_len;
  __u8 subtype;
  __u8 reserved[7];
};

struct tdx_verifyreport_req_2022 {
  __u64 reportmac;
  __u32 rpm_len;
};

// libtdx_attest.
struct tdx_report_req_dcap116 {
  __u8 subtype;
  __u64 reportdata;
  __u32 rpd_len;
  __u64 tdreport;
  __u32 tdr_len;
};

struct get_quote_blob {
  __u64 version;
  __u64 status;
  __u32 in_len;
  __u32 out_len;
  __be32 trans_len;
  __u8 p_buf[4 * 4096 - 24 - 4];
};

// A TDREPORT, as the kernel's test of its own driver takes it apart; the TDX module's part as Intel's SDK has it.
struct report_type {
  __u8 type;
  __u8 sub_type;
  __u8 version;
  __u8 reserved;
};

struct reportmac {
  struct report_type type;
  __u8 reserved1[12];
  __u8 cpu_svn[16];
  __u8 tee_tcb_info_hash[48];
  __u8 tee_td_info_hash[48];
  __u8 reportdata[TDX_REPORTDATA_LEN];
  __u8 reserved2[32];
  __u8 mac[32];
};

struct tee_tcb_info {
  __u8 valid[8];
  __u8 tee_tcb_svn[16];
  __u8 mr_seam[48];
  __u8 mr_seam_signer[48];
  __u8 attributes[8];
  __u8 tee_tcb_svn2[16];
  __u8 reserved[95];
};

struct td_info {
  __u8 attr[8];
  __u64 xfam;
  __u64 mrtd[6];
  __u64 mrconfigid[6];
  __u64 mrowner[6];
  __u64 mrownerconfig[6];
  __u64 rtmr[4][6];
  __u64 servtd_hash[6];
  __u64 reserved[8];
};

struct tdreport {
  struct reportmac reportmac;
  struct tee_tcb_info tee_tcb_info;
  __u8 reserved[17];
  struct td_info tdinfo;
};

#define RFC_2021_TDX_CMD_GET_TDREPORT _IOWR('T', 1, __u64)
#define RFC_2021_TDX_CMD_GEN_QUOTE _IOR('T', 2, __u64)
#define RFC_2021_TDX_CMD_GET_QUOTE_SIZE _IOR('T', 3, __u64)

#define DCAP_1_14_TDX_CMD_GET_TDREPORT _IOWR('T', 1, __u64)
#define DCAP_1_14_TDX_CMD_GEN_QUOTE _IOR('T', 2, __u64)
#define DCAP_1_14_TDX_CMD_EXTEND_RTMR _IOR('T', 4, __u64)
#define DCAP_1_14_TDX_CMD_GET_EXTEND_SIZE _IOR('T', 5, __u64)

#define OUT_OF_TREE_2022_TDX_CMD_GET_REPORT _IOWR('T', 1, __u64)
#define OUT_OF_TREE_2022_TDX_CMD_GET_QUOTE _IOR('T', 2, __u64)
#define OUT_OF_TREE_2022_TDX_CMD_VERIFYREPORT _IOR('T', 3, __u64)

#define DCUI_TDX_TDX_CMD_GET_REPORT _IOWR('T', 1, struct tdx_report_req)
#define MAINLINE_TDX_CMD_GET_REPORT0 _IOWR('T', 1, struct tdx_report_req)

#define SERIES_V2_TDX_CMD_GET_QUOTE _IOR('T', 2, struct tdx_quote_req)
#define SERIES_V3_TDX_CMD_GET_QUOTE _IOWR('T', 2, struct tdx_quote_req)
#define GO_TDX_GUEST_IocTdxGetQuote _IOWR('T', 2, struct tdx_quote_req)

#define TD_PARTITIONING_TDX_CMD_VERIFY_REPORT _IOR('T', 2, struct tdx_verify_report_req)
#define TD_PARTITIONING_TDX_CMD_EXTEND_RTMR _IOR('T', 3, struct tdx_extend_rtmr_req)
#define TD_PARTITIONING_TDX_CMD_GET_QUOTE _IOR('T', 4, struct tdx_quote_req)

#define ANOLIS_TDX_CMD_EXTEND_RTMR _IOR('T', 3, struct tdx_extend_rtmr_req)
#define ANOLIS_TDX_CMD_GET_QUOTE _IOR('T', 4, struct tdx_quote_req)

#define INTEL_TDX_TDX_CMD_VERIFY_REPORT _IOWR('T', 2, struct tdx_verify_report_req)
#define INTEL_TDX_TDX_CMD_EXTEND_RTMR _IOW('T', 3, struct tdx_extend_rtmr_req)
#define INTEL_TDX_TDX_CMD_GET_QUOTE _IOWR('T', 4, struct tdx_quote_req)

#define OHCL_TDX_CMD_KEY_GET _IOWR('T', 5, struct tdx_key_get_req)
