import { u32At } from '../../engine/number.ts';
import { ascii, indexOf } from './bytes.ts';
import { type Found, found, plainly } from './found.ts';

const BEGIN = /* @__PURE__ */ ascii('-----BEGIN ');
const TCB_INFO = /* @__PURE__ */ ascii('"tcbInfo"');

/** The dump of collateral that Intel's libraries hand around: version, TEE type, sizes, then the parts. */
export function collateralOf(bytes: Uint8Array): Found | undefined {
  if (bytes.length < 24 || indexOf(bytes, BEGIN) < 0) return undefined;
  const isDump = u32At(bytes, 0) < 16 && [0, 0x81].includes(u32At(bytes, 4));
  if (!isDump && indexOf(bytes, TCB_INFO) < 0) return undefined;
  return found('Collateral', bytes, [
    plainly('Collateral in binary form: revocation lists, TCB info, QE identity and chains.'),
  ]);
}

const KEYS = ['tcbInfo', 'enclaveIdentity', 'tcb_info', 'qe_identity', 'pck_crl', 'root_ca_crl'];

/** A document with the keys that collateral has. */
export function collateralIn(keys: readonly string[], given: Uint8Array): Found | undefined {
  const named = KEYS.filter((key) => keys.includes(key));
  if (named.length === 0) return undefined;
  return found('Collateral', given, [plainly(`Collateral in JSON form: ${named.join(', ')}.`)]);
}
