/** Version of `fusegate-result.json`. Raised when readers of the old form would misread the new one, or the other way round. */
export const SCHEMA_VERSION = 2;
