/**
 * Whose class it is: the app's own, or another's that was built into it. A listener in another's class is not the app's: an identity SDK
 * registers for 17 events while its own screen is open, and for none at any other time.
 *
 * A wrong `own` is the dangerous mistake, because it calls an app safe that does not listen. So only the app's own package, and what the
 * user names, counts as own. R8 renames classes to `a.b` or `y3.c`, those of an SDK that the app calls as well as the app's own, so whose they
 * are cannot be told. Where the app does not say which package is its own, other classes than those of known libraries are unclear.
 */
import type { ListenerPlace } from '../outcome.ts';

export type Owner = 'own' | 'foreign' | 'renamed' | 'unclear';
export type OwnerOf = (className: string) => Owner;

const UNCLEAR = 'whose code this is cannot be told, because the manifest (Info.plist in an .ipa) cannot be read';

/** Package prefixes that the user knows about, as `com.example.shared`. */
export interface KnownOwners {
  own?: readonly string[];
  foreign?: readonly string[];
}

/** Packages of widely used libraries: an app can be in one of these too, and then names itself. */
const THIRD_PARTIES =
  `android androidx java javax kotlin kotlinx dalvik org.intellij org.jetbrains com.google com.android com.facebook
  com.withpersona io.flutter io.reactivex okhttp3 okio retrofit2 com.squareup com.airbnb com.amazonaws com.amplitude com.appsflyer
  com.adjust com.braze com.bugsnag io.sentry com.datadog com.onesignal com.mixpanel com.segment com.stripe com.paypal com.braintreepayments
  com.adyen com.jumio com.onfido com.veriff com.sumsub io.intercom zendesk com.zendesk com.salesforce com.microsoft com.newrelic com.dynatrace
  com.unity3d com.ironsource com.applovin com.vungle com.chartboost com.bumptech com.github com.swmansion com.reactnativecommunity com.th3rdwave
  expo host.exp com.getcapacitor org.apache org.chromium crc64 mono xamarin microsoft io.realm dagger hilt_aggregated_deps`
    .trim()
    .split(/\s+/);

/** First segments below which each owner has two more, as `io.github.name`. */
const SHARED_PREFIXES = new Set(
  'io.github com.github io.gitlab com.gitlab io.bitbucket org.bitbucket org.cocoapods com.companyname com.mycompany'.split(
    ' ',
  ),
);
/** Second-level domains of countries: `co.uk`, or turned round as `com.mx` and `uk.co`. */
const SECOND_LEVEL = /^(?:com?|org|net|gov|edu|ac|or|ne|go|gob|mil|info|biz)$/;
const COUNTRY = /^[a-z]{2}$/;

/**
 * @param packages of the app: its id; none where its manifest cannot be read
 */
export function ownersOf(packages: readonly string[], known: KnownOwners = {}): OwnerOf {
  const own = [...new Set(packages.map(organisationOf))].filter(
    (each) => each !== '' && !isOfOwner(each, THIRD_PARTIES),
  );
  const cache = new Map<string, Owner>();
  const decide = (name: string): Owner => {
    if (isOfOwner(name, known.foreign ?? [])) return 'foreign';
    if (isOfOwner(name, known.own ?? []) || isOfOwner(name, own) || isOfOwner(name, packages)) return 'own';
    if (isOfOwner(name, THIRD_PARTIES)) return 'foreign';
    const knowsOwn = packages.length > 0 || known.own?.length;
    if (isRenamed(name) && knowsOwn) return 'renamed';
    return packages.length > 0 ? 'foreign' : 'unclear';
  };
  return (name) => {
    const before = cache.get(name);
    if (before !== undefined) return before;
    const owner = decide(name);
    cache.set(name, owner);
    return owner;
  };
}

/** What a place counts as in code of this owner. */
export function placeBy(owner: Owner, place: ListenerPlace): ListenerPlace {
  if (owner === 'foreign') return { ...place, what: 'foreign' };
  return owner === 'unclear' ? { ...place, what: 'unreadable', detail: UNCLEAR } : place;
}

/** `com.example` of `com.example.app.qa`: an organisation's apps share code. */
export function organisationOf(name: string): string {
  const parts = name.split('.');
  const [first = '', second = ''] = parts;
  const isShared = SHARED_PREFIXES.has(`${first}.${second}`) || isPublicSuffix(first, second);
  const length = isShared ? 3 : 2;
  return parts.length < length ? '' : parts.slice(0, length).join('.');
}

function isPublicSuffix(first: string, second: string): boolean {
  return (SECOND_LEVEL.test(first) && COUNTRY.test(second)) || (COUNTRY.test(first) && SECOND_LEVEL.test(second));
}

export function isOfOwner(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`));
}

/** What R8 and ProGuard make of a package: none, or segments such as `a`, `y3` and `aB`. */
function isRenamed(name: string): boolean {
  const segments = name.split('.').slice(0, -1);
  return segments.every((each) => /^[a-zA-Z]\w?$/.test(each));
}
