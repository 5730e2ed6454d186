import { type FusionSet, fusionSetSchema } from '../fusion-sets/fusion-set.ts';
import type { Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';

/** POST /__emulator/fusion-sets: one set or a list; a set with a known id replaces the old one. */
export const fusionSetsRoute: Route = {
  method: 'POST',
  path: '/__emulator/fusion-sets',
  area: 'control',
  query: [],
  async handle(context) {
    const body = await readJson(context.request);
    const sets: FusionSet[] = [];
    for (const [index, entry] of (Array.isArray(body) ? body : [body]).entries()) {
      const parsed = fusionSetSchema.safeParse(entry);
      if (!parsed.success) {
        const where = parsed.error.issues.map(({ path }) => path.join('.') || 'itself').join(', ');
        throw new Refusal(400, `Fusion Set ${index}: wrong or missing: ${where}`);
      }
      sets.push(parsed.data);
    }
    const ids = new Set(sets.map(({ id }) => id.toLowerCase()));
    context.state.fusionSets = [...context.state.fusionSets.filter(({ id }) => !ids.has(id.toLowerCase())), ...sets];
    await context.services.store.save();
    return jsonReply({ fusionSets: context.state.fusionSets.length });
  },
};
