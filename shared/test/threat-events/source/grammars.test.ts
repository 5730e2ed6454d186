import { expect, it, vi } from 'vitest';

const load = vi.hoisted(() => vi.fn());
vi.mock('web-tree-sitter', async (original) => {
  const library = await original<typeof import('web-tree-sitter')>();
  load.mockImplementation((bytes: Uint8Array) => library.Language.load(bytes));
  return { ...library, Language: { load } };
});

const { outcomesOf } = await import('./tree.ts');

it('loads a grammar once, however many trees are read', async () => {
  await outcomesOf({ 'A.java': 'class A { String e = "RootedDevice"; }' });
  await outcomesOf({ 'B.java': 'class B { String e = "RootedDevice"; }' });
  expect(load).toHaveBeenCalledTimes(1);
});
