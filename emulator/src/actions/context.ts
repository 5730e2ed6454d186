import { Refusal } from '../http/reply.ts';
import { type BuildAction, type BuildActionRequest, isTrue } from './action.ts';

const POSITIONS = ['Top Right', 'Top Left', 'Bottom Right', 'Bottom Left'];
const SCALE = { from: 20, to: 50 };
const BUNDLE = ['identifier', 'version', 'build_number', 'display_name'].map(
  (name) => `app_customization_pack_bundle_${name}`,
);

/**
 * action=context: another id, version, name or icon (appdome-api.md §3.8). May be sent with nothing to change: one client always does. The
 * ranges are documented; that a value outside them is refused at once is inferred.
 */
export const contextAction: BuildAction = {
  action: 'context',
  files: ['app_customization_application_icon', 'icon_overlay_s3'],
  check(request) {
    const { overrides } = request;
    for (const name of BUNDLE) {
      // The build number is a number in the documentation and a string in one client.
      if (!['undefined', 'string', 'number'].includes(typeof overrides[name])) refuse(name);
    }
    checkOverlay(request);
    if (isTrue(overrides.customize_url_enable)) {
      for (const name of ['customize_url_value', 'customize_url_key']) {
        if (typeof overrides[name] !== 'string' || overrides[name] === '') refuse(name);
      }
    }
    return undefined;
  },
};

function checkOverlay({ overrides, form }: BuildActionRequest): void {
  const { icon_overlay_scale: scale, icon_overlay_position: position } = overrides;
  if (scale !== undefined && !(Number(scale) >= SCALE.from && Number(scale) <= SCALE.to)) refuse('icon_overlay_scale');
  if (position !== undefined && !POSITIONS.includes(String(position))) refuse('icon_overlay_position');
  const sent = form.files.some(({ field }) => field === 'icon_overlay_s3');
  if (isTrue(overrides.icon_overlay) && !sent) throw new Refusal(400, 'icon_overlay_s3 is required');
}

function refuse(name: string): never {
  throw new Refusal(400, `Invalid ${name}`);
}
