//! Reads a structure from the front of bytes into what its canonical JSON holds.

use crate::layouts::{self as layout, Kind, Table};
use serde_json::{json, Map, Value};

/// These bytes are not what they should be, and why.
pub type Read<T> = Result<T, String>;

fn refuse<T>(why: impl Into<String>) -> Read<T> {
    Err(why.into())
}

pub struct Reader<'a> {
    data: &'a [u8],
    strict: bool,
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

impl<'a> Reader<'a> {
    fn take(&mut self, size: usize) -> Read<&'a [u8]> {
        if size > self.data.len() {
            return refuse(format!("needs {size} bytes, {} left", self.data.len()));
        }
        let (taken, rest) = self.data.split_at(size);
        self.data = rest;
        Ok(taken)
    }

    fn hex(&mut self, size: usize) -> Read<Value> {
        Ok(hex::encode(self.take(size)?).into())
    }

    fn rest(&mut self) -> Read<Value> {
        self.hex(self.data.len())
    }

    fn u16(&mut self) -> Read<u64> {
        Ok(number(self.take(2)?))
    }

    fn u32(&mut self) -> Read<u64> {
        Ok(number(self.take(4)?))
    }

    /// Reads the next bytes, all of them, with `of`.
    fn part<T>(&mut self, size: u64, of: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let mut part = Reader { data: self.take(usize::try_from(size).unwrap_or(usize::MAX))?, strict: self.strict };
        let made = of(&mut part)?;
        part.end()?;
        Ok(made)
    }

    fn end(&self) -> Read<()> {
        if self.data.is_empty() { Ok(()) } else { refuse(format!("{} bytes too many", self.data.len())) }
    }

    fn fixed(&mut self, table: Table) -> Read<Map<String, Value>> {
        let bytes = self.take(layout::size_of(table))?;
        let mut made = Map::new();
        self.fields(table, bytes, &mut made)?;
        Ok(made)
    }

    fn fields(&self, table: Table, bytes: &[u8], into: &mut Map<String, Value>) -> Read<()> {
        for (at, size, name, kind) in table {
            let field = &bytes[*at..at + size];
            let value = match kind {
                Kind::Bytes => hex::encode(field).into(),
                Kind::Number if *size == 8 => format!("0x{:016x}", number(field)).into(),
                Kind::Number => number(field).into(),
                Kind::BigEndian => number(&field.iter().rev().copied().collect::<Vec<_>>()).into(),
                Kind::Reserved if self.strict && field.iter().any(|byte| *byte != 0) => return refuse(format!("{name} is not zero")),
                Kind::Reserved => hex::encode(field).into(),
                Kind::Flags(names) => self.flags(number(field), *size, names)?,
                Kind::List(count) => field.chunks(size / count).map(hex::encode).collect(),
                // What another structure begins with has no name of its own.
                Kind::Struct(inner) if name.is_empty() => {
                    self.fields(inner, field, into)?;
                    continue;
                }
                Kind::Struct(inner) => {
                    let mut made = Map::new();
                    self.fields(inner, field, &mut made)?;
                    made.into()
                }
            };
            into.insert((*name).into(), value);
        }
        Ok(())
    }

    fn flags(&self, value: u64, size: usize, names: &[(u32, &str)]) -> Read<Value> {
        let unknown = names.iter().fold(value, |left, (bit, _)| left & !(1 << bit));
        if self.strict && unknown != 0 {
            return refuse(format!("bits without a name: {unknown:#x}"));
        }
        let set: Vec<&str> = names.iter().filter(|(bit, _)| value >> bit & 1 == 1).map(|(_, name)| *name).collect();
        Ok(json!({ "raw": format!("0x{value:0width$x}", width = size * 2), "flags": set }))
    }

    /* ---- what varies ---- */

    fn certification_data(&mut self) -> Read<Value> {
        let (kind, size) = (self.u16()?, self.u32()?);
        if kind == 6 || self.strict && !matches!(kind, 1..=5 | 7) {
            return refuse(format!("certification data of type {kind}"));
        }
        let data = self.part(size, |part| match kind {
            1 if size == 34 => part.fixed(layout::PPID_CLEAR_TEXT_SHORT).map(Value::from),
            1 => part.fixed(layout::PPID_CLEAR_TEXT).map(Value::from),
            2 => part.fixed(layout::PPID_RSA2048).map(Value::from),
            3 => part.fixed(layout::PPID_RSA3072).map(Value::from),
            5 => {
                let chain = part.take(part.data.len())?;
                Ok(match std::str::from_utf8(chain) {
                    Ok(text) if text.is_ascii() => json!({ "pem": text }),
                    _ => json!({ "hex": hex::encode(chain) }),
                })
            }
            _ => part.rest(),
        })?;
        Ok(json!({ "certificationDataType": kind, "size": size, "certificationData": data }))
    }

    fn authentication_data(&mut self) -> Read<Value> {
        let size = self.u16()?;
        Ok(json!({ "size": size, "data": self.hex(size as usize)? }))
    }

    fn qe_report_certification_data(&mut self) -> Read<Map<String, Value>> {
        let mut made = Map::new();
        made.insert("qeReport".into(), self.fixed(layout::SGX_REPORT_BODY)?.into());
        made.insert("qeReportSignature".into(), self.hex(64)?);
        made.insert("qeAuthenticationData".into(), self.authentication_data()?);
        made.insert("qeCertificationData".into(), self.certification_data()?);
        Ok(made)
    }

    fn quote_certification_data(&mut self) -> Read<Value> {
        let (kind, size) = (self.u16()?, self.u32()?);
        if matches!(kind, 1..=5 | 7) || self.strict && kind != 6 {
            return refuse(format!("outer certification data of type {kind}"));
        }
        let data = self.part(size, |part| match kind {
            6 => part.qe_report_certification_data().map(Value::from),
            _ => part.rest(),
        })?;
        Ok(json!({ "certificationDataType": kind, "size": size, "certificationData": data }))
    }

    fn signature_data(&mut self, version: u64) -> Read<Value> {
        let signature = self.hex(64)?;
        let key = self.hex(64)?;
        if version == 3 {
            let mut made = self.qe_report_certification_data()?;
            made.insert("isvEnclaveReportSignature".into(), signature);
            made.insert("ecdsaAttestationKey".into(), key);
            return Ok(made.into());
        }
        let certification = self.quote_certification_data()?;
        Ok(json!({ "quoteSignature": signature, "ecdsaAttestationKey": key, "qeCertificationData": certification }))
    }

    fn quote(&mut self, versions: &[u64]) -> Read<Value> {
        let version = number(self.data.get(..2).unwrap_or_default());
        if !versions.contains(&version) {
            return refuse(format!("version {version}"));
        }
        let mut made = Map::new();
        let header = self.fixed(if version == 3 { layout::QUOTE_HEADER_V3 } else { layout::QUOTE_HEADER })?;
        let tee = header.get("teeType").and_then(Value::as_u64).unwrap_or(0);
        let key = header["attestationKeyType"].as_u64();
        made.insert("header".into(), header.into());
        if !matches!(tee, 0 | 0x81) && (version == 4 || self.strict) {
            return refuse(format!("TEE type {tee:#x}"));
        }
        let body = if version == 5 {
            let descriptor = self.fixed(layout::BODY_DESCRIPTOR)?;
            let (kind, size) = (descriptor["quoteBodyType"].as_u64().unwrap_or(0), descriptor["size"].as_u64().unwrap_or(0));
            made.insert("bodyDescriptor".into(), descriptor.into());
            if self.strict && (!matches!(kind, 1..=4) || (kind == 1) != (tee == 0)) {
                return refuse(format!("body type {kind}, TEE type {tee:#x}"));
            }
            self.part(size, |part| match kind {
                1 => part.fixed(layout::SGX_REPORT_BODY).map(Value::from),
                2 => part.fixed(layout::TD_REPORT_BODY_10).map(Value::from),
                3 => part.fixed(layout::TD_REPORT_BODY_15).map(Value::from),
                4 => part.fixed(layout::TD_REPORT_BODY_15_EX).map(Value::from),
                _ => part.rest(),
            })?
        } else {
            self.fixed(if tee == 0x81 { layout::TD_REPORT_BODY_10 } else { layout::SGX_REPORT_BODY })?.into()
        };
        made.insert("body".into(), body);
        let size = self.u32()?;
        made.insert("signatureDataLen".into(), size.into());
        let is_ecdsa = key == Some(2);
        if self.strict && !is_ecdsa {
            return refuse("attestation key type");
        }
        let signature = self.part(size, |part| if is_ecdsa { part.signature_data(version) } else { part.rest() })?;
        made.insert("signatureData".into(), signature);
        made.insert("trailing".into(), self.rest()?);
        Ok(made.into())
    }

    fn tee_tcb_info(&mut self) -> Read<Value> {
        match number(self.data.get(..8).unwrap_or_default()) {
            0x1ff => Ok(self.fixed(layout::TEE_TCB_INFO_10)?.into()),
            0x301ff => Ok(self.fixed(layout::TEE_TCB_INFO_15)?.into()),
            valid => refuse(format!("VALID is {valid:#x}")),
        }
    }

    fn td_report(&mut self) -> Read<Value> {
        let mac = self.fixed(layout::REPORT_MAC)?;
        let of = |name: &str| mac["reporttype"][name].as_u64().unwrap_or(0);
        let version = of("version");
        if of("type") != 0x81 || !matches!(version, 0 | 1 | 3) || self.strict && of("subtype") != 0 {
            return refuse("kind of report");
        }
        let info = self.tee_tcb_info()?;
        let between = self.take(17)?;
        if self.strict && between.iter().any(|byte| *byte != 0) {
            return refuse("bytes behind TEE_TCB_INFO are not zero");
        }
        let tdinfo = self.fixed(if version == 3 { layout::TD_INFO_EX } else { layout::TD_INFO })?;
        Ok(json!({ "reportmacstruct": mac, "teeTcbInfo": info, "reserved": hex::encode(between), "tdinfo": tdinfo }))
    }

    /// A message of the quote generation service: of one type, or of any.
    fn message(&mut self, wanted: Option<u64>) -> Read<Value> {
        let all = self.data;
        let header = self.fixed(layout::QGS_MSG_HEADER)?;
        let of = |name: &str| header[name].as_u64().unwrap_or(0);
        let (kind, size) = (of("type"), of("size"));
        let Some((numbers, parts, surplus)) = layout::QGS_MESSAGES.get(kind as usize) else {
            return refuse(format!("type {kind}"));
        };
        let is_request = kind % 2 == 0;
        if of("majorVersion") != 1 || wanted.is_some_and(|wanted| wanted != kind) || is_request && of("errorCode") != 0 {
            return refuse(format!("version {}, type {kind}, error {}", of("majorVersion"), of("errorCode")));
        }
        if size < 16 || size != all.len() as u64 {
            return refuse(format!("{size} bytes, {} there", all.len()));
        }
        let mut made = self.fixed(numbers)?;
        for name in *parts {
            let size = made[&format!("{name}Size")].as_u64().unwrap_or(0);
            let value = match *name {
                "report" if size == 0 => return refuse("no report"),
                "idList" => self.part(size, |part| {
                    let mut list = Vec::new();
                    while !part.data.is_empty() {
                        list.push(part.hex(16)?);
                    }
                    Ok(list.into())
                })?,
                _ => self.part(size, |part| part.rest())?,
            };
            made.insert((*name).into(), value);
        }
        if *surplus {
            let rest = self.take(self.data.len())?;
            if !matches!(rest.len(), 0 | 4) || self.strict && rest.iter().any(|byte| *byte != 0) {
                return refuse(format!("surplus {}", hex::encode(rest)));
            }
            made.insert("surplus".into(), hex::encode(rest).into());
        }
        made.insert("header".into(), header.into());
        Ok(made.into())
    }

    fn frame(&mut self) -> Read<Value> {
        let length = number(&self.take(4)?.iter().rev().copied().collect::<Vec<_>>());
        let message = self.part(length, |part| part.message(None))?;
        Ok(json!({ "length": length, "message": message }))
    }

    fn rtmr_event(&mut self) -> Read<Value> {
        let mut made = self.fixed(layout::TDX_RTMR_EVENT)?;
        if made["version"] != 1 {
            return refuse("version");
        }
        let size = made["eventDataSize"].as_u64().unwrap_or(0);
        made.insert("eventData".into(), self.part(size, |part| part.rest())?);
        Ok(made.into())
    }

    fn quote_buf(&mut self) -> Read<Value> {
        let mut made = self.fixed(layout::TDX_QUOTE_HDR)?;
        made.insert("data".into(), self.rest()?);
        Ok(made.into())
    }
}

/// The value of a structure that fills the bytes; nothing of one that this program does not know.
pub fn read(name: &str, data: &[u8], strict: bool) -> Option<Read<Value>> {
    let mut r = Reader { data, strict };
    let fixed = |r: &mut Reader, table| r.fixed(table).map(Value::from);
    let made = match name {
        "CertificationData" => r.certification_data(),
        "Dcap114GetQuoteBlob" => fixed(&mut r, layout::DCAP114_GET_QUOTE_BLOB),
        "EcdsaSignatureData" => r.signature_data(4),
        "EcdsaSignatureDataV3" => r.signature_data(3),
        "GetQuoteIn" | "GetQuoteOut" | "SetupEventNotifyInterruptIn" | "SetupEventNotifyInterruptOut" => fixed(&mut r, layout::REGISTERS),
        "PpidClearText" => fixed(&mut r, layout::PPID_CLEAR_TEXT),
        "PpidClearTextShort" => fixed(&mut r, layout::PPID_CLEAR_TEXT_SHORT),
        "PpidRsa2048" => fixed(&mut r, layout::PPID_RSA2048),
        "PpidRsa3072" => fixed(&mut r, layout::PPID_RSA3072),
        "QeAuthenticationData" => r.authentication_data(),
        "QeReportCertificationData" => r.qe_report_certification_data().map(Value::from),
        "QgsFrame" => r.frame(),
        "QgsGetQuoteReq" => r.message(Some(0)),
        "QgsGetQuoteResp" => r.message(Some(1)),
        "QgsGetCollateralReq" => r.message(Some(2)),
        "QgsGetCollateralResp" => r.message(Some(3)),
        "QgsGetPlatformInfoReq" => r.message(Some(4)),
        "QgsGetPlatformInfoResp" => r.message(Some(5)),
        "QgsMessage" => r.message(None),
        "QgsMsgHeader" => fixed(&mut r, layout::QGS_MSG_HEADER),
        "Quote" => r.quote(&[3, 4, 5]),
        "QuoteBodyDescriptor" => fixed(&mut r, layout::BODY_DESCRIPTOR),
        "QuoteCertificationData" => r.quote_certification_data(),
        "QuoteHeader" => fixed(&mut r, layout::QUOTE_HEADER),
        "QuoteHeaderV3" => fixed(&mut r, layout::QUOTE_HEADER_V3),
        "QuoteV3" => r.quote(&[3]),
        "QuoteV4" => r.quote(&[4]),
        "QuoteV5" => r.quote(&[5]),
        "ReportMac" => fixed(&mut r, layout::REPORT_MAC),
        "ReportType" => fixed(&mut r, layout::REPORT_TYPE),
        "ServtdHashElement" => fixed(&mut r, layout::SERVTD_HASH_ELEMENT),
        "SgxReportBody" => fixed(&mut r, layout::SGX_REPORT_BODY),
        "TdInfo" => fixed(&mut r, layout::TD_INFO),
        "TdInfoEx" => fixed(&mut r, layout::TD_INFO_EX),
        "TdReport" => r.td_report(),
        "TdReportBody10" => fixed(&mut r, layout::TD_REPORT_BODY_10),
        "TdReportBody15" => fixed(&mut r, layout::TD_REPORT_BODY_15),
        "TdReportBody15Ex" => fixed(&mut r, layout::TD_REPORT_BODY_15_EX),
        "TdxExtendRtmrReq" => fixed(&mut r, layout::TDX_EXTEND_RTMR_REQ),
        "TdxKeyGetReq" => fixed(&mut r, layout::TDX_KEY_GET_REQ),
        "TdxQuoteBuf" => r.quote_buf(),
        "TdxQuoteHdr" => fixed(&mut r, layout::TDX_QUOTE_HDR),
        "TdxQuoteReq" => fixed(&mut r, layout::TDX_QUOTE_REQ),
        "TdxReportReq" => fixed(&mut r, layout::TDX_REPORT_REQ),
        "TdxReportReq2022" => fixed(&mut r, layout::TDX_REPORT_REQ_2022),
        "TdxReportReqDcap116" => fixed(&mut r, layout::TDX_REPORT_REQ_DCAP116),
        "TdxRtmrEvent" => r.rtmr_event(),
        "TdxVerifyReportReq" => fixed(&mut r, layout::TDX_VERIFY_REPORT_REQ),
        "TdxVerifyreportReq2022" => fixed(&mut r, layout::TDX_VERIFYREPORT_REQ_2022),
        "TeeTcbInfo" => r.tee_tcb_info(),
        "TeeTcbInfo10" => fixed(&mut r, layout::TEE_TCB_INFO_10),
        "TeeTcbInfo15" => fixed(&mut r, layout::TEE_TCB_INFO_15),
        _ => return None,
    };
    Some(made.and_then(|value| r.end().map(|()| value)))
}
