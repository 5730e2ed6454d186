/** Applies `certificate` instructions to a certificate. Pure. */
import type { CertificateModel, Chip } from '../certificate/model.ts';
import type { PdfOptions } from '../certificate/pdf.ts';
import { isObject } from '../json.ts';
import type { CertificateFault } from './instruction.ts';

/** @returns the model with every change applied; the given one is not modified */
export function faultedModel(model: CertificateModel, faults: CertificateFault[]): CertificateModel {
  return faults.reduce(changedModel, model);
}

function changedModel(model: CertificateModel, fault: CertificateFault): CertificateModel {
  const changed = structuredClone(model);
  changed.buildId = fault.buildId ?? changed.buildId;
  changed.appId = fault.appId ?? changed.appId;
  changed.teamId = fault.teamId ?? changed.teamId;
  changed.user = fault.user ?? changed.user;
  changed.extendedLogs = fault.extendedLogs ?? changed.extendedLogs;
  changed.missingListeners = fault.missingListeners ?? changed.missingListeners;
  changed.added.sha256 = fault.originalSha256 ?? changed.added.sha256;
  changed.secured.fusionSetId = fault.fusionSetId ?? changed.secured.fusionSetId;
  changed.secured.fusionSetName = fault.fusionSetName ?? changed.secured.fusionSetName;
  if (fault.annotation !== undefined) changed.secured.annotation = fault.annotation;
  if (fault.appName !== undefined) {
    changed.app.name = fault.appName;
    if (changed.context !== undefined) changed.context.app.name = fault.appName;
  }
  if (changed.signing?.method === 'on-appdome') {
    changed.signing.finalSha256 = fault.finalSha256 ?? changed.signing.finalSha256;
    changed.signing.owner = fault.signer ?? changed.signing.owner;
  }
  if (fault.secondIdentity !== undefined) changed.secondIdentity = fault.secondIdentity;
  const dropped = new Set(fault.dropFeatures ?? []);
  const keep = ({ key }: Chip) => fault.featuresEmpty !== true && !dropped.has(key);
  for (const category of changed.categories) {
    category.plugins = category.plugins.filter(keep);
    category.parameters = category.parameters.filter(keep);
  }
  if (changed.other !== undefined) changed.other.plugins = changed.other.plugins.filter(keep);
  changed.intelligence = changed.intelligence.filter(({ name }) => fault.featuresEmpty !== true && !dropped.has(name));
  return changed;
}

/** @returns how the PDF is written */
export function pdfOptions(faults: CertificateFault[]): PdfOptions {
  return { shuffleSeed: faults.find(({ shuffleSeed }) => shuffleSeed !== undefined)?.shuffleSeed };
}

/** Changes that only the JSON can show. The given document is changed in place and returned. */
export function faultedJson(document: Record<string, unknown>, faults: CertificateFault[]): Record<string, unknown> {
  const inner = isObject(document.certificate) ? document.certificate : document;
  for (const { featureValue, featureListKey } of faults) {
    if (featureValue !== undefined && 'features' in inner) {
      inner.features = withValue(inner.features, featureValue.key, featureValue.value);
    }
    if (featureListKey !== undefined && 'features' in inner) {
      inner[featureListKey] = inner.features;
      delete inner.features;
    }
  }
  return document;
}

/** Sets the value of one feature in the shapes that have one (A, D, E, F, G; B and C have none). */
function withValue(list: unknown, key: string, value: unknown): unknown {
  if (Array.isArray(list)) {
    return list.map((entry: unknown) => {
      if (!isObject(entry)) return entry;
      if (entry.name === key) return { ...entry, enabled: value };
      return entry.key === key ? { ...entry, value } : entry;
    });
  }
  if (!isObject(list)) return list;
  if (Object.hasOwn(list, `${key}.enabled`)) return { ...list, [`${key}.enabled`]: value };
  if (!Object.hasOwn(list, key)) return list;
  return { ...list, [key]: isObject(list[key]) ? { ...list[key], enabled: value } : value };
}
