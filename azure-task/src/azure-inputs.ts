/** The task's inputs, its service connection and its Secure Files -> raw inputs. */

import { declaredInputs } from '@fusegate/shared/adapter/declared-inputs';
import { SERVICE_ORIGIN } from '@fusegate/shared/api/origin';
import { type RawInput, refusedInput } from '@fusegate/shared/options/input-candidates';
import { inputsOf, optionOfInput, spell } from '@fusegate/shared/options/spelling';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import type { OptionId } from '@fusegate/shared/options/table';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { CONNECTION_INPUT, presetOf, SECURE_FILE_INPUTS, type SecureFileInput } from './azure-only-inputs.ts';
import type { SecureFilePlace } from './download-secure-file.ts';
import type { SecureFiles } from './secure-files.ts';

/** What the form fills in by itself; the option without a default (`ci`) says more when it is left alone. */
function isPreset({ name, value }: RawInput): boolean {
  const option = optionOfInput(name, AZURE)?.option;
  return option !== undefined && presetOf(option) === value.trim().toLowerCase();
}

function has(inputs: readonly RawInput[], id: OptionId): boolean {
  return inputsOf(inputs, id, AZURE).some(({ value }) => value.trim() !== '');
}

/** The token and the address of the service connection. */
function connectionInputs(inputs: readonly RawInput[]): RawInput[] {
  const id = tl.getInput(CONNECTION_INPUT);
  if (!id) return [];
  const token = tl.getEndpointAuthorizationParameter(id, 'apitoken', true);
  if (!token) {
    const allowed = 'a service connection of the type "Appdome (Fusegate)" that this pipeline may use';
    return [refusedInput({ name: spell('api-key', AZURE), spelling: CONNECTION_INPUT }, 'has no API key', allowed)];
  }
  const found: RawInput[] = [{ name: spell('api-key', AZURE), value: token, spelling: CONNECTION_INPUT }];
  const url = tl.getEndpointUrl(id, true)?.replace(/\/+$/, '');
  if (url && url !== SERVICE_ORIGIN && !has(inputs, 'server-url')) {
    found.push({ name: spell('server-url', AZURE), value: url, spelling: `${CONNECTION_INPUT} (server URL)` });
  }
  return found;
}

async function secureFile(
  input: SecureFileInput,
  files: SecureFiles,
  place: SecureFilePlace,
): Promise<RawInput | undefined> {
  const id = tl.getInput(input.name);
  if (!id) return undefined;
  const own = { name: spell(input.option, AZURE), spelling: input.name };
  const ticket = tl.getSecureFileTicket(id);
  const name = tl.getSecureFileName(id);
  if (!ticket || !name) {
    const allowed = 'the name of a file in Pipelines, Library, Secure files, with this pipeline permitted';
    return refusedInput(own, 'names no Secure file that this pipeline may use', allowed);
  }
  try {
    const path = await files.download({ id, ticket, name }, place);
    return { ...own, value: path };
  } catch (error) {
    const reason = `cannot be downloaded: ${(error as Error).message}`;
    return refusedInput(own, reason, 'a Secure file that this pipeline is permitted to use');
  }
}

/** @param files kept by the caller, who removes them in `finally` */
export async function azureInputs(
  files: SecureFiles,
  network: { proxy?: string | undefined; caFile?: string | undefined },
): Promise<RawInput[]> {
  const declared = declaredInputs(AZURE, (name) => tl.getInput(name)).filter((input) => !isPreset(input));
  const inputs = [...declared, ...connectionInputs(declared)];
  const place: SecureFilePlace = {
    collection: tl.getVariable('System.TeamFoundationCollectionUri') ?? '',
    project: tl.getVariable('System.TeamProject') ?? '',
    token: tl.getEndpointAuthorizationParameter('SYSTEMVSSCONNECTION', 'ACCESSTOKEN', true) ?? '',
    ...network,
  };
  const secured = await Promise.all(SECURE_FILE_INPUTS.map((input) => secureFile(input, files, place)));
  for (const each of secured) {
    if (each === undefined) continue;
    // Several Secure files are one list, and one that is given as paths as well adds up.
    const isList = optionOfInput(each.name, AZURE)?.option.type.kind === 'file-list';
    const listed =
      isList && !each.refused ? inputs.find(({ name, refused }) => name === each.name && !refused) : undefined;
    if (listed) listed.value += `\n${each.value}`;
    else inputs.push(each);
  }
  return inputs;
}
