//! Holds what dcap-qvl reads in a quote against our JSON, field by field.

use crate::read::read;
use crate::report::Report;
use dcap_qvl::quote::Quote;
use serde_json::Value;

/// Fields of dcap-qvl, and those of ours that cover the same bytes, one behind the other. A number says how many bytes it has.
type Pair = (&'static str, &'static str);

const HEADER: &[Pair] = &[
    ("header.version:2", "header.version:2"),
    ("header.attestation_key_type:2", "header.attestationKeyType:2"),
    ("header.qe_vendor_id", "header.qeVendorId"),
    ("header.user_data", "header.userData"),
];
const HEADER_V3: &[Pair] = &[
    ("header.tee_type:4", "header.reserved"),
    ("header.qe_svn:2", "header.qeSvn:2"),
    ("header.pce_svn:2", "header.pceSvn:2"),
];
/// It reads the reserved bytes of versions 4 and 5 as version 3 has them.
const HEADER_V4: &[Pair] = &[("header.tee_type:4", "header.teeType:4"), ("header.qe_svn:2 header.pce_svn:2", "header.reserved")];
const SGX: &[Pair] = &[
    ("cpu_svn", "cpusvn"),
    ("misc_select:4", "miscselect"),
    ("reserved1", "reserved1 isvextprodid"),
    ("attributes", "attributesFlags attributesXfrm"),
    ("mr_enclave", "mrenclave"),
    ("reserved2", "reserved2"),
    ("mr_signer", "mrsigner"),
    ("reserved3", "reserved3 configid"),
    ("isv_prod_id:2", "isvprodid:2"),
    ("isv_svn:2", "isvsvn:2"),
    ("reserved4", "configsvn:2 reserved4 isvfamilyid"),
    ("report_data", "reportdata"),
];
const TD_10: &[Pair] = &[
    ("tee_tcb_svn", "teeTcbSvn"),
    ("mr_seam", "mrseam"),
    ("mr_signer_seam", "mrsignerseam"),
    ("seam_attributes", "seamattributes"),
    ("td_attributes", "tdattributes"),
    ("xfam", "xfam"),
    ("mr_td", "mrtd"),
    ("mr_config_id", "mrconfigid"),
    ("mr_owner", "mrowner"),
    ("mr_owner_config", "mrownerconfig"),
    ("rt_mr0", "rtmr.0"),
    ("rt_mr1", "rtmr.1"),
    ("rt_mr2", "rtmr.2"),
    ("rt_mr3", "rtmr.3"),
    ("report_data", "reportdata"),
];
const TD_15: &[Pair] = &[("tee_tcb_svn2", "teeTcbSvn2"), ("mr_service_td", "mrservicetd")];
const TD_15_EX: &[Pair] = &[
    ("vmid:1", "vmid:1"),
    ("td_id", "tdId"),
    ("dev_info", "devinfo"),
    ("init_service_td_hash", "initServtdHash"),
    ("init_service_td_attributes", "initServtdAttr"),
    ("init_cpu_svn", "initCpusvn"),
    ("init_tee_tcb_svn", "initTeeTcbSvn"),
    ("init_tee_fmspc", "initTeeFmspc"),
    ("cur_service_td_hash", "currServtdHash"),
    ("cur_service_td_attributes", "currServtdAttr"),
];
const QE_REPORT: &str = "qeReport.cpusvn qeReport.miscselect qeReport.reserved1 qeReport.isvextprodid qeReport.attributesFlags \
    qeReport.attributesXfrm qeReport.mrenclave qeReport.reserved2 qeReport.mrsigner qeReport.reserved3 qeReport.configid \
    qeReport.isvprodid:2 qeReport.isvsvn:2 qeReport.configsvn:2 qeReport.reserved4 qeReport.isvfamilyid qeReport.reportdata";
const CERTIFIED: &[Pair] = &[
    ("qe_report", QE_REPORT),
    ("qe_report_signature", "qeReportSignature"),
    ("qe_auth_data", "qeAuthenticationData.data"),
    ("certification_data.cert_type:2", "qeCertificationData.certificationDataType:2"),
    ("certification_data.body", "qeCertificationData.certificationData"),
];
const SIGNED_V3: &[Pair] = &[("ecdsa_signature", "isvEnclaveReportSignature"), ("ecdsa_attestation_key", "ecdsaAttestationKey")];
const SIGNED_V4: &[Pair] = &[
    ("ecdsa_signature", "quoteSignature"),
    ("ecdsa_attestation_key", "ecdsaAttestationKey"),
    ("certification_data.cert_type:2", "qeCertificationData.certificationDataType:2"),
];

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, name| match name.parse::<usize>() {
        Ok(index) if value.is_array() => &value[index],
        _ => &value[name],
    })
}

/// The bytes that leaves of JSON stand for, ours or those that serde makes of dcap-qvl's.
fn wire(value: &Value, paths: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for path in paths.split_whitespace() {
        let (path, size) = path.split_once(':').map_or((path, 0), |(path, size)| (path, size.parse().unwrap_or(0)));
        match at(value, path) {
            Value::String(text) => bytes.extend(hex::decode(text).ok()?),
            Value::Number(number) => bytes.extend(&number.as_u64()?.to_le_bytes()[..size]),
            // Certification data of types 1 to 3, in parts.
            Value::Object(parts) if parts.contains_key("cpusvn") => {
                let first = if parts.contains_key("ppid") { "ppid" } else { "encPpid" };
                let last = if parts.contains_key("pceid") { "pceid:2" } else { "" };
                bytes.extend(wire(&Value::Object(parts.clone()), &format!("{first} cpusvn pcesvn:2 {last}"))?);
            }
            Value::Object(leaf) => match (leaf.get("raw"), leaf.get("pem"), leaf.get("hex")) {
                (Some(Value::String(raw)), ..) => {
                    let number = u64::from_str_radix(raw.trim_start_matches("0x"), 16).ok()?;
                    bytes.extend(&number.to_le_bytes()[..(raw.len() - 2) / 2]);
                }
                (_, Some(Value::String(pem)), _) => bytes.extend(pem.as_bytes()),
                (_, _, Some(Value::String(text))) => bytes.extend(hex::decode(text).ok()?),
                _ => return None,
            },
            _ => return None,
        }
    }
    Some(bytes)
}

/// What our JSON keeps as bytes, since the tag in front of them is unknown, dcap-qvl reads all the same; only the rest is compared.
struct Comparison<'a> {
    report: &'a mut Report,
    name: &'a str,
}

impl Comparison<'_> {
    fn fields(&mut self, pairs: &[Pair], theirs: &Value, ours: &Value) {
        for (their, our) in pairs {
            let (left, right) = (wire(theirs, their), wire(ours, our));
            if left.is_none() || left != right {
                let show = |bytes: Option<Vec<u8>>| bytes.map_or("missing".into(), |bytes| hex::encode(&bytes[..bytes.len().min(64)]));
                let name = self.name;
                self.report.disagree(format!("quote {name}: {our} is {} in dcap-qvl, {} in our JSON", show(left), show(right)));
            }
        }
    }

    fn quote(&mut self, theirs: &Value, ours: &Value) {
        let is_v3 = theirs["header"]["version"] == 3;
        self.fields(HEADER, theirs, ours);
        self.fields(if is_v3 { HEADER_V3 } else { HEADER_V4 }, theirs, ours);
        let (body, of) = (&ours["body"], &theirs["report"]);
        if of["SgxEnclave"].is_object() {
            self.fields(SGX, &of["SgxEnclave"], body);
        } else if of["TD10"].is_object() {
            self.fields(TD_10, &of["TD10"], body);
        } else {
            let (extended, td15) = (&of["TD15Ex"], if of["TD15Ex"].is_object() { &of["TD15Ex"]["base"] } else { &of["TD15"] });
            self.fields(TD_10, &td15["base"], body);
            self.fields(TD_15, td15, body);
            if extended.is_object() {
                self.fields(TD_15_EX, extended, body);
            }
        }
        let (theirs, ours) = (&theirs["auth_data"], &ours["signatureData"]);
        if is_v3 && ours.is_object() {
            self.fields(SIGNED_V3, &theirs["V3"], ours);
            self.fields(CERTIFIED, &theirs["V3"], ours);
        } else if ours.is_object() {
            self.fields(SIGNED_V4, &theirs["V4"], ours);
            let certified = &ours["qeCertificationData"]["certificationData"];
            if certified.is_object() {
                self.fields(CERTIFIED, &theirs["V4"]["qe_report_data"], certified);
            }
        }
    }
}

/// Compares what this program and dcap-qvl read with our JSON; there is none where we refuse the quote.
pub fn compare(report: &mut Report, name: &str, data: &[u8], value: Option<&Value>) {
    if let Some(value) = value {
        match read("Quote", data, false) {
            Some(Ok(read)) if read == *value => (),
            Some(Err(why)) => report.disagree(format!("quote {name}: this program refuses it: {why}")),
            _ => report.disagree(format!("quote {name}: this program reads another value than our JSON")),
        }
    }
    match (Quote::parse(data), value) {
        (Ok(quote), Some(value)) => {
            let theirs = serde_json::to_value(&quote).expect("a quote is JSON");
            Comparison { report, name }.quote(&theirs, value);
            report.quotes += 1;
        }
        (Ok(_), None) => report.theirs += 1,
        (Err(_), _) => (),
    }
}
