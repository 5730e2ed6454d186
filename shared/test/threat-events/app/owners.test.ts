/** Whose a class is, by the id of the app. */
import { organisationOf, ownersOf } from '@fusegate/shared/threat-events/app/owners';
import { describe, expect, it } from 'vitest';

describe('the organisation of an id', () => {
  it.each([
    ['com.example.app', 'com.example'],
    ['com.mx.bank.app', 'com.mx.bank'],
    ['com.mx', ''],
    ['uk.co.shop.app', 'uk.co.shop'],
    ['co.uk.shop.app', 'co.uk.shop'],
    ['com.github.someone.app', 'com.github.someone'],
    ['org.cocoapods.Persona', 'org.cocoapods.Persona'],
    ['de.example.app', 'de.example'],
  ])('%s: %s', (id, organisation) => {
    expect(organisationOf(id)).toBe(organisation);
  });

  it('is not all that a country has', () => {
    const ownerOf = ownersOf(['com.mx.bank']);
    expect(['com.mx.bank.Main', 'com.mx.acme.Sdk'].map(ownerOf)).toEqual(['own', 'foreign']);
  });
});
