import { same } from '../report/same.ts';
import { certificateOf, elementAt } from './certificate.ts';
import { type Note, oddly } from './found.ts';
import { fromBase64, pemBlocks } from './text.ts';

/** Leaf, intermediate, root. */
const USUAL = 3;
/** So many certificates are looked into. */
const MOST = 8;

/** What is odd about a chain of PCK certificates: its form and its order, not what it certifies. */
export function chainFindings(data: Uint8Array, path: string): Note[] {
  if (data.length === 0) return [oddly(`${path} of type 5 is empty: there is no chain of certificates.`)];
  const text = new TextDecoder('latin1').decode(new Uint8Array(data));
  const bodies: string[] = [];
  let many = 0;
  for (const { body } of pemBlocks(text)) if (++many <= MOST) bodies.push(body);
  if (many === 0) {
    const isDer = certificateOf(data.subarray(0, elementAt(data, 0, data.length)?.to ?? 0)) !== undefined;
    return [oddly(`${path} of type 5 is no PEM${isDer ? ', but certificates in DER' : ''}.`)];
  }
  const decoded = bodies.map((body) => {
    const bytes = fromBase64(body);
    return bytes && certificateOf(bytes);
  });
  const notes = decoded.flatMap((certificate, i) =>
    certificate ? [] : [oddly(`${path}: certificate ${i + 1} of ${many} cannot be read.`)],
  );
  if (many !== USUAL)
    notes.push(
      oddly(`${path} has ${many} certificate${many === 1 ? '' : 's'}, where leaf, intermediate and root are usual.`),
    );
  const [first] = decoded;
  if (first && many > 1 && same(first.issuer, first.subject))
    notes.push(oddly(`${path} begins with a root certificate, where the PCK certificate is usual.`));
  return notes;
}
