import { toHex } from '../../engine/hex.ts';
import { readUint } from '../../engine/number.ts';
import { span } from '../../verbs/locate.ts';
import {
  type AnyQuote,
  type Fields,
  hexAt,
  qeCertificationOf,
  type SgxBody,
  signatureOf,
  type TdBody,
  tdBodyOf,
} from './parts.ts';

const sgxReport = (body: SgxBody): Fields => ({
  cpu_svn: hexAt(body, 'cpusvn'),
  misc_select: body.miscselect,
  reserved1: toHex(span(body, 'reserved1', 'isvextprodid')),
  attributes: toHex(span(body, 'attributesFlags', 'attributesXfrm')),
  mr_enclave: hexAt(body, 'mrenclave'),
  reserved2: hexAt(body, 'reserved2'),
  mr_signer: hexAt(body, 'mrsigner'),
  reserved3: toHex(span(body, 'reserved3', 'configid')),
  isv_prod_id: body.isvprodid,
  isv_svn: body.isvsvn,
  reserved4: toHex(span(body, 'configsvn', 'isvfamilyid')),
  report_data: hexAt(body, 'reportdata'),
});

const td10 = (body: TdBody): Fields => ({
  tee_tcb_svn: hexAt(body, 'teeTcbSvn'),
  mr_seam: hexAt(body, 'mrseam'),
  mr_signer_seam: hexAt(body, 'mrsignerseam'),
  seam_attributes: hexAt(body, 'seamattributes'),
  td_attributes: hexAt(body, 'tdattributes'),
  xfam: hexAt(body, 'xfam'),
  mr_td: hexAt(body, 'mrtd'),
  mr_config_id: hexAt(body, 'mrconfigid'),
  mr_owner: hexAt(body, 'mrowner'),
  mr_owner_config: hexAt(body, 'mrownerconfig'),
  rt_mr0: hexAt(body, 'rtmr[0]'),
  rt_mr1: hexAt(body, 'rtmr[1]'),
  rt_mr2: hexAt(body, 'rtmr[2]'),
  rt_mr3: hexAt(body, 'rtmr[3]'),
  report_data: hexAt(body, 'reportdata'),
});

function reportOf(quote: AnyQuote): Fields {
  const { body } = quote;
  if (!(body instanceof Uint8Array) && 'mrenclave' in body) return { SgxEnclave: sgxReport(body) };
  const { base, td15 } = tdBodyOf(quote);
  if (!td15) return { TD10: td10(base) };
  return {
    TD15: { base: td10(base), tee_tcb_svn2: hexAt(td15, 'teeTcbSvn2'), mr_service_td: hexAt(td15, 'mrservicetd') },
  };
}

function authOf(quote: AnyQuote): Fields {
  const { signatureData } = quote;
  if (!(signatureData instanceof Uint8Array) && 'isvEnclaveReportSignature' in signatureData) {
    const { qeAuthenticationData, qeCertificationData } = signatureData;
    return {
      V3: {
        ecdsa_signature: hexAt(signatureData, 'isvEnclaveReportSignature'),
        ecdsa_attestation_key: hexAt(signatureData, 'ecdsaAttestationKey'),
        qe_report: hexAt(signatureData, 'qeReport'),
        qe_report_signature: hexAt(signatureData, 'qeReportSignature'),
        qe_auth_data: toHex(qeAuthenticationData.data),
        certification_data: {
          cert_type: qeCertificationData.certificationDataType,
          body: hexAt(qeCertificationData, 'certificationData'),
        },
      },
    };
  }
  const signature = signatureOf(quote);
  const outer = signature.qeCertificationData;
  const inner = qeCertificationOf(signature);
  return {
    V4: {
      ecdsa_signature: hexAt(signature, 'quoteSignature'),
      ecdsa_attestation_key: hexAt(signature, 'ecdsaAttestationKey'),
      certification_data: { cert_type: outer.certificationDataType, body: hexAt(outer, 'certificationData') },
      qe_report_data: {
        qe_report: hexAt(inner, 'qeReport'),
        qe_report_signature: hexAt(inner, 'qeReportSignature'),
        qe_auth_data: toHex(inner.qeAuthenticationData.data),
        certification_data: {
          cert_type: inner.qeCertificationData.certificationDataType,
          body: hexAt(inner.qeCertificationData, 'certificationData'),
        },
      },
    },
  };
}

/**
 * What the command `dcap-qvl decode` of Phala prints for a quote of any version. Bytes 8 to 11 of the header are two
 * numbers there in all versions. Padding behind the quote is dropped, as it is there.
 */
export function dcapQvl(quote: AnyQuote): Fields {
  const { header } = quote;
  const bytes = 'qeSvn' in header ? span(header, 'version', 'userData') : span(header, 'version', 'userData');
  return {
    header: {
      version: header.version,
      attestation_key_type: header.attestationKeyType,
      tee_type: readUint(bytes, 4, 4, false),
      qe_svn: readUint(bytes, 8, 2, false),
      pce_svn: readUint(bytes, 10, 2, false),
      qe_vendor_id: toHex(header.qeVendorId),
      user_data: toHex(header.userData),
    },
    report: reportOf(quote),
    auth_data: authOf(quote),
  };
}
