{
  "meta": { "id": "quote_v4", "title": "TD Quote, version 4 (JSON, which YAML includes, so that no YAML parser is needed to compile it)", "endian": "le" },
  "seq": [
    { "id": "header",             "type": "header" },
    { "id": "body",               "type": "td_report" },
    { "id": "signature_data_len", "type": "u4" },
    { "id": "signature_data",     "type": "signature_data", "size": "signature_data_len" },
    { "id": "trailing",           "size-eos": true }
  ],
  "types": {
    "header": { "seq": [
      { "id": "version",              "type": "u2", "valid": 4 },
      { "id": "attestation_key_type", "type": "u2" },
      { "id": "tee_type",             "type": "u4", "valid": 129 },
      { "id": "reserved",             "size": 4 },
      { "id": "qe_vendor_id",         "size": 16 },
      { "id": "user_data",            "size": 20 }
    ] },
    "td_report": { "seq": [
      { "id": "tee_tcb_svn",    "size": 16 },
      { "id": "mrseam",         "size": 48 },
      { "id": "mrsignerseam",   "size": 48 },
      { "id": "seamattributes", "size": 8 },
      { "id": "tdattributes",   "size": 8 },
      { "id": "xfam",           "size": 8 },
      { "id": "mrtd",           "size": 48 },
      { "id": "mrconfigid",     "size": 48 },
      { "id": "mrowner",        "size": 48 },
      { "id": "mrownerconfig",  "size": 48 },
      { "id": "rtmr",           "size": 48, "repeat": "expr", "repeat-expr": 4 },
      { "id": "reportdata",     "size": 64 }
    ] },
    "signature_data": { "seq": [
      { "id": "quote_signature", "size": 64 },
      { "id": "attestation_key", "size": 64 },
      { "id": "cert_type",       "type": "u2", "valid": 6 },
      { "id": "cert_size",       "type": "u4" },
      { "id": "qe",              "type": "qe_certification", "size": "cert_size" }
    ] },
    "qe_certification": { "seq": [
      { "id": "report",           "type": "sgx_report" },
      { "id": "report_signature", "size": 64 },
      { "id": "auth_size",        "type": "u2" },
      { "id": "auth_data",        "size": "auth_size" },
      { "id": "cert_type",        "type": "u2" },
      { "id": "cert_size",        "type": "u4" },
      { "id": "cert_data",        "size": "cert_size" }
    ] },
    "sgx_report": { "seq": [
      { "id": "cpusvn",       "size": 16 },
      { "id": "miscselect",   "type": "u4" },
      { "id": "reserved1",    "size": 12 },
      { "id": "isvextprodid", "size": 16 },
      { "id": "flags",        "size": 8 },
      { "id": "xfrm",         "size": 8 },
      { "id": "mrenclave",    "size": 32 },
      { "id": "reserved2",    "size": 32 },
      { "id": "mrsigner",     "size": 32 },
      { "id": "reserved3",    "size": 32 },
      { "id": "configid",     "size": 64 },
      { "id": "isvprodid",    "type": "u2" },
      { "id": "isvsvn",       "type": "u2" },
      { "id": "configsvn",    "type": "u2" },
      { "id": "reserved4",    "size": 42 },
      { "id": "isvfamilyid",  "size": 16 },
      { "id": "reportdata",   "size": 64 }
    ] },
    "five_fields": { "seq": [
      { "id": "header",             "type": "header" },
      { "id": "body",               "type": "td_report" },
      { "id": "signature_data_len", "type": "u4" },
      { "id": "quote_signature",    "size": 64 }
    ] }
  }
}
