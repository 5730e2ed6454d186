import { FusegateError } from '@fusegate/shared/model/errors';

/** The error that a promise ends with; a test that expects one must not pass when there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<FusegateError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FusegateError) return error;
    throw error;
  }
  throw new Error('expected an error, and there was none');
}
